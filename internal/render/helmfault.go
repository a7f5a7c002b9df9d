package render

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/trace"
)

// fault is why a chart does not render, and where.
type fault struct {
	at      source.Location
	message string
	demand  bool // the chart asks its user for values
}

// rule is what a fault is filed under: values that a user has to give are not missing in the repository.
func (f *fault) rule() string {
	if f.demand {
		return NotEvaluated
	}
	return RenderError
}

var (
	// Helm words what required and fail say like this, with their innermost caller's place lost.
	demanded = regexp.MustCompile(`(?s)^execution error at \(([^()]+?):(\d+)(?::\d+)?\): (.*)$`)
	// The templates that an error passed through, outermost first.
	passed     = regexp.MustCompile(`(?:template: |parse error at \()([^\s()]+?):(\d+)(?::\d+)?[:)]`)
	valueRef   = regexp.MustCompile(`\.Values((?:\.[A-Za-z_]\w*)+)`)
	requires   = regexp.MustCompile(`\brequired\b`)
	executing  = regexp.MustCompile(`executing "[^"]*" at <[^>]*>: |error calling \w+: |template: [^\s()]+?:\d+(?::\d+)?: `)
	started    = regexp.MustCompile(` started at (\S+):(\d+)`) // where an action that is never closed begins
	mismatch   = regexp.MustCompile(`^type mismatch on (\S+): `)
	errorCalls = regexp.MustCompile(`^parse error at \([^()]*\): `)
)

func faultf(file, format string, args ...any) []*fault {
	return []*fault{{at: source.FileStart(file), message: fmt.Sprintf(format, args...)}}
}

// maxFaults is how many failing templates of a chart are named.
const maxFaults = 20

// templateFaults says why a chart does not render. The library stops at the first template that fails; the trace knows
// all of them, and what those that ask for values want.
func (j *chartJob) templateFaults(r rendering, o *origins) []*fault {
	var faults []*fault
	add := func(f *fault) {
		same := func(o *fault) bool { return o.at == f.at && o.message == f.message }
		if len(faults) < maxFaults && !slices.ContainsFunc(faults, same) {
			faults = append(faults, f)
		}
	}
	if r.trace != nil {
		for _, name := range sortedKeys(r.trace.Errors) {
			if want, ok := r.trace.Wants[name]; ok {
				add(j.demand(want, o))
			} else {
				add(j.templateFault(r.trace.Errors[name]))
			}
		}
	}
	if len(faults) == 0 {
		add(j.templateFault(r.err))
	}
	return faults
}

// demand is a template's wish for values, at the place where the value can be set, if the values have one, else at the line
// that asks.
func (j *chartJob) demand(want trace.Want, o *origins) *fault {
	at, asks := source.FileStart(j.ask.File), path.Base(want.Name)
	switch home := j.homes[want.Name]; {
	case home.home.anchor.Path != "":
		at, asks = home.home.anchor, want.Name
	case home.path != "":
		if data, _, err := j.tree.read(home.path); err == nil {
			text := source.NewText(data)
			at = lineOf(home.path, data, text.Point(want.Offset).Line)
		}
	}
	if known, ok := o.place(j, want.Path); ok {
		at = known
	}
	return j.wish(at, asks, want.Path.String(), want.Message)
}

// wish is the fault of a chart that asks for values; key is the one that it requires, "" when that is not known.
func (j *chartJob) wish(at source.Location, asks, key, said string) *fault {
	message := fmt.Sprintf("%s was not rendered: %s asks for values: %s", j.what(), asks, oneLine(said))
	if key != "" {
		message = fmt.Sprintf("%s was not rendered: %s requires the value %s: %s", j.what(), asks, key, oneLine(said))
	}
	if j.ask.Variant.defaults() {
		message += "; give an example of such values in a ci/*-values.yaml of the chart, or name a file of values in helm.values of the configuration"
	}
	return &fault{at: at, message: message, demand: true}
}

// templateFault reads an error of Helm's engine, or of the template library beneath it.
func (j *chartJob) templateFault(err error) *fault {
	text := err.Error()
	if m := demanded.FindStringSubmatch(text); m != nil {
		at, line := j.place(m[1], m[2])
		return j.wish(at, base(at, m[1]), requiredKey(line), m[3])
	}
	at := source.FileStart(j.ask.File)
	for _, m := range passed.FindAllStringSubmatch(text, -1) {
		if inner, _ := j.place(m[1], m[2]); inner.Path != j.ask.File {
			at = inner // the innermost template that stands in the repository
		}
	}
	said := errorCalls.ReplaceAllString(text, "")
	if i := executing.FindAllStringIndex(said, -1); i != nil {
		said = said[i[len(i)-1][1]:]
	}
	if m := started.FindStringSubmatchIndex(said); m != nil {
		at, _ = j.place(said[m[2]:m[3]], said[m[4]:m[5]])
		said = said[:m[0]]
	}
	return &fault{at: at, message: fmt.Sprintf("%s does not render: %s", j.what(), oneLine(plainTemplateError(said)))}
}

// templateErrors are errors of the template library, and how they read in plain words.
var templateErrors = []struct {
	says  *regexp.Regexp
	plain string // $1 is the first group
}{
	{regexp.MustCompile(`nil pointer evaluating (?:interface \{\}|\S+?)\.(\w+)`), "it reads .$1 of a value that is not set"},
	{regexp.MustCompile(`can't evaluate field (\w+) in type `), "it reads .$1 of a value that is no map"},
	{regexp.MustCompile(`^index of (?:nil pointer|untyped nil)$`), "it looks for an item in a value that is not set"},
	{regexp.MustCompile(`^invalid value; expected (\S+)$`), "it gives a value that is not set to a function that takes a $1"},
	{regexp.MustCompile(`no template "([^"]*)" associated with template "`), `it includes the template "$1", which neither the chart nor its dependencies define`},
	{regexp.MustCompile(`^U\+[0-9A-F]{4,6} '(.+)'$`), "the character $1 stands in an action outside of quotes"},
}

// plainTemplateError says in plain words what the template library says in Go's.
func plainTemplateError(said string) string {
	for _, known := range templateErrors {
		if m := known.says.FindStringSubmatchIndex(said); m != nil {
			return string(known.says.ExpandString(nil, known.plain, said, m))
		}
	}
	return said
}

// mergeFault reads an error of bringing values together, which Helm words in Go's own words for a broken format.
func (j *chartJob) mergeFault(err error) (source.Location, string) {
	m := mismatch.FindStringSubmatch(err.Error())
	if m == nil {
		return source.FileStart(j.ask.File), err.Error()
	}
	at := source.FileStart(j.ask.File)
	for _, name := range j.valuesFiles() {
		data, _, err := j.tree.read(name)
		if name == "" || err != nil {
			continue
		}
		docs, _ := parse.YAML(&source.File{Path: name, Data: data}, source.ChartFile, source.YAML11)
		if len(docs) == 0 {
			continue
		}
		values, _ := docs[0].Value.(map[string]any)
		value, set := values[m[1]]
		if _, table := value.(map[string]any); set && !table {
			at = docs[0].Locate(source.Path{m[1]}, "").Location
			break
		}
	}
	return at, fmt.Sprintf("%s does not render: %s is a dependency, so the value %s must be a map", j.what(), m[1], m[1])
}

// valuesFiles are the files that values come from, the one that wins first.
func (j *chartJob) valuesFiles() []string {
	names := []string{path.Join(j.ask.Root, "values.yaml")}
	for _, layer := range j.ask.Variant.Layers {
		names = append([]string{layer.File}, names...)
	}
	return names
}

// place is a line of a template, named as Helm names it, and the text of that line.
func (j *chartJob) place(name, line string) (source.Location, string) {
	home, ok := j.homes[name]
	switch {
	case ok && home.home.anchor.Path != "":
		return home.home.anchor, ""
	case !ok || home.path == "":
		return source.FileStart(j.ask.File), ""
	}
	data, _, err := j.tree.read(home.path)
	n, convErr := strconv.Atoi(line)
	if err != nil || convErr != nil {
		return source.FileStart(home.path), ""
	}
	return lineOf(home.path, data, n), string(source.NewText(data).Line(n))
}

// base names a template shortly in a message.
func base(at source.Location, name string) string {
	if path.Base(at.Path) == path.Base(name) {
		return path.Base(name)
	}
	return name
}

// requiredKey is the value that a template's line requires, when the line names just one.
func requiredKey(line string) string {
	if !requires.MatchString(line) {
		return ""
	}
	keys := map[string]bool{}
	key := ""
	for _, m := range valueRef.FindAllStringSubmatch(line, -1) {
		key = strings.TrimPrefix(m[1], ".")
		keys[key] = true
	}
	if len(keys) != 1 {
		return ""
	}
	return key
}

// maxSaid is how much of a library's or chart's own words goes into a message.
const maxSaid = 300

// oneLine makes a clause of a text that a chart's author or a library wrote.
func oneLine(s string) string {
	s = strings.TrimRight(strings.Join(strings.Fields(s), " "), ".")
	if len(s) > maxSaid {
		s = strings.ToValidUTF8(s[:maxSaid], "") + "…"
	}
	return s
}
