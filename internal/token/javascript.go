package token

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
)

// apiCall is one use of GitHub's API in a script.
type apiCall struct {
	namespace, method string // github.rest.issues.createComment: "issues", "createComment"
	request           string // of github.request: "POST /repos/{owner}/{repo}/issues"
	caught            bool   // the script goes on when it fails
}

// text is how the call is written, for a finding to point at.
func (c apiCall) text() string {
	if c.request != "" {
		return c.request
	}
	return c.namespace + "." + c.method
}

// scriptCalls is what a script for actions/github-script does with the client that it is given.
type scriptCalls struct {
	calls    []apiCall
	requires []string // files of the repository whose code it runs: ./scripts/label.js
	oidc     bool     // it asks for an OIDC token
	programs bool     // it starts programs
	clients  bool     // it makes clients of its own, with tokens of its own
	opaque   string   // why more may be called than is listed; "" where nothing more is
}

// maxJavaScript is the size of a script, in bytes, beyond which it is not read.
const maxJavaScript = 256 << 10

// readJavaScript lists the calls in a script. As a module it is a file that a script requires, to which the client may be
// known by any name.
func readJavaScript(text string, module bool) scriptCalls {
	if len(text) > maxJavaScript {
		return scriptCalls{opaque: "it is too large to be read"}
	}
	if !module {
		text = "(async () => {" + maskJavaScript(text) + "\n})"
	}
	tree, err := js.Parse(parse.NewInputString(text), js.Options{})
	if err != nil {
		return scriptCalls{opaque: "it cannot be parsed"}
	}
	v := &callVisitor{module: module}
	js.Walk(v, tree)
	if v.handed && v.foreign && v.opaque == "" {
		v.opaque = "it hands the client to a library"
	}
	return v.scriptCalls
}

// maskJavaScript replaces each ${{ … }}, which is no JavaScript, with a name.
func maskJavaScript(text string) string {
	var b strings.Builder
	at := 0
	for _, e := range expression.Find(text) {
		b.WriteString(text[at:e.Offset])
		if n := e.Root; n != nil && n.Kind == expression.Context && strings.Join(n.Path, ".") == "github.workspace" {
			b.WriteString(".") // where a script's own paths start
		} else {
			b.WriteString("__expression__")
		}
		at = e.Offset + len(e.Text)
	}
	return b.String() + text[at:]
}

type callVisitor struct {
	scriptCalls

	module  bool
	handed  bool // the client itself is handed on
	foreign bool // to what may be code from outside of the repository
	caught  int  // how many try blocks and catches there are around, that go on
}

// clientNames are how scripts call the client. A module may call it anything.
var clientNames = []string{"github", "octokit"}

// Enter judges a node; nil keeps the walk out of it.
func (v *callVisitor) Enter(n js.INode) js.IVisitor {
	switch n := n.(type) {
	case *js.DotExpr:
		if path := members(n); path != nil {
			v.access(path)
			return nil
		}
	case *js.CallExpr:
		v.call(n)
		if caught, handler := catches(n); caught != nil && goesOn(handler) {
			v.within(caught)
			js.Walk(v, handler)
			return nil
		}
	case *js.TryStmt:
		return v.try(n)
	case *js.ImportStmt:
		v.require(unquote(n.Module))
	case *js.BindingElement:
		if isClient(n.Default) && !takesRest(n.Binding) {
			v.opaque = "it gives the client another name"
		}
	case *js.BinaryExpr:
		if n.Op == js.EqToken && isClient(n.Y) {
			v.opaque = "it gives the client another name"
		}
	case *js.Property:
		if n.Name != nil { // {github: github} and {github} pass the client on; the name itself says nothing
			js.Walk(v, n.Value)
			return nil
		}
	case *js.Var:
		v.clients = v.clients || string(n.Data) == "getOctokit"
		v.handed = v.handed || slices.Contains(clientNames, string(n.Data))
	}
	return v
}

// Exit has nothing left to do.
func (v *callVisitor) Exit(js.INode) {}

func isClient(n js.IExpr) bool {
	name, is := n.(*js.Var)
	return is && slices.Contains(clientNames, string(name.Data))
}

// takesRest reports whether a binding is {rest}, whose uses are told by that name.
func takesRest(b js.IBinding) bool {
	object, is := b.(*js.BindingObject)
	if !is || object.Rest != nil {
		return false
	}
	for _, item := range object.List {
		if name, is := item.Value.Binding.(*js.Var); !is || string(name.Data) != "rest" {
			return false
		}
	}
	return true
}

// members gives the names of a.b.c; nil where something else than names is in it.
func members(n js.IExpr) []string {
	switch n := n.(type) {
	case *js.Var:
		return []string{string(n.Data)}
	case *js.DotExpr:
		path := members(n.X)
		if path == nil {
			return nil
		}
		return append(path, memberName(n.Y))
	}
	return nil
}

func memberName(n js.IExpr) string {
	switch n := n.(type) {
	case *js.Var:
		return string(n.Data)
	case *js.LiteralExpr:
		return string(n.Data)
	case js.LiteralExpr:
		return string(n.Data)
	}
	return ""
}

// access judges a.b.c, whether it is called or handed on.
func (v *callVisitor) access(path []string) {
	rest := slices.Index(path, "rest")
	client := slices.Contains(clientNames, path[0])
	switch {
	case rest >= 0 && rest+2 < len(path):
		v.add(apiCall{namespace: path[rest+1], method: path[rest+2]})
	case rest >= 0 && (client || v.module || rest == 0):
		v.opaque = "it takes methods of the API that are not named on the spot"
	case path[0] == "core" && path[len(path)-1] == "getIDToken":
		v.oidc = true
	case path[0] == "exec", slices.Contains(starters, path[len(path)-1]) && path[0] != "core":
		v.programs = true
	case path[len(path)-1] == "getOctokit":
		v.clients = true
	case path[len(path)-1] == "graphql" && (client || v.module):
		v.opaque = "it queries GraphQL"
	case client && len(path) == 3 && !slices.Contains(plainMembers, path[1]):
		v.add(apiCall{namespace: path[1], method: path[2]})
	}
}

// plainMembers are members of the client that are no namespaces of the API.
var plainMembers = []string{"request", "paginate", "graphql", "hook", "log", "context", "auth"}

// starters are functions that start programs.
var starters = []string{"exec", "execSync", "execFile", "execFileSync", "spawn", "spawnSync", "getExecOutput"}

// call judges a call: of require, of github.request.
func (v *callVisitor) call(n *js.CallExpr) {
	path := members(n.X)
	if word, is := n.X.(*js.LiteralExpr); is && word.TokenType == js.ImportToken {
		path = []string{"import"}
	}
	if path == nil {
		return
	}
	first := ""
	if len(n.Args.List) > 0 {
		if text, ok := n.Args.List[0].Value.(*js.LiteralExpr); ok && text.TokenType == js.StringToken {
			first = unquote(text.Data)
		}
	}
	switch last := path[len(path)-1]; {
	case len(path) == 1 && (last == "require" || last == "import"):
		v.require(first)
	case len(path) == 1 && slices.Contains(starters, last):
		v.programs = true
	case last == "request" && slices.Contains(clientNames, path[0]), last == "paginate" && strings.Contains(first, " /"):
		if first == "" {
			v.opaque = "it calls the API at an address that is not written there"
			return
		}
		v.add(apiCall{request: first})
	}
}

func (v *callVisitor) require(module string) {
	switch {
	case strings.HasPrefix(module, "."):
		v.requires = append(v.requires, module)
	case module == "":
		v.opaque = "it runs code that is not named on the spot"
	case strings.HasPrefix(module, "@octokit/"), strings.HasPrefix(module, "@actions/github"):
		v.clients = true
	default:
		v.foreign = v.foreign || !strings.HasPrefix(module, "node:") && !slices.Contains(nodeModules, module)
	}
}

// nodeModules are those of Node's own modules that scripts use; none of them calls GitHub.
var nodeModules = []string{"assert", "child_process", "crypto", "fs", "fs/promises", "os", "path", "process", "timers/promises", "url", "util"}

func unquote(literal []byte) string {
	text := string(literal)
	if out, err := strconv.Unquote(text); err == nil {
		return out
	}
	return strings.Trim(text, "'\"`")
}
