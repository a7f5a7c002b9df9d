package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
)

//go:embed newrule.rego.tmpl
var newPolicy string

//go:embed newrule.txtar.tmpl
var newFixture string

var ruleIDForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*/[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// newRule creates the policy and the fixture of a rule to be written, and names what it created. It overwrites nothing.
func newRule(root, id string) ([]string, error) {
	if !ruleIDForm.MatchString(id) {
		return nil, fmt.Errorf("%q is no rule ID: it is category/name in lower case, with dashes", id)
	}
	category, name, _ := strings.Cut(id, "/")
	var created []string
	for _, file := range []struct{ name, text string }{
		{fmt.Sprintf("policies/rules/%s/%s.rego", id, name), newPolicy},
		{fmt.Sprintf("testdata/rules/%s.txtar", id), newFixture},
	} {
		var text bytes.Buffer
		t, err := template.New(file.name).Delims("[[", "]]").Parse(file.text)
		if err != nil {
			return created, err
		}
		if err := t.Execute(&text, map[string]string{"Category": category, "Name": name}); err != nil {
			return created, err
		}
		if err := create(filepath.Join(root, filepath.FromSlash(file.name)), text.Bytes()); err != nil {
			return created, err
		}
		created = append(created, file.name)
	}
	return created, nil
}

func create(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil { //nolint:gosec // source code is for everybody to read
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // likewise
	if err != nil {
		return err
	}
	if _, err := f.Write(text); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}
