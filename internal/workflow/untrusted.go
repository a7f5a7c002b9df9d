package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
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
	// ReachWriter: only people with write access, who start the run by hand, push a branch or publish a release.
	ReachWriter Reach = "writer"
)

// reaches are all of them, furthest first.
var reaches = []Reach{ReachOutsider, ReachFork, ReachContributor, ReachCaller, ReachWriter}

// eventReach says who writes what an event carries, of the events that can carry text from outside. What only people
// with write access write (releases, branch names, inputs of a dispatch, …) says so itself.
var eventReach = map[string]Reach{
	"check_suite":                 ReachOutsider,
	"commit_comment":              ReachOutsider,
	"discussion":                  ReachOutsider,
	"discussion_comment":          ReachOutsider,
	"fork":                        ReachOutsider,
	"gollum":                      ReachOutsider,
	"issue_comment":               ReachOutsider,
	"issues":                      ReachOutsider,
	"pull_request_target":         ReachOutsider,
	"status":                      ReachOutsider,
	"workflow_run":                ReachOutsider,
	"pull_request":                ReachFork,
	"pull_request_review":         ReachFork,
	"pull_request_review_comment": ReachFork,
	"merge_group":                 ReachContributor,
	"push":                        ReachContributor,
}

// untrusted is a context that holds text which somebody else chooses freely.
type untrusted struct {
	path   []string
	events []string // those that carry it
	types  []string // the activity types that carry it, of events that have them; nil for all
	lines  bool     // it can hold line breaks
	reach  Reach    // who writes it, where it is not what the event says; else ""
}

// The events whose payload has an object.
var (
	ofPull    = []string{"pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"}
	ofHead    = []string{"pull_request", "pull_request_target"}
	ofIssue   = []string{"issues", "issue_comment"}
	ofTalk    = []string{"discussion", "discussion_comment"}
	ofComment = []string{"issue_comment", "commit_comment", "discussion_comment", "pull_request_review_comment"}
	ofRun     = []string{"workflow_run"}
	ofPush    = []string{"push"}
)

// untrustedContexts is derived from the schemas of the webhooks' payloads: of every member that is a string, those that
// an outsider writes and that may hold characters which a shell reads. Left out are numbers, times, hashes, URLs, fixed
// sets, logins and names of repositories (letters, digits, "-", "_" and "."), topics, and what the repository's own
// people write: labels, milestones, types, categories, the base of a pull request.
var untrustedContexts = slices.Concat(
	short(ofHead, "github.head_ref"),
	short(
		ofPull, "github.event.pull_request.title", "github.event.pull_request.head.ref",
		"github.event.pull_request.head.label", "github.event.pull_request.head.repo.default_branch",
		"github.event.pull_request.head.repo.master_branch", "github.event.pull_request.head.repo.description",
		"github.event.pull_request.head.repo.homepage"),
	long(ofPull, "github.event.pull_request.body"),
	edited(slices.Concat(ofHead, []string{"issues", "discussion"}), "github.event.changes.title.from", "github.event.changes.body.from"),
	edited(slices.Concat(ofComment, []string{"pull_request_review"}), "github.event.changes.body.from"),
	short(ofIssue, "github.event.issue.title"),
	long(ofIssue, "github.event.issue.body"),
	long(ofComment, "github.event.comment.body"),
	short([]string{"commit_comment", "pull_request_review_comment"}, "github.event.comment.path"),
	long([]string{"pull_request_review_comment"}, "github.event.comment.diff_hunk"),
	long([]string{"pull_request_review"}, "github.event.review.body"),
	short(ofTalk, "github.event.discussion.title"),
	long(ofTalk, "github.event.discussion.body"),
	long([]string{"discussion"}, "github.event.answer.body", "github.event.old_answer.body"),
	short([]string{"gollum"}, "github.event.pages.*.page_name", "github.event.pages.*.title", "github.event.pages.*.summary"),
	short([]string{"fork"}, "github.event.forkee.description", "github.event.forkee.homepage", "github.event.forkee.default_branch"),
	commit(ofPush, "github.event.commits.*"),
	short(ofPush, "github.event.commits.*.added.*", "github.event.commits.*.modified.*", "github.event.commits.*.removed.*"),
	commit(ofPush, "github.event.head_commit"),
	short(ofPush, "github.event.head_commit.added.*", "github.event.head_commit.modified.*", "github.event.head_commit.removed.*"),
	commit([]string{"merge_group"}, "github.event.merge_group.head_commit"),
	commit([]string{"status"}, "github.event.commit.commit"),
	commit([]string{"check_suite"}, "github.event.check_suite.head_commit"),
	commit(ofRun, "github.event.workflow_run.head_commit"),
	short(
		ofRun, "github.event.workflow_run.head_branch", "github.event.workflow_run.display_title",
		"github.event.workflow_run.head_repository.description"),
	written(ofRun, "github.event.workflow_run.pull_requests.*.head.ref"), // of forks the list is empty
	written([]string{"workflow_dispatch"}, "github.event.inputs.*"),
	written([]string{"release"}, "github.event.release.name", "github.event.release.body",
		"github.event.release.tag_name", "github.event.release.target_commitish"),
	written([]string{"push", "create", "delete", "release", "workflow_dispatch"}, "github.ref", "github.ref_name"),
	written([]string{"push", "create", "delete", "workflow_dispatch"}, "github.event.ref"),
	written([]string{"repository_dispatch"}, "github.event.client_payload"),
)

func short(events []string, contexts ...string) []untrusted {
	return untrust(untrusted{events: events}, contexts)
}

func long(events []string, contexts ...string) []untrusted {
	return untrust(untrusted{events: events, lines: true}, contexts)
}

func edited(events []string, contexts ...string) []untrusted {
	return untrust(untrusted{events: events, types: []string{"edited"}, lines: true}, contexts)
}

func written(events []string, contexts ...string) []untrusted {
	return untrust(untrusted{events: events, reach: ReachWriter}, contexts)
}

// commit is what the author of a commit writes.
func commit(events []string, at string) []untrusted {
	return append(long(events, at+".message"),
		short(events, at+".author.name", at+".author.email", at+".committer.name", at+".committer.email")...)
}

func untrust(u untrusted, contexts []string) []untrusted {
	var out []untrusted
	for _, c := range contexts {
		u.path = strings.Split(c, ".")
		out = append(out, u)
	}
	return out
}

func (u *untrusted) String() string { return strings.Join(u.path, ".") }

// seenAs names the untrusted text as an access to it does, where that says more.
func (u *untrusted) seenAs(l expression.Leaf) string {
	if len(l.Path) >= len(u.path) && !slices.Contains(l.Path, expression.AnyStep) {
		return l.String()
	}
	return u.String()
}

// shownBy reports whether the access yields the untrusted text: itself, or an object around it as JSON.
func (u untrusted) shownBy(l expression.Leaf) bool {
	if len(l.Path) > len(u.path) && !u.open() || len(l.Path) < len(u.path) && !l.JSON {
		return false
	}
	for i, step := range l.Path[:min(len(l.Path), len(u.path))] {
		if step != u.path[i] && step != expression.AnyStep && u.path[i] != expression.AnyStep {
			return false
		}
	}
	return true
}

// open reports whether the context is an object of any shape.
func (u untrusted) open() bool { return u.path[len(u.path)-1] == "client_payload" }

// by gives who writes the text when one of the events carries it, and that event; "" where nobody does.
func (u *untrusted) by(events map[string]bool) (Reach, string) {
	var furthest Reach
	var carrier string
	for _, event := range u.events {
		reach := u.reach
		if reach == "" {
			reach = eventReach[event]
		}
		if events[event] && (furthest == "" || beyond(reach, furthest)) {
			furthest, carrier = reach, event
		}
	}
	if furthest == "" && events[eventWorkflowCall] {
		furthest = ReachCaller
	}
	return furthest, carrier
}

// beyond reports whether more people are within reach a than within b.
func beyond(a, b Reach) bool { return slices.Index(reaches, a) < slices.Index(reaches, b) }
