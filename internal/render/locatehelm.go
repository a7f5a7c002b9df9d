package render

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// templateLocator finds the line of a template that a rendered value was written by.
type templateLocator struct {
	files    *files
	rendered *source.Document // with places in text
	text     []byte           // the template's whole output
	template *source.File
	values   string // the chart's values.yaml, or ""
}

// Locate implements source.Locator. A place is exact when it is proved: see proved.
func (l *templateLocator) Locate(path source.Path, text string) source.Trace {
	place := l.rendered.Locate(path, text)
	if at, ok := l.proved(place.Span); ok {
		return source.Trace{Location: at}
	}
	value, _ := path.Get(l.rendered.Value)
	said := scalarText(value)
	line, at := l.nearest(path, said, text)
	return source.Trace{Location: at, Related: l.valueNotes(line, path, said)}
}

// proved finds a line that the template writes as it stands. A text outside of all control actions is written exactly
// once, so when the output holds such a line once, that line wrote it.
func (l *templateLocator) proved(span source.Span) (source.Location, bool) {
	if !span.Exact || span.Start.Line != span.End.Line {
		return source.Location{}, false
	}
	line := source.NewText(l.text).Line(span.Start.Line)
	if countLines(l.text, line) != 1 {
		return source.Location{}, false
	}
	number, depth := 0, 0
	index := source.NewText(l.template.Data)
	for n := 1; n <= index.Lines(); n++ {
		raw := index.Line(n)
		if depth == 0 && bytes.Equal(raw, line) {
			if number > 0 {
				return source.Location{}, false
			}
			number = n
		}
		if depth += nesting(raw); depth < 0 {
			return source.Location{}, false // the actions of this template are beyond this reading
		}
	}
	if number == 0 || depth != 0 || bytes.Contains(line, []byte("{{")) {
		return source.Location{}, false
	}
	start := index.LineSpan(number).Start
	from := start.Offset - (start.Column - 1)
	return source.Location{
		Path: l.template.Path, Span: index.Span(from+span.Start.Column-1, from+span.End.Column-1),
	}, true
}

func countLines(data, line []byte) int {
	n := 0
	for _, l := range bytes.Split(data, []byte("\n")) {
		if bytes.Equal(bytes.TrimSuffix(l, []byte("\r")), line) {
			n++
		}
	}
	return n
}

var (
	opens  = regexp.MustCompile(`\{\{-?\s*(?:if|with|range|define|block)\b`)
	closes = regexp.MustCompile(`\{\{-?\s*end\b`)
	// A comment or an action over several lines hides its lines from the output.
	leftOpen = regexp.MustCompile(`\{\{`)
	leftShut = regexp.MustCompile(`\}\}`)
)

// nesting is how many control actions a line opens less those that it closes. What stands inside an action counts too.
func nesting(line []byte) int {
	count := func(r *regexp.Regexp) int { return len(r.FindAllIndex(line, -1)) }
	return count(opens) - count(closes) + count(leftOpen) - count(leftShut)
}

// nearest is the line of the template that most likely wrote the value, and its number.
func (l *templateLocator) nearest(path source.Path, said, text string) (int, source.Location) {
	lines := outlines(l.template.Data)
	index, segment := source.NewText(l.template.Data), l.segment()
	for end := len(path); end > 0; end-- {
		keys := keysOf(path[:end])
		if _, isIndex := path[end-1].(int); isIndex {
			keys = append(keys, "")
		}
		best, line := 0, 0
		name := itemNameOf(l.rendered.Value, path[:end])
		for _, o := range lines {
			points := score(o, keys, said, end == len(path))
			if name != "" && namedNearby(index, o.line, name) {
				points += 3
			}
			if segment(o.line) {
				points += 4
			}
			if points > best && o.chain[len(o.chain)-1] == keys[len(keys)-1] {
				best, line = points, o.line
			}
		}
		if line > 0 {
			return line, near(l.template, line, narrower(text, said))
		}
	}
	if n, ok := onlyLine(l.template.Data, []byte("kind: "+field(l.rendered.Value, "kind"))); ok {
		return n, near(l.template, n, "")
	}
	return 0, source.FileStart(l.template.Path)
}

func narrower(text, said string) string {
	if text != "" {
		return text
	}
	return said
}

// score says how well a line fits the keys of a path and its value.
func score(o outline, keys []string, said string, whole bool) int {
	score := 10 * sharedTail(o.chain, keys)
	if whole && said != "" {
		switch written, isLiteral := literal(o.rest); {
		case isLiteral && written == said:
			score += 6
		case isLiteral:
			score -= 8 // it cannot have written this value
		case strings.Contains(o.rest, "{{"):
			score += 2
		}
	}
	return score
}

// sharedTail counts the keys that two chains end with alike; an item of a list may stand in only one of them.
func sharedTail(a, b []string) int {
	a, b = slices.Clone(a), slices.Clone(b)
	n := 0
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		n++
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return n
}

// itemNameOf is the name of the innermost list item on a path.
func itemNameOf(value any, path source.Path) string {
	for end := len(path); end > 0; end-- {
		if _, ok := path[end-1].(int); ok {
			item, _ := path[:end].Get(value)
			return field(item, "name")
		}
	}
	return ""
}

// namedNearby reports whether the lines around one give an item its name.
func namedNearby(index *source.Text, line int, name string) bool {
	const reach = 8
	for n := max(1, line-reach); n <= line+reach; n++ {
		if strings.HasSuffix(strings.TrimSpace(string(index.Line(n))), "name: "+name) {
			return true
		}
	}
	return false
}

// segment tells which lines of a template with several documents write the kind of object that is looked for.
func (l *templateLocator) segment() func(line int) bool {
	fits := map[int]bool{}
	number, at := map[int]int{}, 0
	for i, raw := range bytes.Split(l.template.Data, []byte("\n")) {
		if bytes.HasPrefix(raw, []byte("---")) {
			at++
		}
		number[i+1] = at
		kind := field(l.rendered.Value, "kind")
		if strings.TrimSpace(string(raw)) == "kind: "+kind {
			fits[at] = true
		}
	}
	return func(line int) bool { return fits[number[line]] }
}

// valueNotes names the entries of values.yaml that a line of the template reads and whose text is in the value. Where
// the line reads none, the one entry with the very text will do.
func (l *templateLocator) valueNotes(line int, path source.Path, said string) []source.Note {
	if l.values == "" || said == "" {
		return nil
	}
	docs, _ := parse.YAML(l.files.get(l.values, source.ChartFile), source.ChartFile, source.YAML11) // the chart rendered: it is sound
	if len(docs) != 1 {
		return nil
	}
	var notes []source.Note
	for _, m := range valueRef.FindAllStringSubmatch(string(source.NewText(l.template.Data).Line(line)), -1) {
		var keys source.Path
		for _, key := range strings.Split(m[1][1:], ".") {
			keys = keys.Append(key)
		}
		if value, ok := keys.Get(docs[0].Value); ok {
			if s := scalarText(value); s != "" && strings.Contains(said, s) {
				notes = append(notes, valueNote(docs[0], keys))
			}
		}
	}
	if len(notes) > 0 || len(said) < 4 {
		return notes
	}
	if found := pathsOf(docs[0].Value, nil, said); len(found) == 1 {
		notes = append(notes, valueNote(docs[0], found[0]))
	}
	return notes
}

func valueNote(doc *source.Document, keys source.Path) source.Note {
	return source.Note{Message: fmt.Sprintf("the value is set by %s", keys), Location: doc.Locate(keys, "").Location}
}

// pathsOf lists where a text stands in a value, as a whole scalar.
func pathsOf(value any, at source.Path, said string) []source.Path {
	switch v := value.(type) {
	case map[string]any:
		var out []source.Path
		for _, key := range sortedKeys(v) {
			out = append(out, pathsOf(v[key], at.Append(key), said)...)
		}
		return out
	case []any:
		var out []source.Path
		for i, inner := range v {
			out = append(out, pathsOf(inner, at.Append(i), said)...)
		}
		return out
	default:
		if s, ok := value.(string); ok && s == said {
			return []source.Path{at}
		}
		return nil
	}
}

// scalarText is how a scalar reads, or "" for what is none.
func scalarText(value any) string {
	switch value.(type) {
	case nil, map[string]any, []any:
		return ""
	}
	return fmt.Sprint(value)
}
