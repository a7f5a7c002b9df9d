package shellcheck

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// fake puts a program that is a shell script on the PATH, and finds it.
func fake(t *testing.T, script string) *Program {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "shellcheck"), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	p, err := Find(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// steps is a workflow whose job has the steps, each line of which is given.
func steps(t *testing.T, lines ...string) *source.Document {
	t.Helper()
	text := "on: push\njobs:\n  a:\n    steps:\n" + strings.Join(lines, "\n") + "\n"
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		t.Fatal(err)
	}
	file := &source.File{Path: "ci.yml", Kind: source.Workflow, Data: []byte(text)}
	doc, err := source.NewYAML(file).Document(&root, 1, file.Kind, source.YAML12)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// show is a line for each finding: severity, persona, message and the text that its place covers.
func show(doc *source.Document, found []*finding.Finding) []string {
	out := []string{}
	for _, f := range found {
		s := f.Location.Span
		out = append(out, fmt.Sprintf("%s %s %s at %q", f.Severity, f.Persona, f.Message, doc.File.Data[s.Start.Offset:s.End.Offset]))
	}
	return out
}

func TestHowTheProgramIsRun(t *testing.T) {
	t.Setenv("SHELLCHECK_OPTS", "-x")
	p := fake(t, `
in=$(cat | tr '\n' '|')
say="$* in [$(ls -A)] with [$SHELLCHECK_OPTS] reads $in"
printf '{"comments":[{"line":2,"endLine":2,"column":1,"endColumn":5,"level":"error","code":1,"message":"%s"}]}' "$say"
exit 1
`)
	doc := steps(t, "      - run: make ${{ x }}", "      - {run: make it, shell: sh}")
	want := []string{
		`medium  SC0001: --norc --format=json1 --shell=bash - in [] with [] reads set -e|make ________ at "make"`,
		`medium  SC0001: --norc --format=json1 --shell=sh - in [] with [] reads set -e|make it at "make"`,
	}
	if diff := cmp.Diff(want, show(doc, p.Lint(t.Context(), doc))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestPlaces has the fake say something of every word "here" in the script.
func TestPlaces(t *testing.T) {
	p := fake(t, `
awk 'BEGIN { printf "{\"comments\":[" }
{ at = index($0, "here"); if (at) {
	printf "%s{\"line\":%d,\"endLine\":%d,\"column\":%d,\"endColumn\":%d,\"level\":\"warning\",\"code\":9,\"message\":\"m.\"}", n++ ? "," : "", NR, NR, at, at+4 } }
END { printf "]}" }'
`)
	for name, c := range map[string]struct {
		lines []string
		want  string // line:column-line:column
	}{
		"plain":                   {[]string{"      - run: ls here"}, "5:17-5:21"},
		"block":                   {[]string{"      - run: |", "          ls", "", "            here x"}, "8:13-8:17"},
		"block with indentation":  {[]string{"      - run: |2-", "          ls", "          here x"}, "7:11-7:15"},
		"block with a comment":    {[]string{"      - run: | # why", "          here"}, "6:11-6:15"},
		"block with an anchor":    {[]string{"      - run: &x |", "          here"}, "6:11-6:15"},
		"folded":                  {[]string{"      - run: >-", "          ls", "          here x"}, "7:11-7:15"},
		"folded with paragraphs":  {[]string{"      - run: >", "          ls", "", "          here x"}, "8:11-8:15"},
		"plain over lines":        {[]string{"      - run: ls", "          here x"}, "6:11-6:15"},
		"double quotes":           {[]string{`      - run: "ls \"a\" \\ here"`}, "5:27-5:31"},
		"double quotes, new line": {[]string{`      - run: "ls\nhere"`}, "5:19-5:23"},
		"double quotes over line": {[]string{`      - run: "ls \`, `          here"`}, "6:11-6:15"},
		"single quotes":           {[]string{`      - run: 'ls ''a'' here'`}, "5:24-5:28"},
		"escape that is not read": {[]string{`      - run: "ls \x41 here"`}, "5:14-5:28"},
		"after an expression":     {[]string{"      - run: |", "          a ${{ b }} here"}, "6:22-6:26"},
		"expression over lines":   {[]string{"      - run: |", "          a ${{ b", "          }} here"}, "7:14-7:18"},
	} {
		t.Run(name, func(t *testing.T) {
			doc := steps(t, c.lines...)
			found := p.Lint(t.Context(), doc)
			if len(found) != 1 {
				t.Fatalf("findings %v, want one", show(doc, found))
			}
			s := found[0].Location.Span
			if got := fmt.Sprintf("%d:%d-%d:%d", s.Start.Line, s.Start.Column, s.End.Line, s.End.Column); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestLevels(t *testing.T) {
	p := fake(t, `
echo '{"comments":[
 {"line":1,"endLine":1,"column":1,"endColumn":3,"level":"error","code":9,"message":"of our own line"},
 {"line":2,"endLine":2,"column":1,"endColumn":2,"level":"error","code":9,"message":"e"},
 {"line":2,"endLine":2,"column":2,"endColumn":3,"level":"warning","code":9,"message":"w"},
 {"line":2,"endLine":2,"column":3,"endColumn":4,"level":"warning","code":1007,"message":"m"},
 {"line":2,"endLine":2,"column":4,"endColumn":5,"level":"info","code":9,"message":"i"},
 {"line":2,"endLine":2,"column":5,"endColumn":5,"level":"style","code":9,"message":"s"},
 {"line":2,"endLine":2,"column":6,"endColumn":7,"level":"novel","code":9,"message":"n"},
 {"line":9,"endLine":9,"column":1,"endColumn":1,"level":"error","code":9,"message":"beyond"}]}'
`)
	doc := steps(t, "      - run: abcdefg")
	want := []string{
		`medium  SC0009: e at "a"`, `low  SC0009: w at "b"`, `low pedantic SC1007: m at "c"`, `info pedantic SC0009: i at "d"`, `info pedantic SC0009: s at "e"`,
	}
	if diff := cmp.Diff(want, show(doc, p.Lint(t.Context(), doc))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What could not be checked is no pass.
func TestFailures(t *testing.T) {
	for name, c := range map[string]struct{ script, want string }{
		"its own failure": {"echo 'no such option' >&2; exit 4", "no such option"},
		"no JSON":         {"echo hello", "its answer is not JSON"},
		"too slow":        {"exec sleep 60", "it took longer than 300ms"},
		"too much":        {"exec yes", "it printed more than 4 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			p := fake(t, c.script)
			if p.time = maxTime; name == "too slow" {
				p.time = 300 * time.Millisecond
			}
			doc := steps(t, "      - run: make")
			found := p.Lint(t.Context(), doc)
			if len(found) != 1 || found[0].RuleID != finding.NotEvaluated || !strings.Contains(found[0].Message, c.want) {
				t.Errorf("findings %q, want a not-evaluated one with %q", show(doc, found), c.want)
			}
		})
	}
	p := fake(t, `echo '{}'`)
	for want, doc := range map[string]*source.Document{
		"it is larger than 64 KiB":     steps(t, "      - run: "+strings.Repeat("a", maxScript+1)),
		"it has more than 300 scripts": steps(t, slices.Repeat([]string{"      - run: a"}, maxScripts+2)...),
	} {
		found := p.Lint(t.Context(), doc)
		if len(found) != 1 || !strings.HasSuffix(found[0].Message, want) {
			t.Errorf("%d findings, want one: %s", len(found), want)
		}
	}
}

func TestFindRefusesARepositorysOwn(t *testing.T) {
	root := t.TempDir()
	program := filepath.Join(root, "bin", "shellcheck")
	if err := os.Mkdir(filepath.Dir(program), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	link := t.TempDir()
	if err := os.Symlink(program, filepath.Join(link, "shellcheck")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	for path, want := range map[string]string{
		filepath.Dir(program): "a file of the repository under lint",
		link:                  "a file of the repository under lint",
		"bin":                 "not installed", // Go does not run what is found relative to the working directory
		t.TempDir():           "not installed",
	} {
		t.Setenv("PATH", path)
		if _, err := Find(root); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("PATH=%s: error %v, want %q", path, err, want)
		}
	}
}

// TestFalseAlarms holds that the real shellcheck says of a word what is not so of an expression, and that we do not say it.
// A row that it no longer says can go.
func TestFalseAlarms(t *testing.T) {
	if _, err := exec.LookPath("shellcheck"); err != nil {
		t.Skip("shellcheck is not installed")
	}
	p, err := Find(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close() //nolint:errcheck // a temporary directory
	scripts := map[int]string{
		1090: `. "$1"`, 1091: ". ./x.sh", 2153: `echo "$MY_TAG"; my_tag=1; echo "$my_tag"`, 2154: `echo "$tag"`,
		2043: `for x in ${{ a }}; do echo "$x"; done`,
		2050: `[ "${{ a }}" = x ] && echo`,
		2055: `[[ "$A" != "${{ a }}" || "$A" != b ]] && echo`,
		2078: `[[ ${{ a }} ]] && echo`,
		2086: `echo $${{ a }}`,
		2152: `f() { return ${{ a }}; }; f`,
		2157: `[ -n "${{ a }}" ] && echo`,
		2170: `[ ${{ a }} -eq 0 ] && echo`,
		2193: `[ "v$A" = "${{ a }}" ] && echo`,
		2194: `case "${{ a }}" in x) echo ;; esac`,
		2195: `case "v$A" in ${{ a }}) echo ;; esac`,
		2221: `case "$A" in ${{ a }}) echo ;; ${{ b }}) echo 2 ;; esac`,
		2222: `case "$A" in ${{ a }}) echo ;; ${{ b }}) echo 2 ;; esac`,
		2242: `exit ${{ a }}`,
		2309: `[[ ${{ a }} -gt 1 ]] && echo`,
	}
	for _, code := range slices.Concat(unknowable, constant) {
		script := scripts[code]
		doc := steps(t, "      - run: |", "          "+script)
		said, err := p.check(t.Context(), "bash", mask(workflow.PosixScript{Text: script}).text)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(said, func(r remark) bool { return r.Code == code }) {
			t.Errorf("shellcheck does not say SC%d of %q", code, script)
		}
		if got := show(doc, p.Lint(t.Context(), doc)); len(got) > 0 {
			t.Errorf("SC%d: %q of %q", code, got, script)
		}
	}
	doc := steps(t, "      - run: |", `          [ "a" = "b" ] && echo`, `          echo "${{ a }}"`)
	if got := show(doc, p.Lint(t.Context(), doc)); len(got) != 1 || !strings.Contains(got[0], "SC2050") {
		t.Errorf("%q, want what is constant without any expression", got)
	}
}
