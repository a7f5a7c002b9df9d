package token

import (
	"slices"

	"github.com/tdewolff/parse/v2/js"
)

// within walks what the script goes on from when it fails.
func (v *callVisitor) within(n js.INode) {
	v.caught++
	js.Walk(v, n)
	v.caught--
}

// try walks a try statement, whose body may fail where the handler goes on.
func (v *callVisitor) try(n *js.TryStmt) js.IVisitor {
	if n.Catch == nil || !goesOn(n.Catch) {
		return v
	}
	v.within(n.Body)
	js.Walk(v, n.Catch)
	if n.Finally != nil {
		js.Walk(v, n.Finally)
	}
	return nil
}

func (v *callVisitor) add(c apiCall) {
	c.caught = v.caught > 0
	v.calls = append(v.calls, c)
}

// catches takes x and f from x.catch(f); nil for any other call.
func catches(n *js.CallExpr) (x, f js.IExpr) {
	dot, is := n.X.(*js.DotExpr)
	if !is || memberName(dot.Y) != "catch" || len(n.Args.List) != 1 {
		return nil, nil
	}
	return dot.X, n.Args.List[0].Value
}

// goesOn reports whether a handler of an error neither throws it on nor fails the step.
func goesOn(handler js.INode) bool {
	w := &failWatch{}
	js.Walk(w, handler)
	return !w.fails
}

type failWatch struct{ fails bool }

// Enter looks for what fails.
func (w *failWatch) Enter(n js.INode) js.IVisitor {
	switch n := n.(type) {
	case *js.ThrowStmt:
		w.fails = true
	case *js.DotExpr:
		path := members(n)
		w.fails = w.fails || path != nil && slices.Contains([]string{"setFailed", "exit", "exitCode", "reject"}, path[len(path)-1])
	}
	return w
}

// Exit has nothing left to do.
func (w *failWatch) Exit(js.INode) {}
