package render

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"

	"helm.sh/helm/v3/pkg/ignore"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// ignoreFile is a chart's .helmignore, and what it was seen to leave out that would have been rendered.
type ignoreFile struct {
	path  string // in the repository
	text  *source.Text
	rules *ignore.Rules
	lines []*ignore.Rules  // each line's alone, the first line's first
	left  map[int][]string // template files by the 1-based line that leaves them out
}

// ignoreRules reads the .helmignore of the chart in a directory; without one there are Helm's own rules.
func (l *chartLoader) ignoreRules(root string) (*ignoreFile, error) {
	f := &ignoreFile{path: path.Join(root, ignore.HelmIgnore), rules: ignore.Empty(), left: map[int][]string{}}
	if l.tree.isFile(f.path) {
		data, _, err := l.tree.read(f.path)
		if err != nil {
			return nil, failAt(f.path, "%s %s", f.path, err)
		}
		if f.rules, err = ignore.Parse(bytes.NewReader(data)); err != nil {
			return nil, failAt(f.path, "%s: %s", f.path, err)
		}
		f.text = source.NewText(data)
		for n := 1; n <= f.text.Lines(); n++ {
			rules, err := ignore.Parse(bytes.NewReader(f.text.Line(n)))
			if err != nil {
				return nil, failAt(f.path, "%s: %s", f.path, err)
			}
			f.lines = append(f.lines, rules)
		}
	}
	f.rules.AddDefaults()
	return f, nil
}

// lineFor is the 1-based line that leaves a file or directory out, 0 when it is none.
func (f *ignoreFile) lineFor(name string, info fs.FileInfo) int {
	for i, rules := range f.lines {
		if rules.Ignore(name, info) {
			return i + 1
		}
	}
	return 0
}

// ignores reports whether Helm does not see an entry of the chart, and notes the templates that are lost by it.
func (w *chartWalk) ignores(name string, info fs.FileInfo) bool {
	if !w.ignore.rules.Ignore(name, info) {
		return false
	}
	if line := w.ignore.lineFor(name, info); line > 0 {
		w.ignore.left[line] = w.templates(w.ignore.left[line], name, info.IsDir())
	}
	return true
}

var (
	// Where Helm takes templates and resource definitions from, those of vendored charts too.
	templateDir  = regexp.MustCompile(`^(?:charts(?:/[^/]+)?|(?:charts/[^/]+/)*(?:templates|crds)(?:/.*)?)$`)
	templateFile = regexp.MustCompile(`^(?:charts/[^/]+/)*(?:templates|crds)/(?:[^/]+/)*[^/._][^/]*\.(?:ya?ml|json)$`)
	notRendered  = regexp.MustCompile(`/tests?/|/kustomization\.ya?ml$`)
)

// templates adds the template files at or below a path to a list. Helm's own tests are not among them, which nobody
// installs, nor a kustomization of the resource definitions.
func (w *chartWalk) templates(list []string, name string, dir bool) []string {
	if !dir {
		if templateFile.MatchString(name) && !notRendered.MatchString(name) {
			list = append(list, name)
		}
		return list
	}
	entries, err := w.loader.tree.list(path.Join(w.root, name))
	if err != nil || !templateDir.MatchString(name) || len(list) > maxFiles {
		return list
	}
	for _, entry := range entries {
		inner := path.Join(name, entry)
		if info, err := w.loader.tree.root.Lstat(path.Join(w.root, inner)); err == nil {
			list = w.templates(list, inner, info.IsDir())
		}
	}
	return list
}

// hidden are the templates that the chart's .helmignore leaves out, line by line: one line hides a whole chart.
func (w *chartWalk) hidden() []Problem {
	var out []Problem
	for n := range w.ignore.lines {
		left := w.ignore.left[n+1]
		if len(left) == 0 {
			continue
		}
		what := "1 template file"
		if len(left) > 1 {
			what = fmt.Sprintf("%d template files", len(left))
		}
		out = append(out, Problem{
			Rule: NotEvaluated, Location: source.Location{Path: w.ignore.path, Span: w.ignore.text.LineSpan(n + 1)},
			What: fmt.Sprintf("%s of chart %s", what, w.root),
			Message: fmt.Sprintf("not analysed: %s of chart %s (%s), which this line hides from Helm; "+
				"delete the line, or the files if they are not part of the chart", what, w.root, someOf(left)),
		})
	}
	return out
}
