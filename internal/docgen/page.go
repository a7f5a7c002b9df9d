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
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

//go:embed page.md.tmpl
var pageText string

// example is one file of a rule's fixture as its page shows it.
type example struct {
	Name, Text string
	Fence      string // of backquotes, longer than any run of them in the text
	Language   string
	Marks      []mark // where the rule finds something
	More       int    // how many lines more than those it does
}

// mark is a line of an example, as code of Markdown.
type mark struct {
	Line int // 1-based
	Code string
}

// maxMarks is how many lines of an example are named; the first ones make the point.
const maxMarks = 6

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
		Fileless      bool // no file has what the rule is about, so none can hold a comment
		Intro         string
		Avoid, Prefer []example
	}{r, path.Base(r.ID) + ".rego", kindNames(r), slices.Equal(r.Kinds, []source.Kind{source.Settings}), f.Intro, avoid, prefer})
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
	e := example{Name: file.Name, Text: strings.Trim(file.Shown, "\n"), Fence: fence, Language: language(file.Name)}
	e.Marks = marks(file, e.Text)
	if e.More = len(e.Marks) - maxMarks; e.More > 0 {
		e.Marks = e.Marks[:maxMarks]
	}
	return e
}

// marks are the lines of an example's text at which findings are expected, those without text left out.
func marks(file ruletest.File, text string) []mark {
	above := len(file.Shown) - len(strings.TrimLeft(file.Shown, "\n"))
	lines := strings.Split(text, "\n")
	found := map[int]bool{}
	for _, want := range file.Wants {
		found[file.ShownAt(want.Line)-above] = true
	}
	var all []mark
	for i, line := range lines {
		if line = strings.TrimSpace(line); !found[i+1] || line == "" {
			continue
		}
		tick, space := "`", ""
		if strings.Contains(line, "`") {
			tick, space = "``", " "
		}
		all = append(all, mark{i + 1, tick + space + line + space + tick})
	}
	return all
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
