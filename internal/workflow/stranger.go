package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Stranger is an access to something that no trigger of the workflow brings with it, so that it is always empty.
type Stranger struct {
	Path    source.Path `json:"path"`    // of the scalar
	Text    string      `json:"text"`    // of the expression, as written
	Context string      `json:"context"` // github.event.pull_request
	Events  []string    `json:"events"`  // those that would bring it
	// Spare: the expression has something else to fall back on, the scalar asks for the event as well, or it is the name of
	// a concurrency group, in which an empty part does no harm.
	Spare bool `json:"spare"`
}

var (
	pullRequests = []string{"pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"}
	comments     = []string{"issue_comment", "pull_request_review_comment", "commit_comment", "discussion_comment"}
)

// bringers are the events that bring a part of the event's payload. See
// https://docs.github.com/en/webhooks/webhook-events-and-payloads.
var bringers = map[string][]string{
	"github.event.pull_request":   pullRequests,
	"github.head_ref":             append(slices.Clone(pullRequests), "merge_group"),
	"github.base_ref":             append(slices.Clone(pullRequests), "merge_group"),
	"github.event.issue":          {"issues", "issue_comment"},
	"github.event.comment":        comments,
	"github.event.review":         {"pull_request_review"},
	"github.event.release":        {"release"},
	"github.event.discussion":     {"discussion", "discussion_comment"},
	"github.event.workflow_run":   {"workflow_run"},
	"github.event.client_payload": {"repository_dispatch"},
	"github.event.merge_group":    {"merge_group"},
	"github.event.deployment":     {"deployment", "deployment_status"},
	"github.event.head_commit":    {"push"},
	"github.event.commits":        {"push"},
}

// strangers lists the accesses whose value no trigger brings. A workflow that is called has its caller's event, so
// nothing is known of it; neither is of an action.
func (w *Workflow) strangers(doc *source.Document) []Stranger {
	found := []Stranger{}
	if w.IsAction || len(w.Events) == 0 || w.startsOn(eventWorkflowCall) {
		return found
	}
	eachScalar(doc.Value, nil, func(path source.Path, value string) {
		expressions := expressionsAt(path, value)
		spare := isGroup(path) || slices.ContainsFunc(expressions, func(e expression.Expression) bool { return mentionsEvent(e.Root) })
		for _, e := range expressions {
			e.Root.Walk(func(n *expression.Node) {
				if name := w.missing(n); name != "" && len(found) < maxExpressions {
					found = append(found, Stranger{
						Path: path, Text: e.Text, Context: name, Events: bringers[name], Spare: spare || isAlternative(e.Root, n),
					})
				}
			})
		}
	})
	return found
}

func (w *Workflow) startsOn(event string) bool {
	return slices.ContainsFunc(w.Events, func(e Event) bool { return e.Name == event })
}

// missing names the part of the payload that an access reads and no trigger brings; "" where there is none.
func (w *Workflow) missing(n *expression.Node) string {
	if n.Kind != expression.Context || n.Path[0] != "github" || len(n.Path) < 2 {
		return ""
	}
	for size := 2; size <= min(3, len(n.Path)); size++ {
		name := strings.Join(n.Path[:size], ".")
		if events, known := bringers[name]; known && !slices.ContainsFunc(events, w.startsOn) {
			return name
		}
	}
	return ""
}

// isGroup reports whether a path leads to the name of a concurrency group, in either of its two forms.
func isGroup(path source.Path) bool {
	last := path[len(path)-1]
	return last == "concurrency" || len(path) > 1 && last == "group" && path[len(path)-2] == "concurrency"
}

// mentionsEvent reports whether an expression asks which event it is.
func mentionsEvent(root *expression.Node) bool {
	asked := false
	root.Walk(func(n *expression.Node) {
		asked = asked || n.Kind == expression.Context && strings.Join(n.Path, ".") == "github.event_name"
	})

	return asked
}

// isAlternative reports whether a node stands in one side of ||, so that the other side stands in for it.
func isAlternative(root, n *expression.Node) bool {
	if root == nil || root == n {
		return false
	}
	inside := false
	root.Walk(func(m *expression.Node) {
		if m.Kind == expression.Operator && m.Name == "||" {
			m.Walk(func(below *expression.Node) { inside = inside || below == n })
		}
	})

	return inside
}
