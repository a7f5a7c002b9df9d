package triage

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// comment is one ignore comment:
//
//	image: nginx # plimsoll: ignore[image/mutable-tag] why this is accepted
//
// It speaks of its own line or, when nothing else stands there, of the next line that is no comment; a blank line ends
// its reach.
type comment struct {
	at     source.Location
	rules  []string
	reason string
	line   int // 1-based line that it speaks of
	used   map[string]bool
}

type comments struct {
	byPath  map[string][]*comment
	foreign map[string]*foreign // by path too
}

// marker finds an ignore after what starts a comment in YAML, Dockerfiles, shell and HCL ("#", "//") and in templates
// ("{{/*"). A "#" inside a word starts no comment.
var marker = regexp.MustCompile(`(?:^|[ \t])(?:#|//|/\*|\{\{-?[ \t]*/\*)[ \t]*plimsoll:[ \t]*ignore\b(?:\[([^\]\n]*)\])?([^\n]*)`)

func inlineIgnores(files []*source.File) *comments {
	all := &comments{byPath: map[string][]*comment{}, foreign: map[string]*foreign{}}
	for _, file := range files {
		if theirs := foreignIgnores(file); theirs != nil {
			all.foreign[file.Path] = theirs
		}
		if !bytes.Contains(file.Data, []byte("plimsoll:")) {
			continue
		}
		text := source.NewText(file.Data)
		for n := 1; n <= text.Lines(); n++ {
			if c := readComment(file.Path, text, n); c != nil {
				all.byPath[file.Path] = append(all.byPath[file.Path], c)
			}
		}
	}
	return all
}

func readComment(path string, text *source.Text, n int) *comment {
	line := text.Line(n)
	m := marker.FindSubmatchIndex(line)
	if m == nil || insideQuotes(line[:m[0]]) {
		return nil
	}
	c := &comment{line: n, used: map[string]bool{}}
	if m[2] >= 0 {
		c.rules = strings.FieldsFunc(string(line[m[2]:m[3]]), func(r rune) bool { return r == ',' || r == ' ' })
	}
	c.reason = reasonOf(string(line[m[4]:m[5]]))
	span := text.LineSpan(n)
	start := span.Start.Offset - (span.Start.Column - 1) + m[0]
	for start < span.End.Offset && (text.Data[start] == ' ' || text.Data[start] == '\t') {
		start++
	}
	c.at = source.Location{Path: path, Span: text.Span(start, span.End.Offset)}
	if len(bytes.TrimSpace(line[:m[0]])) == 0 {
		c.line = nextLine(text, n)
	}
	return c
}

// nextLine is the line below n, past further comments.
func nextLine(text *source.Text, n int) int {
	for next := n + 1; next <= text.Lines(); next++ {
		body := bytes.TrimSpace(text.Line(next))
		if !bytes.HasPrefix(body, []byte("#")) && !bytes.HasPrefix(body, []byte("//")) {
			return next
		}
	}
	return n
}

// reasonOf takes the end of a template's comment, and a separator that people like to write, off the reason.
func reasonOf(text string) string {
	text = strings.TrimSpace(text)
	for _, end := range []string{"}}", "-", "*/"} {
		text = strings.TrimSpace(strings.TrimSuffix(text, end))
	}
	return strings.TrimSpace(strings.TrimLeft(text, ":-– "))
}

// insideQuotes reports whether a quoted string is still open at the end of the text: what follows is no comment then.
func insideQuotes(before []byte) bool {
	var open byte
	for i := 0; i < len(before); i++ {
		c := before[i]
		switch {
		case open == '"' && c == '\\':
			i++
		case open != 0 && c == open:
			open = 0
		case open == 0 && (c == '"' || c == '\'') && (i == 0 || !isWordByte(before[i-1])):
			open = c
		}
	}
	return open != 0
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// suppress gives the mark of the comments that speak of the finding's lines. A finding about the linting itself is not
// for its lines to put aside: a file that cannot be read has no comments to trust.
func (c *comments) suppress(f *finding.Finding, known func(string) bool) *finding.Suppression {
	if f.RuleID == finding.ParseError || f.RuleID == finding.RenderError {
		return nil
	}
	var mark *finding.Suppression
	for _, note := range c.byPath[f.Location.Path] {
		if note.reason == "" || note.line < f.Location.Span.Start.Line || note.line > f.Location.Span.End.Line {
			continue
		}
		for _, pattern := range note.rules {
			if !known(pattern) || !Matches(pattern, f.RuleID) {
				continue
			}
			note.used[pattern] = true
			if mark == nil {
				at := note.at
				mark = &finding.Suppression{By: finding.ByInline, Reason: note.reason, Location: &at}
			}
		}
	}
	if mark == nil {
		mark = c.foreign[f.Location.Path].suppress(f)
	}
	return mark
}

// unused makes a finding of each ignore comment that could not work, or did nothing.
func (c *comments) unused(in Input) []*finding.Finding {
	var out []*finding.Finding
	for _, file := range in.Texts {
		for _, note := range c.byPath[file.Path] {
			for _, message := range note.complaints(in) {
				out = append(out, unusedAt(in, note.at, strings.Join(note.rules, ","), message))
			}
		}
	}
	return out
}

func (c *comment) complaints(in Input) []string {
	if len(c.rules) == 0 {
		return []string{"an ignore names its rules: plimsoll: ignore[category/rule] reason"}
	}
	if c.reason == "" {
		return []string{"an ignore needs a reason after its rules, and suppresses nothing without one"}
	}
	var out []string
	for _, pattern := range c.rules {
		switch {
		case !in.Known(pattern):
			out = append(out, fmt.Sprintf("there is no rule %q, so this ignore suppresses nothing", pattern))
		case !c.used[pattern] && in.Judged(pattern) && !in.Missed(c.at.Path):
			out = append(out, fmt.Sprintf("the ignore of %s suppresses nothing; remove it", pattern))
		}
	}
	return out
}

// Matches reports whether a rule ID, or a pattern such as "image/*", means the rule. "*" is no pattern here: an ignore
// says what it ignores.
func Matches(pattern, id string) bool {
	if category, found := strings.CutSuffix(pattern, "/*"); found {
		return strings.HasPrefix(id, category+"/")
	}
	return pattern == id
}
