package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
)

// headKind says what a value names of the change that a pull request brings.
type headKind int

const (
	headNone       headKind = iota
	headOutput              // an output that is called head_sha: known by its name only
	headBranch              // a branch's name, which is the change only in the fork's repository
	headSource              // an output that is called source_repo: a fork, known by its name only
	headRepository          // the fork
	headCommit              // a commit of the change
	headPull                // refs/pull/N/…, wherever it points when it is read
)

// headContexts say, by event, which contexts name something of the change. Those of workflow_run's pull_requests are
// not here: GitHub leaves that list empty for a fork's run.
var headContexts = map[string]map[string]headKind{
	"pull_request_target": {
		"github.head_ref":                                  headBranch,
		"github.event.pull_request.head.ref":               headBranch,
		"github.event.pull_request.head.label":             headBranch,
		"github.event.pull_request.head.sha":               headCommit,
		"github.event.pull_request.merge_commit_sha":       headCommit,
		"github.event.pull_request.head.user.login":        headRepository,
		"github.event.pull_request.head.repo.owner.login":  headRepository,
		"github.event.pull_request.head.repo.full_name":    headRepository,
		"github.event.pull_request.head.repo.clone_url":    headRepository,
		"github.event.pull_request.head.repo.html_url":     headRepository,
		"github.event.pull_request.head.repo.git_url":      headRepository,
		"github.event.pull_request.head.repo.ssh_url":      headRepository,
		"github.event.pull_request.head.repo.svn_url":      headRepository,
		"github.event.pull_request.head.repo.url":          headRepository,
		"github.event.pull_request.head.repo.archive_url":  headRepository,
		"github.event.pull_request.head.repo.contents_url": headRepository,
	},
	"workflow_run": {
		"github.event.workflow_run.head_branch":                 headBranch,
		"github.event.workflow_run.head_sha":                    headCommit,
		"github.event.workflow_run.head_commit.id":              headCommit,
		"github.event.workflow_run.head_repository.full_name":   headRepository,
		"github.event.workflow_run.head_repository.owner.login": headRepository,
		"github.event.workflow_run.head_repository.html_url":    headRepository,
		"github.event.workflow_run.head_repository.clone_url":   headRepository,
	},
}

// headReader tells which steps of a run check out what a pull request brings.
type headReader struct {
	event   string
	scope   scope             // where the expressions stand that are being read
	inputs  map[string]any    // of the action or workflow that is being read, as its caller set them; nil for none
	outer   *headReader       // where those inputs were written
	fetched map[string]string // local branches, remotes ("name/") and prefixes ("name*") that hold the change
}

// within is the reader for an action or workflow that is called with inputs written here. Branches stay fetched.
func (r *headReader) within(callee scope, inputs map[string]any) *headReader {
	return &headReader{event: r.event, scope: callee, inputs: inputs, outer: r, fetched: r.fetched}
}

// kind gives what a text names of the change; the most telling of its expressions decides.
func (r *headReader) kind(value string) (headKind, expression.Expression) {
	if strings.HasPrefix(value, "refs/pull/") {
		return headPull, expression.Expression{Text: value}
	}
	var best headKind
	var at expression.Expression
	for _, e := range expression.Find(value) {
		if k := r.nodeKind(e.Root, 0); k > best {
			best, at = k, e
		}
	}
	return best, at
}

func (r *headReader) nodeKind(n *expression.Node, depth int) headKind {
	if isPullRef(n) {
		return headPull
	}
	var best headKind
	for _, l := range n.Leaves() {
		best = max(best, r.leafKind(l, depth))
	}
	return best
}

// isPullRef reports whether an expression is format('refs/pull/{0}/merge', …), or yields it.
func isPullRef(n *expression.Node) bool {
	if n == nil {
		return false
	}
	if n.Kind == expression.Call && n.Name == "format" && len(n.Args) > 1 && strings.HasPrefix(n.Args[0].Name, "refs/pull/") {
		return true
	}
	return n.Kind == expression.Operator && slices.ContainsFunc(n.Args, isPullRef)
}

func (r *headReader) leafKind(l expression.Leaf, depth int) headKind {
	if kind := headContexts[r.event][l.String()]; kind != headNone || depth >= maxFollowed {
		return kind
	}
	switch {
	case l.Path[0] == "env" && len(l.Path) == 2:
		return max(r.textKind(r.scope.envValue(l.Path[1]), depth), r.exportedKind(l.Path[1], depth))
	case l.Path[0] == "inputs" && len(l.Path) == 2 && r.outer != nil:
		return r.outer.textKind(inputOf(r.inputs, l.Path[1]), depth)
	case !isEarlierResult(&expression.Node{Kind: expression.Context, Path: l.Path}):
		return headNone
	case len(l.Taken) > 0:
		return namedKind(strings.Join(l.Taken, "."))
	case l.Path[0] == "steps":
		return r.stepKind(l.Path[1], l.Path[3], depth)
	}
	return r.jobKind(l.Path[1], l.Path[3], depth)
}

func (r *headReader) textKind(value string, depth int) headKind {
	var best headKind
	for _, e := range expression.Find(value) {
		best = max(best, r.nodeKind(e.Root, depth+1))
	}
	return best
}

// namedKind reads what an output, or a member of one, is called: head_sha is a commit of a head; head_ref is a branch's
// name; source_repo, fork_owner and head.repo.full_name are a fork.
func namedKind(output string) headKind {
	head := strings.Contains(output, "head")
	switch {
	case !head && !strings.Contains(output, "fork") && !strings.Contains(output, "source"):
		return headNone
	case strings.Contains(output, "repo") || strings.Contains(output, "owner"):
		return headSource
	case strings.Contains(output, "ref") || strings.Contains(output, "branch"):
		return headBranch
	case head:
		return headOutput
	}
	return headNone
}

// inputOf is the value of a key, whose case does not matter.
func inputOf(values map[string]any, name string) string {
	for _, key := range sortedKeys(values) {
		if strings.EqualFold(key, name) {
			return text(values[key])
		}
	}
	return ""
}

// action judges a step that uses actions/checkout.
func (r *headReader) action(step *Step) *Checkout {
	repository, atRepository := step.Input("repository")
	ref, atRef := step.Input("ref")
	from, inRepository := r.kind(repository)
	if repository != "" && from == headNone && len(expression.Find(repository)) == 0 {
		return nil // a fixed repository: not the pull request's
	}
	fork := from == headRepository || from == headSource || from == headOutput
	what, inRef := r.kind(ref)
	named := what == headOutput || fork && from != headRepository && what != headCommit && what != headPull
	found := &Checkout{Path: atRef, Text: inRef.Text, Named: named, Mutable: what != headCommit}
	switch what {
	case headCommit, headOutput:
		return found
	case headPull:
		if len(expression.Find(ref)) == 0 {
			return nil // one pull request of all, written into the workflow by somebody who may
		}
		found.Text = ref
		return found
	case headBranch:
		if fork {
			return found
		}
		return nil // a branch of that name in this repository, which only those who may write to it have made
	}
	if fork {
		return &Checkout{Path: atRepository, Text: inRepository.Text, Named: named, Mutable: true}
	}
	return nil
}

// command judges a git or gh command. It gives the words that bring the change in, and the directory that holds it then;
// "" where it brings none.
func (r *headReader) command(c shell.Command) (text, dir string) {
	if len(c.Words) < 3 {
		return "", ""
	}
	name, sub := c.Name(), c.Words[1].Text
	switch {
	case (name == "gh" || name == "hub") && sub == "pr" && c.Words[2].Text == "checkout":
		return name + " pr checkout", c.Dir
	case name != "git":
		return "", ""
	case sub == "remote" && c.Words[2].Text == "add" && len(c.Words) > 4 && r.fork(c.Words[len(c.Words)-1]):
		r.fetched[c.Words[len(c.Words)-2].Text+"/"] = "" // the branches of a remote
	case sub == "clone" && r.fork(c.Words[2]):
		if len(c.Words) > 3 {
			return "git clone", shell.InDir(c.Dir, c.Words[3].Text)
		}
	case sub == "fetch" || sub == "pull":
		if r.fetch(c) && sub == "pull" {
			return "git pull", c.Dir
		}
	case sub == "worktree" && c.Words[2].Text == "add" && len(c.Words) > 4 && r.holds(c.Words[4]):
		return "git worktree", shell.InDir(c.Dir, c.Words[3].Text)
	case slices.Contains([]string{"checkout", "switch", "reset", "merge", "rebase"}, sub) && !c.Has("--"):
		if slices.ContainsFunc(c.Words[2:], r.holds) {
			return "git " + sub, c.Dir
		}
	}
	return "", ""
}

// fetch notes the branches that a git fetch leaves a change in, and reports whether it fetches one.
func (r *headReader) fetch(c shell.Command) bool {
	found, fork := false, false
	for _, w := range c.Words[2:] {
		from, to, renamed := strings.Cut(w.Text, ":")
		from = strings.TrimPrefix(strings.TrimPrefix(from, "+"), "refs/")
		_, remote := r.fetched[w.Text+"/"]
		fork = fork || remote || r.fork(w)
		if !fork && !strings.HasPrefix(from, "pull/") && r.wordKind(w) != headCommit {
			continue
		}
		found = true
		r.fetched["FETCH_HEAD"] = ""
		if renamed && !strings.HasPrefix(to, "//") {
			to = strings.TrimPrefix(strings.TrimPrefix(to, "refs/heads/"), "refs/remotes/")
			r.fetched[to] = ""
		}
	}
	return found
}

// holds reports whether a word of git's names the change, or a branch that it was fetched to.
func (r *headReader) holds(w shell.Word) bool {
	if k := r.wordKind(w); k == headCommit || k == headOutput {
		return true
	}
	for name := range r.fetched {
		prefix, all := strings.CutSuffix(name, "*")
		if w.Text == name || (all || strings.HasSuffix(name, "/")) && strings.HasPrefix(w.Text, prefix) {
			return true
		}
	}
	return false
}

// fork reports whether a word names the fork's repository.
func (r *headReader) fork(w shell.Word) bool {
	kind := r.wordKind(w)
	return kind == headRepository || kind == headSource
}

func (r *headReader) wordKind(w shell.Word) headKind {
	var best headKind
	for _, e := range w.Exprs {
		best = max(best, r.nodeKind(e, 0))
	}
	return best
}
