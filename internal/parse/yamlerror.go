package parse

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// maxSearch is the size of the largest document that is read again to find the line of its error.
const maxSearch = 256 << 10

var yamlErrorLine = regexp.MustCompile(`^line (\d+): `)

// complaint is an error of the YAML library in plain words.
type complaint struct {
	library string         // what the library says
	plain   string         // what we say
	blame   *regexp.Regexp // finds what is at fault on the line, its first group; nil where that is the line
	only    bool           // the complaint is this one only where blame finds something
}

// opening stands before a value on a line: its key, its dash, or the bracket or comma before it.
const opening = `(?:^|[:?-][ \t]+|[\[{,])[ \t]*`

const continues = "the text does not continue the map or list that it stands in: check the indentation and the quotes"

// complaints are the library's messages that speak of how it reads and not of the text. Others stay as they are.
var complaints = []complaint{
	{library: "did not find expected key", plain: continues},
	{library: "did not find expected '-' indicator", plain: continues},
	{library: "could not find expected ':'", plain: "a line that should be a key with its value has no colon after its key: check the indentation and the quotes"},
	{
		library: "mapping values are not allowed in this context",
		plain:   "a colon stands where no key can: put the text around it in quotes, or check the indentation",
		blame:   regexp.MustCompile(`^(?:.*?:[ \t].*?|[^:]*)(:)(?:[ \t]|$)`), // the second on the line, or the only one
	},
	{library: "found a tab character", plain: noTab, blame: tab},
	{library: "found character that cannot start any token", plain: noTab, blame: tab, only: true},
	{
		library: "found character that cannot start any token",
		plain:   "no value can begin with this character: put the text in quotes",
		blame:   regexp.MustCompile(opening + "([@%`])"),
	},
	{library: "did not find expected node content", plain: "a value is missing: a bracket or brace is not closed, or a comma is one too many"},
	{library: "did not find expected ',' or ']'", plain: "a list in brackets is not closed, or lacks a comma"},
	{library: "did not find expected ',' or '}'", plain: "a map in braces is not closed, or lacks a comma"},
	{library: "block sequence entries are not allowed in this context", plain: "a list cannot begin here: put each of its dashes on a line of its own"},
	{
		library: "found unexpected end of stream",
		plain:   "the quotes that begin here are never closed",
		blame:   regexp.MustCompile(`^(?:.*` + opening + `)?(["'].*?)\s*$`),
	},
	{
		library: "found unknown escape character",
		plain:   "a backslash in double quotes stands before what it cannot escape: use single quotes",
		blame:   regexp.MustCompile(`(\\[^0abt\tnvfre "'/\\N_LPxuU])`),
	},
	{
		library: "did not find expected alphabetic or numeric character",
		plain:   "a * or & begins the name of an alias or anchor: put the text in quotes",
		blame:   regexp.MustCompile(opening + `([*&])`),
	},
}

const noTab = "a tab stands where YAML takes only spaces"

var tab = regexp.MustCompile(`^ *(\t+)`)

// syntaxError places an error of the YAML library, which names the start of the construct that it was reading, one line
// too early or not at all. Text is the part of the file that was read, first its 1-based line.
func (s *stream) syntaxError(err error, text []byte, first int) *source.SyntaxError {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	line, exact := 1, true
	if m := yamlErrorLine.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
	}
	if !namesItsStart(message) {
		if exact = len(text) <= maxSearch; exact {
			line = errorLine(text, err.Error(), line)
		}
	}
	offset := s.yaml.LineOffset(first + line - 1)
	at := s.yaml.Text().Point(min(offset, max(0, len(s.yaml.Text().Data)-1))).Line
	for at > first && len(bytes.TrimSpace(s.yaml.Text().Line(at))) == 0 {
		at-- // the text ends too early: what it ends with is to be seen
	}
	message, span := s.plainly(message, at)
	if !exact {
		span = s.yaml.Text().LineSpan(at)
		span.Exact = false
	}
	return &source.SyntaxError{Message: message, Span: span}
}

// plainly puts a message of the library in plain words, and points at what is at fault on the line, or at all of it.
func (s *stream) plainly(message string, line int) (string, source.Span) {
	text := s.yaml.Text()
	whole := text.LineSpan(line)
	for _, c := range complaints {
		if !strings.HasPrefix(message, c.library) {
			continue
		}
		var found []int
		if c.blame != nil {
			found = c.blame.FindSubmatchIndex(text.Line(line))
		}
		if found != nil {
			start := whole.Start.Offset - (whole.Start.Column - 1)
			return c.plain, text.Span(start+found[2], start+found[3])
		}
		if !c.only {
			return c.plain, whole
		}
	}
	return message, whole
}

// namesItsStart tells the errors for which the start of the construct is the place to look at: quotes never closed.
func namesItsStart(message string) bool {
	return strings.HasPrefix(message, "found unexpected end of stream") ||
		strings.HasPrefix(message, "found unexpected document indicator")
}

// errorLine is the first line of the text after which reading it gives that same error, from the given line on.
func errorLine(text []byte, message string, from int) int {
	ends := lineEnds(text)
	fails := func(lines int) bool {
		_, err := decode(yaml.NewDecoder(bytes.NewReader(text[:ends[lines-1]])))
		return err != nil && err.Error() == message
	}
	from = max(1, min(from, len(ends)))
	low, step := from-1, 1 // low: the last line known not to fail
	for low+step < len(ends) && !fails(low+step) {
		low += step
		step *= 2
	}
	high := min(low+step, len(ends))
	for low+1 < high {
		if mid := (low + high) / 2; fails(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}

func lineEnds(text []byte) []int {
	var ends []int
	for i, c := range text {
		if c == '\n' {
			ends = append(ends, i+1)
		}
	}
	if len(ends) == 0 || ends[len(ends)-1] < len(text) {
		ends = append(ends, len(text))
	}
	return ends
}
