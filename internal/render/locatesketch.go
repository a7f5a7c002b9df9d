package render

import (
	"bytes"
	"sort"
	"strings"
	"text/template/parse"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Limits of reading templates for places. What is past them has no sketch, or a hole in it.
const (
	maxActions = 20_000  // delimiters in one file
	maxSteps   = 500_000 // nodes walked for one sketch, and lines of their texts; those of an include counted each time
	maxSketch  = 2 << 20 // bytes of one sketch
	maxPieces  = 200_000 // pieces of one sketch
	maxInclude = 12      // templates that include each other
)

// hole stands in a sketch for what an action writes.
const hole = "\x00"

// sketch is a template as the text that it would write: with all branches of its conditions one after another, each loop
// run once, named templates in place of their includes, and a hole for each value.
type sketch struct {
	text   []byte
	pieces []piece // in the order of their starts
}

// piece is a run of a sketch's text that one text or action of a template wrote.
type piece struct {
	start  int // in the sketch
	file   *source.File
	offset int    // in the file, of the text's first byte or of the action
	action bool   // the whole piece is one action's
	block  *block // the innermost condition or loop around it; nil outside of all
	from   *call  // the include that it comes by; nil for the template's own
	reads  []source.Path
}

// block is a condition or a loop around a part of a template.
type block struct {
	up      *block
	repeats bool
}

// call is an action that includes a named template.
type call struct {
	up     *call
	file   *source.File
	offset int
	depth  int
}

// pieceAt is the piece that wrote the byte at an offset of the sketch.
func (s *sketch) pieceAt(at int) *piece {
	i := sort.Search(len(s.pieces), func(i int) bool { return s.pieces[i].start > at })
	if i == 0 {
		return &piece{}
	}
	return &s.pieces[i-1]
}

// add appends text; of what stands in a file the offset counts on, so that each byte has its place.
func (s *sketch) add(text string, p piece) {
	if text != "" && len(s.text)+len(text) <= maxSketch && len(s.pieces) < maxPieces {
		p.start = len(s.text)
		s.pieces = append(s.pieces, p)
		s.text = append(s.text, text...)
	}
}

// splice appends another sketch, with each line of it indented.
func (s *sketch) splice(other *sketch, indent int) {
	pad := strings.Repeat(" ", indent)
	for i, p := range other.pieces {
		end := len(other.text)
		if i+1 < len(other.pieces) {
			end = other.pieces[i+1].start
		}
		text := string(other.text[p.start:end])
		for len(text) > 0 {
			line, _, more := strings.Cut(text, "\n")
			if more {
				line += "\n"
			}
			s.add(line, p)
			if more {
				s.add(pad, p)
			}
			text = text[len(line):]
			if !p.action {
				p.offset += len(line)
			}
		}
	}
}

// trimmed is the sketch without blanks around it.
func (s *sketch) trimmed() *sketch {
	from := len(s.text) - len(bytes.TrimLeft(s.text, " \t\r\n"))
	to := len(bytes.TrimRight(s.text, " \t\r\n"))
	out := &sketch{}
	for i, p := range s.pieces {
		end := len(s.text)
		if i+1 < len(s.pieces) {
			end = s.pieces[i+1].start
		}
		begin := max(p.start, from)
		if end = min(end, to); begin >= end {
			continue
		}
		if !p.action {
			p.offset += begin - p.start
		}
		out.add(string(s.text[begin:end]), p)
	}
	return out
}

// parsedTemplate is a template file's text as Go's template language reads it.
type parsedTemplate struct {
	file *source.File
	skip int // bytes of a byte order mark, which Helm takes away before it parses
	main *parse.Tree
	all  map[string]*parse.Tree
}

// parseTemplate gives nil for what is no template.
func parseTemplate(file *source.File) *parsedTemplate {
	data := bytes.TrimPrefix(file.Data, []byte("\ufeff"))
	if bytes.Count(data, []byte("{{")) > maxActions || bytes.IndexByte(data, 0) >= 0 {
		return nil
	}
	tree := parse.New(file.Path)
	tree.Mode = parse.SkipFuncCheck
	all := map[string]*parse.Tree{}
	if _, err := tree.Parse(string(data), "", "", all); err != nil {
		return nil
	}
	return &parsedTemplate{file: file, skip: len(file.Data) - len(data), main: all[file.Path], all: all}
}

// defined is a named template and the file that defines it.
type defined struct {
	in   *parsedTemplate
	tree *parse.Tree
}

// newSketch draws a template. It gives an empty sketch for a file that is no template.
func newSketch(t *parsedTemplate, named map[string]defined) *sketch {
	out := &sketch{}
	if t != nil && t.main != nil && t.main.Root != nil {
		steps := maxSteps
		w := sketcher{in: t, named: named, steps: &steps, out: out, scope: newScope(subject{known: true})}
		w.list(t.main.Root, nil)
	}
	return out
}

// sketcher draws the body of one template.
type sketcher struct {
	in    *parsedTemplate
	named map[string]defined
	steps *int
	from  *call
	scope scope
	out   *sketch
}

func (w *sketcher) list(list *parse.ListNode, in *block) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		if t, ok := n.(*parse.TextNode); ok {
			*w.steps -= len(t.Text) / 32
		}
		if *w.steps--; *w.steps < 0 {
			return
		}
		w.node(n, in)
	}
}

func (w *sketcher) node(n parse.Node, in *block) {
	switch n := n.(type) {
	case *parse.TextNode:
		w.out.add(string(n.Text), w.piece(n.Pos, in))
	case *parse.ActionNode:
		w.action(n, in)
	case *parse.TemplateNode:
		if !w.include(n.Name, w.scope.subjectOf(n.Pipe), n.Pos, nil, in) {
			w.hole(n.Pipe, n.Pos, in, hole)
		}
	case *parse.IfNode:
		w.branch(&n.BranchNode, w.scope.dot, in, false)
	case *parse.WithNode:
		w.branch(&n.BranchNode, w.scope.subjectOf(n.Pipe), in, false)
	case *parse.RangeNode:
		w.branch(&n.BranchNode, subject{}, in, true)
	}
}

func (w *sketcher) branch(n *parse.BranchNode, dot subject, in *block, repeats bool) {
	w.scope.declare(n.Pipe, repeats)
	outer := w.scope.dot
	w.scope.dot = dot
	w.list(n.List, &block{up: in, repeats: repeats})
	w.scope.dot = outer
	w.list(n.ElseList, &block{up: in})
}

func (w *sketcher) piece(pos parse.Pos, in *block) piece {
	return piece{file: w.in.file, offset: int(pos) + w.in.skip, block: in, from: w.from}
}

// action draws what an action writes: an included template, or a hole.
func (w *sketcher) action(n *parse.ActionNode, in *block) {
	if len(n.Pipe.Decl) > 0 {
		w.scope.declare(n.Pipe, false)
		return
	}
	first := n.Pipe.Cmds[0]
	if function(first) == "fail" {
		return
	}
	if name, dot, ok := w.scope.included(first); ok && onlyLaysOut(n.Pipe.Cmds[1:]) {
		if w.include(name, dot, n.Pos, n.Pipe.Cmds[1:], in) {
			return
		}
	}
	text := printed(n.Pipe.Cmds)
	if indent, ok := newLine(n.Pipe.Cmds[1:]); ok {
		text = "\n" + strings.Repeat(" ", indent) + text
	} else {
		text = strings.Repeat(" ", indentOf(n.Pipe.Cmds[1:])) + text
	}
	w.hole(n.Pipe, n.Pos, in, text)
}

// hole draws an action that writes a value; text is hole, with what is known of the text around it.
func (w *sketcher) hole(pipe *parse.PipeNode, pos parse.Pos, in *block, text string) {
	p := w.piece(pos, in)
	p.action, p.reads = true, w.scope.reads(pipe)
	w.out.add(text, p)
}

// include draws a named template where an action includes it, if that is where lines begin. It reports whether it did.
func (w *sketcher) include(name string, dot subject, pos parse.Pos, layout []*parse.CommandNode, in *block) bool {
	indent, onNewLine := newLine(layout)
	line := w.out.text[bytes.LastIndexByte(w.out.text, '\n')+1:]
	d, ok := w.named[name]
	depth := 1
	if w.from != nil {
		depth = w.from.depth + 1
	}
	if !ok || depth > maxInclude || (!onNewLine && len(bytes.Trim(line, " -")) > 0) {
		return false
	}
	body := sketcher{
		in: d.in, named: w.named, steps: w.steps, out: &sketch{}, scope: newScope(dot),
		from: &call{up: w.from, file: w.in.file, offset: int(pos) + w.in.skip, depth: depth},
	}
	body.list(d.tree.Root, in)
	drawn := body.out
	if trims(layout) {
		drawn = drawn.trimmed()
	}
	switch {
	case len(bytes.TrimSpace(drawn.text)) == 0:
		return true
	case onNewLine:
		w.out.add("\n", drawn.pieces[0])
	default:
		indent = indentOf(layout)
	}
	w.out.add(strings.Repeat(" ", indent), drawn.pieces[0])
	w.out.splice(drawn, indent)
	return true
}
