package workflow

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/shell"
)

// headMembers are the members of the API's answer about a pull request, and the fields of gh pr, that name something of
// the change. The commit is the one that was there when it was asked for, which is not the one that somebody looked at.
var headMembers = map[string]headKind{
	"head.sha":            headPull,
	"headrefoid":          headPull,
	"merge_commit_sha":    headPull,
	"head.ref":            headBranch,
	"headrefname":         headBranch,
	"head.repo.full_name": headRepository,
	"head.repo.clone_url": headRepository,
	"head.repo.html_url":  headRepository,
}

// memberKind reads the end of an access to such an answer: pr.data.head.sha, .headRefOid.
func memberKind(access string) headKind {
	access = strings.ToLower(strings.TrimSpace(access))
	for member, kind := range headMembers {
		if strings.HasSuffix(access, "."+member) {
			return kind
		}
	}
	return headNone
}

// stepKind reads an output of a step: what its script writes there, what haya14busa/action-cond chooses between, else what
// it is called.
func (r *headReader) stepKind(id, output string, depth int) headKind {
	best := namedKind(output)
	for i := range r.scope.job.Steps {
		step := &r.scope.job.Steps[i]
		if !strings.EqualFold(step.ID, id) {
			continue
		}
		switch step.Action() {
		case "haya14busa/action-cond":
			for _, name := range []string{"if_true", "if_false"} {
				value, _ := step.Input(name)
				best = max(best, r.valueKind(value, depth))
			}
		case "actions/github-script":
			code, _ := step.Input("script")
			best = max(best, r.javascriptKind(code, output, depth))
		default:
			best = max(best, r.writtenKind(step, shell.FileOutput, output, depth))
		}
	}
	return best
}

// exportedKind reads a variable that steps before the one in scope wrote to GITHUB_ENV.
func (r *headReader) exportedKind(name string, depth int) headKind {
	var best headKind
	steps := r.scope.job.Steps
	for i := range steps[:min(r.scope.step.index, len(steps))] {
		best = max(best, r.writtenKind(&steps[i], shell.FileEnv, name, depth))
	}
	return best
}

// writtenKind reads what a step's script writes under a name to a file that hands on text.
func (r *headReader) writtenKind(step *Step, file, name string, depth int) headKind {
	if r.scope.tracer == nil {
		return headNone
	}
	inside := *r
	inside.scope = r.scope.at(step)
	var best headKind
	for _, w := range r.scope.tracer.script(step).Written {
		if w.File != file || !strings.EqualFold(w.Name, name) {
			continue
		}
		if strings.HasPrefix(w.Text, "refs/pull/") {
			return headPull
		}
		for _, p := range w.Value {
			best = max(best, memberKind(p.Member))
			switch {
			case p.Expr != nil:
				best = max(best, inside.nodeKind(p.Expr.Root, depth+1))
			case p.Env != "":
				best = max(best, inside.valueKind(inside.scope.envValue(p.Env), depth))
			}
		}
	}
	return best
}

// javascriptKind reads what a github-script step gives an output, or returns.
func (r *headReader) javascriptKind(code, output string, depth int) headKind {
	var best headKind
	if len(code) > shell.MaxScript {
		return best
	}
	for _, value := range javascriptCalls(code, output) {
		value = strings.TrimSpace(value)
		best = max(best, r.valueKind(strings.Trim(value, "'\"`"), depth), memberKind(value))
		for _, rest := range after(code, "const "+value+" = ") {
			set, _, _ := strings.Cut(rest, "\n")
			best = max(best, memberKind(strings.TrimRight(set, "; ")))
		}
	}
	return best
}

// valueKind reads a text that stands in the workflow.
func (r *headReader) valueKind(value string, depth int) headKind {
	if strings.HasPrefix(value, "refs/pull/") {
		return headPull
	}
	return r.textKind(value, depth)
}

// jobKind reads an output of another job of the workflow.
func (r *headReader) jobKind(id, output string, depth int) headKind {
	for i := range r.scope.workflow.Jobs {
		job := &r.scope.workflow.Jobs[i]
		if !strings.EqualFold(job.ID, id) {
			continue
		}
		inside := *r
		inside.scope.job, inside.scope.step = job, job.end()
		if kind := inside.textKind(inputOf(job.Outputs, output), depth); kind != headNone {
			return kind
		}
	}
	return namedKind(output)
}
