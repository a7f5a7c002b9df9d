package token

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// credential says whose a secret text is.
type credential int

// The credentials.
const (
	nobodys   credential = iota // none at all
	foreign                     // another than the job's token: a personal access token, an app's
	uncertain                   // may be the job's token
	own                         // the job's token
)

// reaches reports whether the job's token may be it.
func (c credential) reaches() bool { return c >= uncertain }

// either is one of two, and which is not known.
func either(a, b credential) credential {
	switch {
	case a == b || b == nobodys:
		return a
	case a == nobodys:
		return b
	}
	return uncertain
}

// frame is a list of steps that run together, and what names in it mean: a job, or a composite action in it.
type frame struct {
	file   string // of the steps; "" for the document that is looked at
	w      *workflow.Workflow
	job    *workflow.Job
	caller *frame         // of a composite action: who uses it …
	by     *workflow.Step // … in which step
	depth  int            // of actions in actions
	spent  int            // how many texts were looked at, of a frame without a caller
}

// maxTexts bounds how many texts are looked at for credentials in one job: names that stand for names that stand for
// names are many.
const maxTexts = 200000

// spend counts a text that is looked at, and reports whether there have been too many.
func (f *frame) spend() bool {
	for f.caller != nil {
		f = f.caller
	}
	f.spent++
	return f.spent > maxTexts
}

// maxFollowed bounds how deeply actions, workflows, scripts and names are followed. GitHub's own bound for both of the
// first is 10.
const maxFollowed = 10

// env gives the text of a variable that a step sees and the frame that it is written in.
func (f *frame) env(s *workflow.Step, name string) (string, *frame, bool) {
	for at, step := f, s; at != nil; at, step = at.caller, at.by {
		if step != nil {
			if text, ok := step.Env.Text(name); ok {
				return text, at, true
			}
		}
		if at.caller != nil {
			continue
		}
		if text, ok := at.job.Env.Text(name); ok {
			return text, at, true
		}
		if text, ok := at.w.Env.Text(name); ok {
			return text, at, true
		}
		if text, ok := at.job.ContainerEnv().Text(name); ok {
			return text, at, true
		}
	}
	return "", f, false
}

// stepIn gives the step of an outer frame that leads to a step of this one.
func (f *frame) stepIn(outer *frame, s *workflow.Step) *workflow.Step {
	for at := f; at != nil && at != outer; at = at.caller {
		s = at.by
	}
	return s
}

// envText is env for those who cannot follow expressions.
func (f *frame) envText(s *workflow.Step) func(string) string {
	return func(name string) string {
		text, at, _ := f.env(s, name)
		return at.resolve(f.stepIn(at, s), text)
	}
}

// variables lists the names of all variables of `env:` that a step sees.
func (f *frame) variables(s *workflow.Step) []string {
	var names []string
	add := func(e workflow.Env) {
		for name := range e {
			names = append(names, name)
		}
	}
	for at, step := f, s; at != nil; at, step = at.caller, at.by {
		if step != nil {
			add(step.Env)
		}
		if at.caller == nil {
			add(at.job.Env)
			add(at.w.Env)
			add(at.job.ContainerEnv())
		}
	}
	return names
}

// input gives the text of an input of the composite action that the frame is, and the frame that it is written in.
func (f *frame) input(name string) (string, *frame, bool) {
	if f.caller == nil {
		return "", f, false
	}
	if text, path := f.by.Input(name); path != nil {
		return text, f.caller, true
	}
	text, ok := f.w.Default(name)
	return text, f, ok
}

// resolve follows a text that is nothing but an input or variable to what it is set to, as far as that is written down.
func (f *frame) resolve(s *workflow.Step, text string) string {
	at := f
	for range maxFollowed {
		exprs := expression.Find(text)
		if len(exprs) != 1 || exprs[0].Text != strings.TrimSpace(text) {
			return text
		}
		next, from, ok := at.follow(s, exprs[0].Root)
		if !ok {
			return text
		}
		s = at.stepIn(from, s)
		text, at = next, from
	}
	return text
}

// follow gives what inputs.x or env.x is set to.
func (f *frame) follow(s *workflow.Step, n *expression.Node) (string, *frame, bool) {
	if n == nil || n.Kind != expression.Context || len(n.Path) != 2 {
		return "", f, false
	}
	switch n.Path[0] {
	case "inputs":
		return f.input(n.Path[1])
	case "env":
		return f.env(s, n.Path[1])
	}
	return "", f, false
}

// credential says whose token a text holds.
func (f *frame) credential(s *workflow.Step, text string) credential {
	return f.credentialOf(s, text, 0)
}

func (f *frame) credentialOf(s *workflow.Step, text string, depth int) credential {
	best := nobodys
	if !strings.Contains(text, "${{") {
		return best
	}
	if f.spend() {
		return uncertain
	}
	for _, e := range expression.Find(text) {
		best = max(best, f.credentialIn(s, e.Root, depth)) // of several in one text any may be the one that counts
	}
	return best
}

// credentialIn says whose token an expression yields.
func (f *frame) credentialIn(s *workflow.Step, n *expression.Node, depth int) credential {
	var found credential
	for _, a := range n.Leaves() {
		found = either(found, f.accessed(s, a, depth))
	}
	return found
}

// accessed says whose token an access reads.
func (f *frame) accessed(s *workflow.Step, a expression.Leaf, depth int) credential {
	path := a.Path
	if depth > maxFollowed {
		return uncertain
	}
	switch joined := strings.Join(path, "."); {
	case joined == "github.token", joined == "secrets.github_token":
		return own
	case path[0] == "github" && (len(path) > 1 || !a.JSON):
		return nobodys
	case path[0] == "secrets":
		return f.secret(path)
	case len(path) > 1 && !namesSecret(path[len(path)-1]) && path[0] != "env" && (path[0] != "inputs" || f.caller == nil):
		return nobodys // the number of a pull request, the name of a branch
	case (path[0] == "inputs" || path[0] == "env") && len(path) == 2:
		text, from, ok := f.follow(s, &expression.Node{Kind: expression.Context, Path: path})
		switch {
		case ok:
			return from.credentialOf(f.stepIn(from, s), text, depth+1)
		case f.caller != nil && path[0] == "inputs":
			return nobodys // an input that is not set
		}
		return uncertain
	case path[0] == "steps" && len(path) > 3:
		return f.output(path[1])
	case path[0] == "vars":
		return foreign
	case path[0] == "needs", path[0] == "github", path[0] == expression.AnyStep:
		return uncertain
	}
	return nobodys
}

// namesSecret reports whether what an output, input or variable is called says that it holds a token. What anybody can
// read is handed on in outputs far more often.
func namesSecret(name string) bool {
	return name == expression.AnyStep || slices.ContainsFunc([]string{"token", "pat", "password", "secret", "key", "auth", "cred", "header"}, func(part string) bool {
		return strings.Contains(name, part)
	})
}

// secret says whose a secret is. A called workflow's secrets are what its callers pass, which may be the token.
func (f *frame) secret(path []string) credential {
	if len(path) < 2 || path[1] == expression.AnyStep {
		return uncertain
	}
	for at := f; at != nil; at = at.caller {
		if at.w.Called() {
			return uncertain
		}
	}
	return foreign
}

// output says whose token the output of a step may be: actions make tokens of their own, a script may pass on what it has.
func (f *frame) output(id string) credential {
	if f.job != nil {
		for i := range f.job.Steps {
			if s := &f.job.Steps[i]; strings.EqualFold(s.ID, id) && s.Uses != "" && !local(s.Uses) {
				return foreign
			}
		}
	}
	return uncertain
}

// local reports whether a `uses:` names a part of this repository.
func local(uses string) bool { return strings.HasPrefix(uses, "./") || strings.HasPrefix(uses, "$/") }
