package workflow

import (
	"slices"
	"strings"
)

// Reach says who can put text of their own into a value.
type Reach string

// The reaches, furthest first.
const (
	// ReachOutsider: anybody on GitHub, into a run that holds the repository's own token and secrets.
	ReachOutsider Reach = "outsider"
	// ReachFork: anybody with a pull request, into a run that has a read-only token and no secrets when it comes from
	// a fork, and whose workflow the pull request could change as well.
	ReachFork Reach = "fork"
	// ReachContributor: whoever gets a change merged.
	ReachContributor Reach = "contributor"
	// ReachCaller: whoever calls the action or reusable workflow decides what the value holds.
	ReachCaller Reach = "caller"
)

// reaches are all of them, furthest first.
var reaches = []Reach{ReachOutsider, ReachFork, ReachContributor, ReachCaller}

// eventReach says who starts a run by each event that can carry text from outside. Events that only people with
// write access cause (create, release, workflow_dispatch, repository_dispatch, …) are not here.
var eventReach = map[string]Reach{
	"pull_request_target":         ReachOutsider,
	"issues":                      ReachOutsider,
	"issue_comment":               ReachOutsider,
	"discussion":                  ReachOutsider,
	"discussion_comment":          ReachOutsider,
	"commit_comment":              ReachOutsider,
	"gollum":                      ReachOutsider,
	"workflow_run":                ReachOutsider,
	"pull_request":                ReachFork,
	"pull_request_review":         ReachFork,
	"pull_request_review_comment": ReachFork,
	"push":                        ReachContributor,
	"merge_group":                 ReachContributor,
}

// untrusted is a context that holds text which somebody outside chooses freely.
type untrusted struct {
	path   []string
	events []string // those that carry it
}

// untrustedContexts is GitHub's list of untrusted input, completed from the webhooks' payloads. Numbers, commit
// SHAs, booleans, logins and repository names are left out: their alphabet has nothing that a shell reads.
var untrustedContexts = slices.Concat(
	untrust([]string{"pull_request", "pull_request_target"}, "github.head_ref"),
	untrust([]string{"pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"},
		"github.event.pull_request.title", "github.event.pull_request.body",
		"github.event.pull_request.head.ref", "github.event.pull_request.head.label",
		"github.event.pull_request.head.repo.default_branch", "github.event.pull_request.head.repo.description",
		"github.event.pull_request.head.repo.homepage"),
	untrust([]string{"pull_request", "pull_request_target", "issues", "discussion"},
		"github.event.changes.title.from", "github.event.changes.body.from"),
	untrust([]string{"issues", "issue_comment"}, "github.event.issue.title", "github.event.issue.body"),
	untrust([]string{"issue_comment", "commit_comment", "discussion_comment", "pull_request_review_comment"},
		"github.event.comment.body"),
	untrust([]string{"pull_request_review"}, "github.event.review.body"),
	untrust([]string{"discussion", "discussion_comment"},
		"github.event.discussion.title", "github.event.discussion.body"),
	untrust([]string{"gollum"}, "github.event.pages.*.page_name", "github.event.pages.*.title"),
	untrust([]string{"push"},
		"github.event.commits.*.message", "github.event.commits.*.author.name",
		"github.event.commits.*.author.email", "github.event.commits.*.committer.name",
		"github.event.commits.*.committer.email"),
	untrust([]string{"push", "merge_group"},
		"github.event.head_commit.message", "github.event.head_commit.author.name",
		"github.event.head_commit.author.email", "github.event.head_commit.committer.name",
		"github.event.head_commit.committer.email"),
	untrust([]string{"merge_group"},
		"github.event.merge_group.head_commit.message", "github.event.merge_group.head_commit.author.name",
		"github.event.merge_group.head_commit.author.email"),
	untrust([]string{"workflow_run"},
		"github.event.workflow_run.head_branch", "github.event.workflow_run.display_title",
		"github.event.workflow_run.head_commit.message", "github.event.workflow_run.head_commit.author.name",
		"github.event.workflow_run.head_commit.author.email", "github.event.workflow_run.head_commit.committer.name",
		"github.event.workflow_run.head_commit.committer.email",
		"github.event.workflow_run.head_repository.description", "github.event.workflow_run.pull_requests.*.head.ref"),
)

func untrust(events []string, contexts ...string) []untrusted {
	var out []untrusted
	for _, c := range contexts {
		out = append(out, untrusted{strings.Split(c, "."), events})
	}
	return out
}

// shownBy reports whether the access yields the untrusted text: itself, or an object around it as JSON.
func (u untrusted) shownBy(l leaf) bool {
	if len(l.path) > len(u.path) || len(l.path) < len(u.path) && !l.json {
		return false
	}
	for i, step := range l.path {
		if step != u.path[i] && step != AnyStep && u.path[i] != AnyStep {
			return false
		}
	}
	return true
}

// taint is what an access can bring in.
type taint struct {
	context string // the untrusted context, github.event.issue.title; inputs.x for an input
	via     string // where the access is to something that was set from it: env.TITLE
	event   string // the event that carries it furthest; "" where the caller decides
	reach   Reach
}

// taintOf gives the furthest-reaching untrusted text that the access yields in a run by one of the events.
func taintOf(l leaf, events map[string]bool, called bool) (taint, bool) {
	var best taint
	for _, u := range untrustedContexts {
		if !u.shownBy(l) {
			continue
		}
		for _, event := range u.events {
			if events[event] {
				best = further(best, taint{context: strings.Join(u.path, "."), event: event, reach: eventReach[event]})
			}
		}
		if called {
			best = further(best, taint{context: strings.Join(u.path, "."), reach: ReachCaller})
		}
	}
	return best, best.context != ""
}

// further gives the taint that more people can cause; the first of equals.
func further(a, b taint) taint {
	if a.context == "" || b.context != "" && slices.Index(reaches, b.reach) < slices.Index(reaches, a.reach) {
		return b
	}
	return a
}
