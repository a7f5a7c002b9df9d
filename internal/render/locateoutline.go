package render

import (
	"bytes"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// role is what a line of a sketch is to the lines below it.
type role int

const (
	roleDocument role = iota // everything between two "---"
	roleKey                  // a key of a map
	roleItem                 // an item of a list
	roleSplice               // an action alone on its line, which may write any keys or items
)

// node is a part of a sketch in the tree that its indentation draws.
type node struct {
	role     role
	key      string // with holes
	value    string // what follows the key or dash on its line, with holes, in its quotes; a block's text is left out
	flow     any    // the value of a flow list or map that holds no hole
	isBlock  bool   // the value is a block scalar
	at       int    // offset in the sketch of the key, dash or action
	valueAt  int    // offset in the sketch of value
	block    *block
	children []*node
}

// outliner reads a sketch as if it were YAML.
type outliner struct {
	sketch *sketch
	docs   []*node
	stack  []level
	quiet  int // indentation below which a block scalar's lines end; -1 outside of one
}

type level struct {
	indent int
	node   *node
}

// outline gives the documents of a sketch that hold anything.
func outline(s *sketch) []*node {
	o := outliner{sketch: s, quiet: -1}
	o.document(0)
	for at := 0; at < len(s.text); {
		end := len(s.text)
		if i := bytes.IndexByte(s.text[at:], '\n'); i >= 0 {
			end = at + i
		}
		o.line(at, end)
		at = end + 1
	}
	var docs []*node
	for _, d := range o.docs {
		if len(d.children) > 0 {
			docs = append(docs, d)
		}
	}
	return docs
}

func (o *outliner) document(at int) {
	doc := &node{role: roleDocument, at: at, block: o.sketch.pieceAt(at).block}
	o.docs = append(o.docs, doc)
	o.stack = []level{{indent: -1, node: doc}}
}

// line reads the line between two offsets.
func (o *outliner) line(at, end int) {
	body := strings.TrimRight(string(o.sketch.text[at:end]), " \t\r")
	if strings.HasPrefix(body, "---") {
		o.document(at)
		o.quiet = -1
		body = strings.TrimPrefix(body, "---")
		at += len("---")
	}
	blank := len(body) - len(strings.TrimLeft(body, " \t"))
	indent, body := blank, body[blank:]
	at += blank
	switch {
	case body == "" || body[0] == '#':
		return
	case o.quiet >= 0 && indent > o.quiet:
		return
	}
	o.quiet = -1
	o.entry(indent, at, body)
}

const maxLevels = 200 // of indentation; what is deeper is no part of the outline

// entry reads what stands at an indentation; an item's content is an entry of its own.
func (o *outliner) entry(indent, at int, body string) {
	if len(o.stack) > maxLevels {
		o.stack = o.stack[:maxLevels]
		return
	}
	n := &node{at: at, valueAt: at, block: o.sketch.pieceAt(at).block}
	if body == "-" || strings.HasPrefix(body, "- ") {
		n.role = roleItem
		o.push(indent, n)
		rest := strings.TrimLeft(body[1:], " ")
		if rest == "" {
			return
		}
		skip := len(body) - len(rest)
		if _, _, isKey := cutKey(rest); isKey || rest == "-" || strings.HasPrefix(rest, "- ") {
			o.entry(indent+skip, at+skip, rest)
			return
		}
		o.value(n, indent, at+skip, rest)
		return
	}
	key, rest, ok := cutKey(body)
	switch {
	case ok:
		n.role, n.key = roleKey, key
		o.push(indent, n)
		o.value(n, indent, at+len(body)-len(rest), rest)
	case strings.Trim(body, hole) == "" || strings.HasPrefix(body, hole):
		n.role, n.value = roleSplice, body
		o.push(indent, n)
	}
}

// push puts a node below the line that its indentation puts it under. A list may stand as far out as its key. An action
// alone on its line says nothing of the lines after it, wherever it stands.
func (o *outliner) push(indent int, n *node) {
	at, inList := len(o.stack)-1, n.role == roleItem
	for ; at > 0; at-- {
		top := o.stack[at]
		if top.indent < indent || top.indent == indent && inList && top.node.role == roleKey {
			break
		}
		inList = inList || n.role == roleSplice && top.indent == indent && top.node.role == roleItem
	}
	parent := o.stack[at].node
	parent.children = append(parent.children, n)
	if n.role != roleSplice {
		o.stack = append(o.stack[:at+1], level{indent, n})
	}
}

// value gives a node what follows it on its line. What only some conditions write is a hole.
func (o *outliner) value(n *node, indent, at int, rest string) {
	n.valueAt = at
	rest = withoutComment(rest)
	raw := []byte(rest)
	for i := range raw {
		if p := o.sketch.pieceAt(at + i); p.block != n.block {
			raw[i] = hole[0]
		}
	}
	n.value = string(raw)
	switch {
	case rest == "":
	case rest[0] == '|' || rest[0] == '>':
		n.isBlock, o.quiet = true, indent
	case (rest[0] == '[' || rest[0] == '{') && !strings.Contains(n.value, hole):
		docs, _ := parse.YAML(&source.File{Data: []byte(rest)}, source.Manifest, source.YAML11) // what is none is compared as text
		if len(docs) == 1 {
			n.flow = docs[0].Value
		}
	}
}

// cutKey takes the key off a line such as `image: nginx`.
func cutKey(body string) (key, rest string, ok bool) {
	from := 0
	if body[0] == '"' || body[0] == '\'' {
		i := strings.IndexByte(body[1:], body[0])
		if i < 0 {
			return "", "", false
		}
		from = i + 2
	}
	i := strings.IndexByte(body[from:], ':')
	for i >= 0 && from+i+1 < len(body) && body[from+i+1] != ' ' {
		next := strings.IndexByte(body[from+i+1:], ':')
		if next < 0 {
			return "", "", false
		}
		i += 1 + next
	}
	if i < 0 || from == 0 && strings.ContainsAny(body[:i], " {}[],\"'") {
		return "", "", false
	}
	return strings.Trim(body[:from+i], `"'`), strings.TrimLeft(body[from+i+1:], " "), true
}

// withoutComment takes the comment off the end of a line, outside of quotes.
func withoutComment(rest string) string {
	quote := byte(0)
	for i := range len(rest) {
		switch c := rest[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\'') && i == 0:
			quote = c
		case quote == 0 && c == '#' && i > 0 && rest[i-1] == ' ':
			return strings.TrimRight(rest[:i], " ")
		}
	}
	return rest
}
