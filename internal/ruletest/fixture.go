// Package ruletest reads the fixtures of rules, testdata/rules/<category>/<name>.txtar. A fixture holds the files of a
// small repository; an expectation stands on the line that errs:
//
//	image: nginx # want "no tag" at "nginx" as "low pedantic"
//
// What follows "at" is the text that the finding covers, and what follows "as" its severity and, where it is not for everybody,
// its persona. Both may be left out.
// "want+1" and "want-1" speak of the next and the previous line, for formats and places where a comment would disturb.
// The same files, without their expectations, are the examples on the rule's page.
package ruletest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Fixture is one rule's examples.
type Fixture struct {
	RuleID string
	Intro  string // prose before the first file
	Files  []File
}

// File is one file of a fixture, its expectations taken out of the text.
type File struct {
	Name  string // slash path in the small repository
	Text  string // what is linted
	Shown string // what the page shows: without lines that held nothing but an expectation
	Wants []Want

	shownAt []int // 1-based line of Shown for each line of Text, or of the next that is shown
}

// ShownAt is the 1-based line of Shown that a 1-based line of Text is; 0 where there is no such line.
func (f *File) ShownAt(line int) int {
	if line < 1 || line > len(f.shownAt) {
		return 0
	}
	return f.shownAt[line-1]
}

// Bad reports whether findings are expected in the file.
func (f *File) Bad() bool { return len(f.Wants) > 0 }

// Want is an expected finding.
type Want struct {
	File    string
	Line    int // 1-based
	Message *regexp.Regexp
	Text    string // what the finding's span must cover; "" when anything goes
	Said    string // its severity and persona: "medium", "low pedantic"; "" when anything goes
}

func (w Want) String() string {
	s := fmt.Sprintf("%s:%d: %s", w.File, w.Line, w.Message)
	if w.Text != "" {
		s += fmt.Sprintf(" at %q", w.Text)
	}
	if w.Said != "" {
		s += fmt.Sprintf(" as %q", w.Said)
	}
	return s
}

var (
	quoted     = `"(?:[^"\\]|\\.)*"`
	wantClause = regexp.MustCompile(`\s*(` + quoted + `)(?:\s+at\s+(` + quoted + `))?(?:\s+as\s+(` + quoted + `))?`)
	wantNote   = regexp.MustCompile(`[ \t]*#\s*want([+-]\d+)?((?:\s+` + quoted + `(?:\s+(?:at|as)\s+` + quoted + `){0,2})+)\s*$`)
)

// Find lists the fixtures below dir, testdata/rules, by rule ID.
func Find(dir string) (map[string]*Fixture, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*", "*.txtar"))
	if err != nil {
		return nil, err
	}
	found := map[string]*Fixture{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return nil, err
		}
		id := strings.TrimPrefix(strings.TrimSuffix(filepath.ToSlash(rel), ".txtar"), "builtin/")
		if found[id], err = Parse(id, data); err != nil {
			return nil, fmt.Errorf("fixture %s: %w", name, err)
		}
	}
	return found, nil
}

// Parse reads a fixture's archive.
func Parse(id string, data []byte) (*Fixture, error) {
	archive := txtar.Parse(data)
	f := &Fixture{RuleID: id, Intro: strings.TrimSpace(string(archive.Comment))}
	for _, part := range archive.Files {
		file := File{Name: part.Name}
		if err := file.read(string(part.Data)); err != nil {
			return nil, fmt.Errorf("%s: %w", part.Name, err)
		}
		f.Files = append(f.Files, file)
	}
	return f, nil
}

func (f *File) read(text string) error {
	var linted, shown []string
	for i, line := range strings.Split(text, "\n") {
		f.shownAt = append(f.shownAt, len(shown)+1)
		m := wantNote.FindStringSubmatch(line)
		if m == nil {
			linted, shown = append(linted, line), append(shown, line)
			continue
		}
		if err := f.want(i+1, m[1], m[2]); err != nil {
			return err
		}
		rest := line[:len(line)-len(m[0])]
		linted = append(linted, rest)
		if strings.TrimSpace(rest) != "" {
			shown = append(shown, rest)
		}
	}
	f.Text, f.Shown = strings.Join(linted, "\n"), strings.Join(shown, "\n")
	return nil
}

func (f *File) want(line int, shift, clauses string) error {
	if shift != "" {
		n, err := strconv.Atoi(shift)
		if err != nil {
			return err
		}
		line += n
	}
	for _, c := range wantClause.FindAllStringSubmatch(clauses, -1) {
		w := Want{File: f.Name, Line: line}
		pattern, err := strconv.Unquote(c[1])
		if err != nil {
			return fmt.Errorf("line %d: %s: %w", line, c[1], err)
		}
		if w.Message, err = regexp.Compile(pattern); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		for i, part := range []*string{&w.Text, &w.Said} {
			if text := c[i+2]; text != "" {
				if *part, err = strconv.Unquote(text); err != nil {
					return fmt.Errorf("line %d: %s: %w", line, text, err)
				}
			}
		}
		f.Wants = append(f.Wants, w)
	}
	return nil
}

// isSettings reports whether a file stands for settings of a repository, which no file has.
func (f *File) isSettings() bool { return strings.HasPrefix(f.Name, source.SettingsPath) }

// Settings are those of the fixture's files that stand for settings of a repository.
func (f *Fixture) Settings() []*source.File {
	var found []*source.File
	for _, file := range f.Files {
		if file.isSettings() {
			found = append(found, &source.File{Path: file.Name, Kind: source.Settings, Data: []byte(file.Text)})
		}
	}
	return found
}

// Write lays the fixture's other files below dir.
func (f *Fixture) Write(dir string) error {
	for _, file := range f.Files {
		if file.isSettings() {
			continue
		}
		name := filepath.Join(dir, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(file.Text), 0o600); err != nil {
			return err
		}
	}
	return nil
}
