package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// fileOrigins gives what a file holds that a step before this one brought in from outside: an artifact of the run that
// started this one, or a pull request's tree.
func (s scope) fileOrigins(p shell.Piece) []origin {
	return s.before(func(step *Step) (*untrusted, source.Path) { return s.bringsIn(step, p.File) })
}

// treeOrigins gives what git prints of the tree that a step before this one brought in: names of files, messages of
// commits.
func (s scope) treeOrigins(p shell.Piece) []origin {
	found := s.before(func(step *Step) (*untrusted, source.Path) {
		events, at := s.checksOutHead(step, p.File)
		if events == nil {
			return nil, nil
		}
		return ofPullRequest(p, events), at
	})
	if events, at := s.printsFetched(p); len(found) == 0 && events != nil {
		found = s.outside(ofPullRequest(p, events), Place{File: s.file, Path: at, Message: "brought in here"})
	}
	return found
}

func ofPullRequest(p shell.Piece, events []string) *untrusted {
	return &untrusted{path: []string{"what " + p.Tree + " prints of the pull request"}, events: events, lines: true}
}

// printsFetched gives the events in whose runs the step's command prints of a pull request that this step or one before
// it fetched, although none checked it out, and the place that fetches it.
func (s scope) printsFetched(p shell.Piece) (events []string, at source.Path) {
	for _, event := range privilegedEvents {
		r := &headReader{event: event, scope: s, fetched: map[string]string{}}
		fetched := r.fetching(s.job.Steps[:min(s.step.index, len(s.job.Steps))])
		if own := r.fetching([]Step{*s.step}); fetched == nil {
			fetched = own
		}
		prints := func(c shell.Command) bool {
			return len(c.Words) > 1 && c.Name()+" "+c.Words[1].Text == p.Tree && slices.ContainsFunc(c.Words[2:], r.ranges)
		}
		if fetched != nil && slices.ContainsFunc(s.step.commands(), prints) {
			events, at = append(events, event), fetched
		}
	}
	return events, at
}

// fetching notes what the scripts of steps fetch of the change, and gives the first that does; nil for none.
func (r *headReader) fetching(steps []Step) source.Path {
	var first source.Path
	for _, step := range steps {
		for _, c := range step.commands() {
			if r.command(c); first == nil && len(r.fetched) > 0 {
				first = step.Path.Append("run")
			}
		}
	}
	return first
}

// ranges reports whether a word of git's names the change, by itself or as an end of a range: main...change.
func (r *headReader) ranges(w shell.Word) bool {
	for end := range strings.SplitSeq(strings.ReplaceAll(w.Text, "...", ".."), "..") {
		if r.holds(shell.Word{Text: end, Exprs: w.Exprs}) {
			return true
		}
	}
	return false
}

// before gives the origin that the nearest step before this one brings in, if one does.
func (s scope) before(brings func(*Step) (*untrusted, source.Path)) []origin {
	for i := min(s.step.index, len(s.job.Steps)) - 1; i >= 0; i-- {
		step := &s.job.Steps[i]
		if u, at := brings(step); u != nil {
			found := s.outside(u, Place{File: s.file, Path: at, Message: "brought in here"})
			return guarded(found, s.workflow.guardOfStep(s.job, step))
		}
	}
	return nil
}

// bringsIn is what a step leaves at a place of the workspace that others wrote, with the events in whose runs they are
// outsiders; nil where it leaves nothing of theirs there.
func (s scope) bringsIn(step *Step, file string) (*untrusted, source.Path) {
	if file == shell.Outside {
		return nil, nil
	}
	artifact := &untrusted{path: []string{"the file " + file + " of a downloaded artifact"}, events: ofRun, lines: true}
	dir, _ := step.Input("path")
	lies := shell.Within(file, shell.InDir("", dir))
	switch step.Action() {
	case "actions/download-artifact":
		if run, path := step.Input("run-id"); run != "" && lies {
			return artifact, path
		}
	case "dawidd6/action-download-artifact":
		if lies {
			return artifact, step.Path.Append("uses")
		}
	}
	if events, at := s.checksOutHead(step, file); events != nil {
		return &untrusted{path: []string{"the file " + file + " of the pull request"}, events: events, lines: true}, at
	}
	for _, c := range step.commands() {
		if s.unpacks(step, c, file) {
			return artifact, step.Path.Append("run")
		}
	}
	return nil, nil
}

// unpacks reports whether a command leaves the files of an artifact where the file lies.
func (s scope) unpacks(step *Step, c shell.Command, file string) bool {
	switch c.Name() {
	case "gh":
		return strings.HasPrefix(c.Subcommand(), "run download")
	case "unzip", "7z":
		return s.fetchesArtifact(step) && shell.Within(file, shell.InDir(c.Dir, c.ValueOf("-d", "-o")))
	}
	return false
}

// fetchesArtifact reports whether a script before the step asks for an artifact of the run that started this one.
func (s scope) fetchesArtifact(step *Step) bool {
	for i := range s.job.Steps[:min(step.index, len(s.job.Steps))] {
		script, _ := s.job.Steps[i].Input("script")
		if s.job.Steps[i].Action() == "actions/github-script" && strings.Contains(script, "downloadArtifact(") && strings.Contains(script, "workflow_run.id") {
			return true
		}
	}
	return false
}

// checksOutHead gives the events in whose runs a step leaves a pull request's tree where the file lies, and the place that
// says so; none where it leaves none.
func (s scope) checksOutHead(step *Step, file string) (events []string, at source.Path) {
	if file == shell.Outside {
		return nil, nil
	}
	dir, _ := step.Input("path")
	for _, event := range privilegedEvents {
		r := &headReader{event: event, scope: s, fetched: map[string]string{}}
		if step.Action() == "actions/checkout" && shell.Within(file, shell.InDir("", dir)) && !step.refuses(event, s.workflow.comment(step.Path.Append("uses"))) {
			if c := r.action(step); c != nil {
				events, at = append(events, event), c.Path
			}
		}
		for _, c := range step.commands() {
			if text, root := r.command(c); text != "" && shell.Within(file, root) {
				events, at = append(events, event), step.Path.Append("run")
			}
		}
	}
	return events, at
}

// answeredOrigins gives what others wrote in the API's answer about a pull request or an issue, of which a step puts out the
// whole as JSON. taken is the part that is read.
func (s scope) answeredOrigins(id, taken string) []origin {
	if !slices.Contains(answeredFields, strings.TrimPrefix(taken, "data.")) {
		return nil
	}
	for i := range s.job.Steps[:min(s.step.index, len(s.job.Steps))] {
		step := &s.job.Steps[i]
		if !strings.EqualFold(step.ID, id) {
			continue
		}
		if at := step.asksAPI(); at != nil {
			u := &untrusted{path: []string{"the " + taken + " that the API answers with"}, events: answerEvents, lines: strings.HasSuffix(taken, "body")}
			found := s.outside(u, Place{File: s.file, Path: at, Message: "asked for here"})
			return guarded(found, s.workflow.guardOfStep(s.job, step))
		}
	}
	return nil
}

// asksAPI is the input by which a step asks the API about pull requests or issues; nil where it does not.
func (s *Step) asksAPI() source.Path {
	switch s.Action() {
	case "actions/github-script":
		if script, at := s.Input("script"); asksAbout(script) {
			return at
		}
	case "octokit/request-action":
		if route, at := s.Input("route"); strings.Contains(route, "/pulls/") || strings.Contains(route, "/issues/") {
			return at
		}
	}
	return nil
}
