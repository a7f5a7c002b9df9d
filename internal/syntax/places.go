package syntax

import (
	"bytes"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/rhysd/actionlint"
	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// places turns actionlint's lines and columns into exact spans. In a block scalar actionlint counts the bytes of the
// value from the "|" on, as if all of it stood on one line; such a column is traced back through the scalar.
type places struct {
	text *source.Text
	root *yaml.Node // read when first needed
}

func newPlaces(data []byte) *places { return &places{text: source.NewText(data)} }

func (p *places) span(e *actionlint.Error) source.Span {
	line := p.text.Line(e.Line)
	if line == nil {
		return p.text.Span(0, 0)
	}
	start := p.lineStart(e.Line)
	at := start + columnOffset(line, e.Column)
	if quotedCondition.Match(line) {
		at++ // actionlint counts from the quote on as if it were part of the expression
	}
	if block := p.blockAt(e); block != nil {
		at = p.inBlock(block, e)
	}
	return p.text.Span(at, p.tokenEnd(at))
}

// quotedCondition is a condition in quotes that does without ${{ }}.
var quotedCondition = regexp.MustCompile(`^[\s-]*if:\s+(?:"[^"$]*"|'[^'$]*')\s*(?:#.*)?$`)

func (p *places) lineStart(line int) int {
	span := p.text.LineSpan(line)
	return span.Start.Offset - (span.Start.Column - 1)
}

// columnOffset is the offset in a line of the character at a 1-based column.
func columnOffset(line []byte, column int) int {
	at := 0
	for ; column > 1 && at < len(line); column-- {
		_, size := utf8.DecodeRune(line[at:])
		at += size
	}
	return at
}

// blockAt finds the block scalar that a message is about: one that begins at or before its column on its line.
func (p *places) blockAt(e *actionlint.Error) *yaml.Node {
	if p.root == nil {
		p.root = &yaml.Node{}
		if yaml.Unmarshal(p.text.Data, p.root) != nil {
			return nil
		}
	}
	return findBlock(p.root, e.Line, e.Column)
}

func findBlock(n *yaml.Node, line, column int) *yaml.Node {
	if n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 && n.Line == line && n.Column <= column {
		return n
	}
	// Nodes stand in the order of the text: what begins before the last one above the line has ended there.
	first := sort.Search(len(n.Content), func(i int) bool { return n.Content[i].Line >= line })
	for _, child := range n.Content[max(0, first-1):] {
		if child.Line > line {
			break
		}
		if found := findBlock(child, line, column); found != nil {
			return found
		}
	}
	return nil
}

// inBlock is the offset in the file of what actionlint's column means in a block scalar.
func (p *places) inBlock(block *yaml.Node, e *actionlint.Error) int {
	offset := min(e.Column-block.Column, len(block.Value))
	if e.Kind == "deprecated-commands" {
		offset = max(0, strings.Index(block.Value, "::"+firstQuoted(e.Message)))
	} else if offset == 0 {
		return p.lineStart(block.Line) + columnOffset(p.text.Line(block.Line), block.Column)
	}
	if block.Style&yaml.FoldedStyle != 0 {
		return p.inFolded(block, offset)
	}
	before := block.Value[:offset]
	line := block.Line + 1 + strings.Count(before, "\n")
	inLine := len(before) - strings.LastIndexByte(before, '\n') - 1
	rest, _, _ := strings.Cut(block.Value[offset-inLine:], "\n")
	raw := p.text.Line(line)
	indent := max(0, len(raw)-len(rest))
	return p.lineStart(line) + min(indent+inLine, len(raw))
}

// inFolded looks for the words that stand at an offset of a folded scalar, whose line breaks its value has lost.
func (p *places) inFolded(block *yaml.Node, offset int) int {
	start := p.lineStart(block.Line)
	word, _, _ := strings.Cut(strings.TrimLeft(block.Value[offset:], " \n"), " ")
	word, _, _ = strings.Cut(word, "\n")
	skip := strings.Count(block.Value[:offset], word)
	for at := start; word != ""; skip-- {
		i := bytes.Index(p.text.Data[at:], []byte(word))
		if i < 0 {
			break
		}
		if at += i; skip <= 0 {
			return at
		}
		at += len(word)
	}
	return start + columnOffset(p.text.Line(block.Line), block.Column)
}

func firstQuoted(message string) string {
	_, rest, _ := strings.Cut(message, `"`)
	quoted, _, _ := strings.Cut(rest, `"`)
	return quoted
}

// tokenEnd is where the word, quoted text or expression that begins at an offset ends; at most the line's end.
func (p *places) tokenEnd(at int) int {
	line, _, _ := bytes.Cut(p.text.Data[at:], []byte{'\n'})
	text := strings.TrimRight(string(line), " \t\r")
	switch {
	case text == "":
		return at
	case strings.HasPrefix(text, "${{"):
		if i := strings.Index(text, "}}"); i >= 0 {
			return at + i + 2
		}
		return at + len(text)
	case text[0] == '"' || text[0] == '\'':
		if i := strings.IndexByte(text[1:], text[0]); i >= 0 {
			return at + i + 2
		}
		return at + len(text)
	}
	skip := len(text) - len(strings.TrimLeft(text, ":!"))
	end := strings.IndexFunc(text[skip:], func(r rune) bool { return !strings.ContainsRune(wordRunes, r) })
	if end < 0 {
		end = len(text) - skip
	}
	return at + max(skip+end, 1)
}

const wordRunes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./@$*+"
