package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"text/template"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/ruletest"
)

//go:embed page.md.tmpl
var pageText string

// example is one file of a rule's fixture as its page shows it.
type example struct {
	Name, Text string
	Fence      string // of backquotes, longer than any run of them in the text
	Language   string
}

// page is a rule's page: its METADATA, and the files of its fixture as examples. Only a rule about the linting itself
// may have no fixture.
func page(r *finding.Rule, f *ruletest.Fixture) ([]byte, error) {
	switch {
	case f == nil && r.Category() == "builtin":
		f = &ruletest.Fixture{}
	case f == nil:
		return nil, fmt.Errorf("rule %s has no fixture: write testdata/rules/%s/%s.txtar", r.ID, r.Category(), path.Base(r.ID))
	}
	avoid, prefer := examples(f)
	t, err := template.New("page").Funcs(template.FuncMap{"join": strings.Join}).Parse(pageText)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, struct {
		*finding.Rule
		Source        string
		Kinds         []string
		Intro         string
		Avoid, Prefer []example
	}{r, path.Base(r.ID) + ".rego", kindNames(r), f.Intro, avoid, prefer})
	return out.Bytes(), err
}

func kindNames(r *finding.Rule) []string {
	names := make([]string, len(r.Kinds))
	for i, k := range r.Kinds {
		names[i] = string(k)
	}
	return names
}

// examples parts a fixture's files into those to avoid, with findings or in a directory named bad with the rest of what
// errs there, and all others.
func examples(f *ruletest.Fixture) (avoid, prefer []example) {
	for _, file := range f.Files {
		if file.Bad() || slices.Contains(strings.Split(path.Dir(file.Name), "/"), "bad") {
			avoid = append(avoid, exampleOf(file))
		} else {
			prefer = append(prefer, exampleOf(file))
		}
	}
	return avoid, prefer
}

func exampleOf(file ruletest.File) example {
	fence := "```"
	for strings.Contains(file.Shown, fence) {
		fence += "`"
	}
	return example{Name: file.Name, Text: strings.Trim(file.Shown, "\n"), Fence: fence, Language: language(file.Name)}
}

// language is the name by which Markdown renderers colour a file.
func language(name string) string {
	switch base := path.Base(name); {
	case strings.Contains(base, "Dockerfile"), strings.Contains(base, "Containerfile"):
		return "dockerfile"
	}
	switch path.Ext(name) {
	case ".yml", ".yaml":
		return "yaml"
	case ".json":
		return "json"
	case ".tf":
		return "hcl"
	}
	return "text"
}
