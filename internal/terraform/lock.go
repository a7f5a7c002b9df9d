package terraform

import (
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

const lockName = ".terraform.lock.hcl"

// maxLock bounds a lock file, and a .gitignore, in bytes.
const maxLock = 1 << 20

// Lock is the lock file of a folder. See https://developer.hashicorp.com/terraform/language/files/dependency-lock.
type Lock struct {
	Present   bool   `json:"present"`
	IgnoredBy string `json:"ignoredBy,omitempty"` // the .gitignore that keeps an absent one out of Git
	// Unhashed are the providers without any hash, so that nothing is compared; OnePlatform those with the hash of one platform's
	// package alone, so that init fails on another one. In the order of the file.
	Unhashed    []string `json:"unhashed,omitempty"`
	OnePlatform []string `json:"onePlatform,omitempty"`
}

func lockOf(file string, files *source.Repository) *Lock {
	dir := path.Dir(file)
	name := path.Join(dir, lockName)
	if !files.Has(name) {
		return &Lock{IgnoredBy: ignoredBy(dir, files)}
	}
	l := &Lock{Present: true}
	text := files.Read(name)
	if len(text) > maxLock {
		return l
	}
	parsed, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	if diags.HasErrors() {
		return l // Terraform itself refuses it
	}
	for _, b := range parsed.Body.(*hclsyntax.Body).Blocks {
		if b.Type != "provider" || len(b.Labels) != 1 {
			continue
		}
		switch packages, zips := hashes(b.Body); {
		case packages == 0 && zips == 0:
			l.Unhashed = append(l.Unhashed, b.Labels[0])
		case packages == 1 && zips == 0:
			l.OnePlatform = append(l.OnePlatform, b.Labels[0])
		}
	}
	return l
}

// hashes counts the hashes of unpacked packages, h1, of which each is of one platform, and those of archives, zh, which
// the registry gives for all platforms at once.
func hashes(body *hclsyntax.Body) (packages, zips int) {
	attr := body.Attributes["hashes"]
	if attr == nil {
		return 0, 0
	}
	list, ok := attr.Expr.(*hclsyntax.TupleConsExpr)
	if !ok {
		return 0, 0
	}
	for _, item := range list.Exprs {
		value, diags := item.Value(nil)
		if diags.HasErrors() || value.IsNull() || value.Type().FriendlyName() != "string" {
			continue
		}
		switch scheme, _, _ := strings.Cut(value.AsString(), ":"); scheme {
		case "h1":
			packages++
		case "zh":
			zips++
		}
	}
	return packages, zips
}

// ignoredBy is the nearest .gitignore with a pattern for lock files; "" where there is none.
func ignoredBy(dir string, files *source.Repository) string {
	for ; ; dir = path.Dir(dir) {
		name := path.Join(dir, ".gitignore")
		if text := files.Read(name); len(text) <= maxLock {
			for line := range strings.Lines(string(text)) {
				if ignoresLock(strings.TrimSpace(line)) {
					return name
				}
			}
		}
		if dir == "." {
			return ""
		}
	}
}

// ignoresLock reads a pattern by its last part, which is as exact as a message needs.
func ignoresLock(pattern string) bool {
	if pattern == "" || pattern[0] == '#' || pattern[0] == '!' || strings.HasSuffix(pattern, "/") {
		return false
	}
	match, err := path.Match(path.Base(pattern), lockName)
	return match && err == nil && path.Base(pattern) != "*" && path.Base(pattern) != "**"
}
