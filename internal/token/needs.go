package token

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// needs records those of the needs that arise; token says whose token each would be served by.
func (r *reader) needs(at site, list []ConditionedNeed, token func(Token) credential) {
	for _, n := range list {
		c := token(n.Token)
		if n.Scope == scopeOIDC {
			c = own
		}
		if host := n.When.Registry; host != "" {
			c = min(c, r.registries[host])
			if n.Level == LevelWrite && c == foreign {
				continue
			}
		}
		if c.reaches() {
			holds, events := r.holds(at, n.When)
			there := at
			there.events = events
			r.need(there, n.Need, c, holds)
		}
	}
}

// holds judges a condition by each event that may have started the run: what is needed by one of them is needed. Those by
// which it is are given too; nil where they are not known.
func (r *reader) holds(at site, c Condition) (Answer, []string) {
	situation := Situation{
		Input: func(name string) (string, bool) {
			text, p := at.step.Input(name)
			return at.frame.resolve(at.step, text), p != nil
		},
		Env: func(name string) (string, bool) {
			text, from, ok := at.frame.env(at.step, name)
			return from.resolve(at.frame.stepIn(from, at.step), text), ok
		},
		Private:  Maybe,
		Registry: func(host string) bool { return r.registries[host].reaches() },
	}
	if at.step == nil {
		at.step = &workflow.Step{}
	}
	answer, by := No, []string(nil)
	events := r.events(at)
	if len(events) == 0 {
		return c.Holds(situation), nil
	}
	for _, e := range events {
		situation.Events = []string{e}
		holds := c.Holds(situation)
		if holds > answer {
			answer, by = holds, nil
		}
		if holds == answer {
			by = append(by, e)
		}
	}
	return answer, by
}

// events lists by what the run may have been started; none when that is not known, as in a workflow that others call.
func (r *reader) events(at site) []string {
	if at.events != nil {
		return at.events
	}
	events := at.runs.Events
	if len(events) == 0 {
		root := at.frame
		for root.caller != nil {
			root = root.caller
		}
		for _, e := range root.w.Events {
			events = append(events, e.Name)
		}
	}
	if slices.Contains(events, "workflow_call") {
		return r.outer
	}
	return events
}

// need records that something needs a scope, with the token that it has for it.
func (r *reader) need(at site, n Need, c credential, holds Answer) {
	if holds == No || !c.reaches() {
		return
	}
	events := r.events(at)
	u := Use{
		Need: n, By: at.by, Path: at.path, Text: at.text, Within: at.frame.file, Events: events, runs: at.runs,
		Sure: c == own && holds == Yes && !n.Optional && n.Basis != BasisUnverified && !at.fails && !at.maybe && (at.step == nil || !at.step.ContinueOnError),
	}
	if n.Scope == "security-events" && onlyForPullRequests(events) {
		u.Sure = false // code scanning takes the results of pull requests whatever the token may do
	}
	r.uses = append(r.uses, u)
}

// unknown records something that may use the token for the scopes, nil for any, in a way that is not known.
func (r *reader) unknown(at site, why string, scopes []string) {
	r.opaque = append(r.opaque, Opaque{By: at.by, Path: at.path, Text: at.text, Why: why, Scopes: scopes})
}
