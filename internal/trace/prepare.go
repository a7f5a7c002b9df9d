package trace

import (
	"bytes"
	"strconv"
	"text/template/parse"
)

// The functions that prepared templates call beside their own.
const (
	readFunc     = "trace_read"
	setFunc      = "trace_set"
	printFunc    = "trace_print"
	templateFunc = "trace_template"
)

// preparer makes one source's parsed templates tell what they do.
type preparer struct {
	*tracer
	block *block
	base  int                   // of the source in the block
	reads *parse.IdentifierNode // of the function that notes reads: one node for all calls, whose place nobody asks for
	dot   *parse.DotNode        // likewise
}

// list prepares nodes that stand within a control action, which is told by its offset in the block; -1 is none.
func (p *preparer) list(list *parse.ListNode, within int) {
	if list == nil {
		return
	}
	nodes := make([]parse.Node, 0, 2*len(list.Nodes))
	for _, node := range list.Nodes {
		at := p.base + int(node.Position())
		switch n := node.(type) {
		case *parse.TextNode:
			p.text(n, at, within)
			nodes = append(nodes, n)
			continue
		case *parse.ActionNode:
			p.action(n)
		case *parse.TemplateNode:
			node = p.template(n)
		case *parse.IfNode:
			p.branch(&n.BranchNode, at)
		case *parse.WithNode:
			p.branch(&n.BranchNode, at)
		case *parse.RangeNode:
			p.branch(&n.BranchNode, at)
			p.block.control[at].loop = true
		default:
			nodes = append(nodes, node)
			continue
		}
		p.inside(at, within)
		nodes = append(nodes, p.block.mark(at), node)
	}
	list.Nodes = nodes
}

func (p *preparer) inside(at, within int) {
	if within >= 0 {
		p.block.parents[at] = within
	}
}

// text has a text node write the block's own bytes.
func (p *preparer) text(n *parse.TextNode, at, within int) {
	end := at + len(n.Text)
	if end <= len(p.block.bytes) && bytes.Equal(p.block.bytes[at:end], n.Text) {
		n.Text = p.block.bytes[at:end:end]
		p.inside(at, within)
	}
}

func (p *preparer) branch(n *parse.BranchNode, at int) {
	p.pipe(n.Pipe)
	p.block.control[at] = &control{body: n.List}
	for _, v := range n.Pipe.Decl {
		p.block.control[at].vars = append(p.block.control[at].vars, v.Ident[0])
	}
	p.list(n.List, at)
	p.list(n.ElseList, at)
}

// maxKeys is how many keys of one text are looked at.
const maxKeys = 8

// keysOf are the keys of maps that a body's own text writes, the first few of each text.
func keysOf(list *parse.ListNode) []BodyKey {
	var keys []BodyKey
	for _, node := range list.Nodes {
		n, ok := node.(*parse.TextNode)
		if !ok || len(n.Text) == 0 {
			continue
		}
		count := 0
		for line := range bytes.Lines(n.Text) {
			if key, ok := keyIn(line); ok && count < maxKeys {
				keys = append(keys, key)
				count++
			}
		}
	}
	return keys
}

// keyIn is the key that a line of YAML begins with.
func keyIn(line []byte) (BodyKey, bool) {
	rest := bytes.TrimLeft(line, " \t")
	for bytes.HasPrefix(rest, []byte("- ")) {
		rest = bytes.TrimLeft(rest[1:], " ")
	}
	name, _, found := bytes.Cut(rest, []byte(":"))
	if !found || len(name) == 0 || bytes.ContainsAny(name, " \t#\"'{}[]") {
		return BodyKey{}, false
	}
	return BodyKey{Name: string(name), Indent: len(line) - len(rest)}, true
}

func (p *preparer) action(n *parse.ActionNode) {
	ambiguous := p.pipe(n.Pipe) > 1
	switch {
	case len(n.Pipe.Decl) > 0:
		n.Pipe.Cmds = append(n.Pipe.Cmds, call(n.Pos, setFunc, str(n.Pos, n.Pipe.Decl[0].Ident[0]), truth(n.Pos, n.Pipe.IsAssign)))
	case ambiguous:
		n.Pipe.Cmds = append(n.Pipe.Cmds, call(n.Pos, printFunc))
	}
}

// template makes an action of {{ template }} that writes what the named template renders to.
func (p *preparer) template(n *parse.TemplateNode) parse.Node {
	var arg parse.Node = &parse.NilNode{NodeType: parse.NodeNil, Pos: n.Pos}
	if n.Pipe != nil {
		p.pipe(n.Pipe)
		arg = n.Pipe
	}
	cmd := call(n.Pos, templateFunc, str(n.Pos, n.Name), arg)
	return &parse.ActionNode{NodeType: parse.NodeAction, Pos: n.Pos, Line: n.Line, Pipe: pipeOf(n.Pos, cmd)}
}

// pipe prepares a pipeline and counts the reads of values in it.
func (p *preparer) pipe(pipe *parse.PipeNode) int {
	if pipe == nil {
		return 0
	}
	reads := 0
	for i, cmd := range pipe.Cmds {
		callee, _ := cmd.Args[0].(*parse.IdentifierNode)
		for j, arg := range cmd.Args {
			calls := j == 0 && (len(cmd.Args) > 1 || i > 0) // a method, which must stay what it is
			node, n := p.operand(arg, calls, callee)
			cmd.Args[j] = node
			reads += n
		}
		if callee != nil && selectors[callee.Ident] {
			reads++ // which of them it was is seen in the end
		}
	}
	return reads
}

// operand prepares one operand of a command. A read of a value becomes a call that notes it.
func (p *preparer) operand(arg parse.Node, calls bool, callee *parse.IdentifierNode) (parse.Node, int) {
	switch n := arg.(type) {
	case *parse.PipeNode:
		return n, p.pipe(n)
	case *parse.ChainNode:
		inner, count := p.operand(n.Node, false, nil)
		n.Node = inner
		if calls {
			return n, count
		}
		return p.read(n, &parse.NilNode{NodeType: parse.NodeNil, Pos: n.Pos}, nil), count + 1
	case *parse.FieldNode:
		if calls || builtin[n.Ident[0]] {
			return n, 0
		}
		return p.read(n, p.dot, n.Ident), 1
	case *parse.VariableNode:
		root := n.Ident[0] == "$"
		if calls || root && (len(n.Ident) == 1 || builtin[n.Ident[1]]) {
			return n, 0
		}
		base := &parse.VariableNode{NodeType: parse.NodeVariable, Pos: n.Pos, Ident: n.Ident[:1]}
		return p.read(n, base, n.Ident), 1
	case *parse.DotNode:
		if callee != nil && (callee.Ident == "include" || callee.Ident == "tpl") {
			return n, 0 // all that the template sees: no value in particular
		}
		return p.read(n, p.dot, nil), 1
	}
	return arg, 0
}

// builtin are the objects beside the values that templates see: what they hold comes from no file. Their methods want them
// as they are.
var builtin = map[string]bool{"Release": true, "Capabilities": true, "Files": true, "Template": true}

// read wraps a read of a value.
func (p *preparer) read(x, base parse.Node, idents []string) parse.Node {
	p.idents = append(p.idents, idents)
	id := len(p.idents) - 1
	pos := x.Position()
	number := &parse.NumberNode{NodeType: parse.NodeNumber, Pos: pos, IsInt: true, Int64: int64(id)}
	return pipeOf(pos, &parse.CommandNode{NodeType: parse.NodeCommand, Pos: pos, Args: []parse.Node{p.reads, number, base, x}})
}

func call(pos parse.Pos, name string, args ...parse.Node) *parse.CommandNode {
	return &parse.CommandNode{
		NodeType: parse.NodeCommand, Pos: pos,
		Args: append([]parse.Node{parse.NewIdentifier(name).SetPos(pos)}, args...),
	}
}

func pipeOf(pos parse.Pos, cmd *parse.CommandNode) *parse.PipeNode {
	return &parse.PipeNode{NodeType: parse.NodePipe, Pos: pos, Cmds: []*parse.CommandNode{cmd}}
}

func str(pos parse.Pos, text string) *parse.StringNode {
	return &parse.StringNode{NodeType: parse.NodeString, Pos: pos, Quoted: strconv.Quote(text), Text: text}
}

func truth(pos parse.Pos, is bool) *parse.BoolNode {
	return &parse.BoolNode{NodeType: parse.NodeBool, Pos: pos, True: is}
}
