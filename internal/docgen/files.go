package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/policy"
	"github.com/plimsoll-dev/plimsoll/internal/ruletest"
)

// files holds whole files by their slash path in the project.
type files map[string][]byte

// generate makes every generated file from the project in root, and writes none.
func generate(ctx context.Context, root string) (files, error) {
	set, err := policy.Load(ctx, os.DirFS(filepath.Join(root, "policies")), nil)
	if err != nil {
		return nil, err
	}
	fixtures, err := ruletest.Find(filepath.Join(root, "testdata", "rules"))
	if err != nil {
		return nil, err
	}
	out := files{}
	for _, rule := range set.Rules() {
		if out[pagePath(rule)], err = page(rule, fixtures[rule.ID]); err != nil {
			return nil, err
		}
	}
	out["policies/README.md"] = index(set.Rules())
	if out[schemaPath], err = configSchema(set.Rules()); err != nil {
		return nil, err
	}
	checks, err := readCoverage(coverageText)
	if err != nil {
		return nil, err
	}
	if out[coveragePath], err = checks.page(set.Rules()); err != nil {
		return nil, err
	}
	if out["README.md"], err = frontPage(root, set.Rules()); err != nil {
		return nil, err
	}
	if out[actionPath], err = actionPage(root); err != nil {
		return nil, err
	}
	return out, nil
}

// pagePath is where a rule's page stands: beside its policy.
func pagePath(r *finding.Rule) string { return ruleDir(r) + "/README.md" }

func ruleDir(r *finding.Rule) string {
	if r.Category() == "builtin" {
		return "policies/builtin/" + r.ID
	}
	return "policies/rules/" + r.ID
}

// frontPage is the README with its generated table filled in.
func frontPage(root string, rules []*finding.Rule) ([]byte, error) {
	return filled(root, "README.md", part{"rules", ruleTable(rules, "policies/")})
}

// actionPath is the page for those who use the action. It is no .github/README.md, which GitHub would show in place of ours.
const actionPath = ".github/action/README.md"

// actionPage is that page with the tables of action.yml filled in.
func actionPage(root string) ([]byte, error) {
	action, err := readAction(filepath.Join(root, "action.yml"))
	if err != nil {
		return nil, err
	}
	return filled(root, actionPath, part{"inputs", action.inputs()}, part{"outputs", action.outputs()})
}

// part is what is generated of a page that people write.
type part struct{ name, text string }

// filled is a page with its generated parts in their places.
func filled(root, name string, parts ...part) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	page := string(text)
	for _, p := range parts {
		if page, err = between(page, p.name, p.text); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return []byte(page), nil
}

// between replaces what stands between the two markers of a generated part.
func between(text, name, part string) (string, error) {
	begin, end := "<!-- begin "+name+", written by make generate -->\n", "<!-- end "+name+" -->\n"
	before, rest, found := strings.Cut(text, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return "", fmt.Errorf("the lines %q and %q are missing", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return before + begin + "\n" + part + "\n" + end + after, nil
}

func (f files) write(root string) error {
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(name)), f[name], 0o644); err != nil { //nolint:gosec // documentation is for everybody to read
			return err
		}
	}
	return nil
}

// stale lists the files that differ from what stands in root, and the pages there that belong to no rule.
func (f files) stale(root string) ([]string, error) {
	var stale []string
	for name, want := range f {
		got, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if !bytes.Equal(got, want) {
			stale = append(stale, name)
		}
	}
	err := fs.WalkDir(os.DirFS(root), "policies", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "README.md" && f[name] == nil {
			stale = append(stale, name+" (no rule has this page: delete it)")
		}
		return err
	})
	slices.Sort(stale)
	return stale, err
}
