package causal

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Leaf is a scalar of a YAML file, and where its bytes stand.
type Leaf struct {
	File       string
	Path       source.Path // within its document
	Key        int         // byte offset of its key; of the scalar itself in a list
	KeyEnd     int
	Start, End int      // bytes of the scalar, quotes and block indicators included
	Above      [][2]int // bytes of the keys of the maps and lists around it
	node       *yaml.Node
}

// Leaves are the scalars of a YAML stream, as far as it can be read. An alias is none: its anchor is.
func Leaves(file string, data []byte) []Leaf {
	w := leafWalk{file: file, data: data, lines: []int{0}}
	for i, c := range data {
		if c == '\n' {
			w.lines = append(w.lines, i+1)
		}
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var root yaml.Node
		if err := decoder.Decode(&root); errors.Is(err, io.EOF) || err != nil {
			return w.leaves
		}
		w.walk(&root, nil, -1, 0)
	}
}

type leafWalk struct {
	file   string
	data   []byte
	lines  []int // offset of each line
	above  [][2]int
	leaves []Leaf
}

func (w *leafWalk) walk(n *yaml.Node, at source.Path, key, keyEnd int) {
	switch n.Kind {
	case yaml.DocumentNode:
		for _, c := range n.Content {
			w.walk(c, at, -1, 0)
		}
	case yaml.SequenceNode:
		for i, c := range n.Content {
			w.walk(c, at.Append(i), -1, 0)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			k := n.Content[i]
			start, end := w.span(k)
			w.above = append(w.above, [2]int{start, end})
			w.walk(n.Content[i+1], at.Append(k.Value), start, end)
			w.above = w.above[:len(w.above)-1]
		}
	case yaml.ScalarNode:
		start, end := w.span(n)
		if key < 0 {
			key, keyEnd = start, start
		}
		w.leaves = append(w.leaves, Leaf{
			File: w.file, Path: at, Key: key, KeyEnd: keyEnd, Start: start, End: end, Above: slices.Clone(w.above), node: n,
		})
	}
}

// span finds the bytes of a scalar.
func (w *leafWalk) span(n *yaml.Node) (int, int) {
	if n.Line < 1 || n.Line > len(w.lines) {
		return 0, 0
	}
	at := w.lines[n.Line-1]
	if at == 0 && bytes.HasPrefix(w.data, []byte("\ufeff")) {
		at = len("\ufeff")
	}
	for column := 1; column < n.Column && at < len(w.data); column++ {
		_, size := utf8.DecodeRune(w.data[at:])
		at += size
	}
	for at < len(w.data) && (w.data[at] == '&' || w.data[at] == '!') { // an anchor or tag
		at += len(nextWord.Find(w.data[at:]))
	}
	return at, at + w.length(n, at)
}

var (
	nextWord     = regexp.MustCompile(`^\S*\s*`)
	doubleQuoted = regexp.MustCompile(`^"(?:[^"\\]|\\(?s:.))*"`)
	singleQuoted = regexp.MustCompile(`^'(?:[^']|'')*'`)
	blankLine    = regexp.MustCompile(`^[ \t\r]*$`)
)

func (w *leafWalk) length(n *yaml.Node, at int) int {
	text := w.data[at:]
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return len(doubleQuoted.Find(text))
	case n.Style&yaml.SingleQuotedStyle != 0:
		return len(singleQuoted.Find(text))
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return w.block(n, at)
	case bytes.HasPrefix(text, []byte(n.Value)):
		return len(n.Value)
	}
	length := 0
	for word := range strings.FieldsSeq(n.Value) { // plain text over several lines
		i := bytes.Index(text[length:], []byte(word))
		if i < 0 {
			break
		}
		length += i + len(word)
	}
	return length
}

var blockIndent = regexp.MustCompile(`^[|>][-+]?[1-9]`)

// block is the length of a block scalar: to the end of the last line that is indented as its first one is, or that is
// indented at all when the block says itself how deep it is.
func (w *leafWalk) block(n *yaml.Node, from int) int {
	text := w.data[from:]
	header := bytes.IndexByte(text, '\n')
	if header < 0 {
		return len(text)
	}
	indent, at, end := 0, header+1, header
	if blockIndent.Match(text) {
		line := w.data[w.lines[n.Line-1]:from]
		indent = len(line) - len(bytes.TrimLeft(line, " ")) + 1
	}
	for at < len(text) {
		line, _, _ := bytes.Cut(text[at:], []byte("\n"))
		if !blankLine.Match(line) {
			width := len(line) - len(bytes.TrimLeft(line, " "))
			if indent == 0 {
				indent = width
			}
			if width < indent || width == 0 {
				break
			}
			end = at + len(line)
		}
		at += len(line) + 1
	}
	return end
}

var (
	numberLike = regexp.MustCompile(`^[0-9]+(?:\.[0-9]+)?[a-zA-Z]{0,2}$`)
	integer    = regexp.MustCompile(`^-?[0-9]+$`)
)

// Edits are changes of the leaf that keep its type, the likeliest to render first.
func (l Leaf) Edits(data []byte) []Edit {
	raw := string(data[l.Start:l.End])
	whole := func(text string) Edit { return Edit{l.File, l.Start, l.End, text} }
	block := l.node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	switch tag := l.node.ShortTag(); {
	case raw == "": // nothing after the key
		return []Edit{{l.File, l.KeyEnd + 1, l.KeyEnd + 1, " plimsoll"}}
	case block:
		return blockEdits(l.File, data, l.Start, l.End)
	case tag == "!!null":
		return []Edit{whole("plimsoll")}
	case tag == "!!bool":
		return []Edit{whole(flipped(raw))}
	case tag == "!!int" && integer.MatchString(raw):
		return []Edit{whole(next(raw)), whole("1" + raw)}
	case tag == "!!int", tag == "!!float":
		return []Edit{whole("1" + raw), whole("1"), whole("7.5")}
	}
	return textEdits(l.File, data, l.Start, l.End)
}

// blockEdits change one line of a block scalar: the last, the first.
func blockEdits(file string, data []byte, start, end int) []Edit {
	first := start + bytes.IndexByte(data[start:end], '\n') + 1
	if first == start {
		return nil
	}
	firstEnd := first + len(bytes.TrimRight(bytes.SplitN(data[first:end], []byte("\n"), 2)[0], " \t\r"))
	last := start + len(bytes.TrimRight(data[start:end], " \t\r\n"))
	return []Edit{{file, last, last, "7"}, {file, firstEnd, firstEnd, "7"}}
}

// textEdits change the text of a scalar, be it quoted or not.
func textEdits(file string, data []byte, start, end int) []Edit {
	from, to := start, end
	if to-from >= 2 && (data[from] == '"' || data[from] == '\'') && data[to-1] == data[from] {
		from, to = from+1, to-1
	}
	text := string(data[from:to])
	before, after := Edit{file, from, from, "1"}, Edit{file, to, to, "7"}
	switch {
	case text == "":
		return []Edit{{file, from, to, "plimsoll"}, {file, from, to, "1"}}
	case text == "true", text == "false":
		return []Edit{{file, from, to, flipped(text)}, after}
	case integer.MatchString(text):
		return []Edit{{file, from, to, next(text)}, before, after}
	case numberLike.MatchString(text):
		return []Edit{before, after}
	}
	changed := []Edit{after, {file, from, from, "z"}, before}
	if r := []rune(text); len(r) > 2 && !strings.Contains(text, "{{") {
		middle := len(string(r[:len(r)/2]))
		changed = append(changed, Edit{file, from + middle, from + middle, "q"})
	}
	if data[to-1] == '=' || strings.HasSuffix(text, "}") { // a call or an object in a text: its inside cannot be guessed
		changed[0], changed[1] = changed[1], changed[0]
	}
	return changed
}

func flipped(text string) string {
	if strings.EqualFold(text, "true") || strings.EqualFold(text, "yes") || strings.EqualFold(text, "on") {
		return "false"
	}
	return "true"
}

func next(text string) string {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return "1" + text
	}
	return strconv.FormatInt(n+1, 10)
}
