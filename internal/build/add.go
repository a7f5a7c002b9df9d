package build

import (
	"path"
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
)

var (
	remoteFile = regexp.MustCompile(`^(?i:https?://)`)
	// gitRemote is what BuildKit clones: an address that ends in .git, or one of Git's own protocols.
	// See https://docs.docker.com/reference/dockerfile/#adding-files-from-a-git-repository.
	gitRemote = regexp.MustCompile(`^(?:git://|ssh://|git@[\w.-]+:)|^https?://[^#?]+\.git(?:[#?]|$)`)
	verifier  = regexp.MustCompile(`\b(?:sha(?:1|224|256|384|512)sum|shasum|b2sum|gpgv?|cosign|minisign|openssl)\b`)
)

// adds finds what ADD fetches in a stage. What a checksum or a full commit holds is left out, and so is what a later
// command of the stage verifies by name.
func (s stage) adds() []Add {
	var found []Add
	for i, in := range s.instructions {
		if in.cmd != "add" || len(in.args) < 2 || hasFlag(in.flags, "--checksum=") {
			continue
		}
		target := in.args[len(in.args)-1]
		for j, from := range in.args[:len(in.args)-1] {
			isGit := gitRemote.MatchString(from)
			if !isGit && !remoteFile.MatchString(from) {
				continue
			}
			add := Add{URL: from, Git: isGit, Pin: pinOf(s.expand(from), isGit), Path: in.path.Append("args", j)}
			if add.Pin != refs.PinDigest && (isGit || !s.verified(i+1, from, target)) {
				found = append(found, add)
			}
		}
	}
	return found
}

func hasFlag(flags []string, prefix string) bool {
	for _, f := range flags {
		if strings.HasPrefix(f, prefix) {
			return true
		}
	}
	return false
}

// pinOf judges the URL alone. BuildKit takes the ref of a repository behind a #, with a folder after a colon.
func pinOf(url string, isGit bool) refs.Pin {
	if !isGit {
		return refs.ParseRemote(url).Pin
	}
	if _, query, ok := strings.Cut(url, "?"); ok && strings.Contains(query, "checksum=") {
		return refs.PinDigest
	}
	if _, fragment, ok := strings.Cut(url, "#"); ok {
		ref, _, _ := strings.Cut(fragment, ":")
		if strings.Contains(ref, "$") {
			return refs.PinUnknown
		}
		pin, _ := refs.GitRefPin(ref)
		return pin
	}
	return refs.ParseRemote(url).Pin
}

// verified reports whether a command of the stage, from the given one on, calls a program that verifies the file.
func (s stage) verified(from int, url, target string) bool {
	name := path.Base(target)
	if strings.HasSuffix(target, "/") || name == "." {
		name, _, _ = strings.Cut(path.Base(url), "?")
	}
	for _, in := range s.instructions[from:] {
		script := strings.Join(append([]string{in.raw}, in.heredocs...), "\n")
		if in.cmd == "run" && verifier.MatchString(script) && strings.Contains(script, name) {
			return true
		}
	}
	return false
}
