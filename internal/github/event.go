package github

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// Event is what GitHub Actions says about the run that the program is a part of.
type Event struct {
	Name       string // "pull_request", "push", "merge_group", …
	Repository string // "owner/name" of the repository that the workflow belongs to
	// HeadSHA is the commit that a check belongs to: a pull request's own head, not the merge commit that is checked
	// out; a merge group's head; else the commit that started the run.
	HeadSHA string
	// Number is the pull request's; 0 where the run is about none.
	Number int
	// Linted is the commit that started the run, and Ref its full name, such as refs/pull/4/merge: what is checked out
	// unless the workflow says otherwise. The rest of the event may be about another commit.
	Linted, Ref string
	// DefaultBranch is true for a run on the repository's default branch.
	DefaultBranch bool
	// BaseSHA is the commit that the change is made upon; "" where the event has none, as for a new branch.
	BaseSHA string
	// Fork is true for a pull request whose head is in another repository, or in one that is gone.
	Fork       bool
	Dependabot bool   // Dependabot started the run
	ServerURL  string // of the web pages, without a slash at the end
	APIURL     string // of the API, as Options take it
	RunURL     string // page of the run; "" outside of Actions
	// Run is the run that a workflow_run event tells of; nil for any other event.
	Run *Run
	// GraphQLURL is that of the GraphQL API, as Options take it; "" is the one that belongs to APIURL.
	GraphQLURL string
	// RunID names the step that is running: run, attempt, job, step and runner. A check run carries it, so that this step
	// knows its own again, and no other job's of the same matrix.
	RunID string
}

// Run is a run of another workflow that has ended. GitHub says all of this, but the names in it are those that a stranger
// may have given.
type Run struct {
	ID             int64
	Event          string // that started it, "pull_request"
	HeadSHA        string // of the pull request, for that event
	HeadRepository string // "owner/name" of the repository that the head is in; "" where that is gone
}

// payload is what is read of an event's file.
type payload struct {
	WorkflowRun *struct {
		ID             int64  `json:"id"`
		Event          string `json:"event"`
		HeadSHA        string `json:"head_sha"`
		HeadRepository *struct {
			FullName string `json:"full_name"`
		} `json:"head_repository"`
	} `json:"workflow_run"`
	Before     string `json:"before"`
	Repository struct {
		DefaultBranch string `json:"default_branch"`
	} `json:"repository"`
	PullRequest *struct {
		Number     int `json:"number"`
		Head, Base struct {
			SHA  string `json:"sha"`
			Repo *struct {
				FullName string `json:"full_name"`
			} `json:"repo"`
		}
	} `json:"pull_request"`
	MergeGroup *struct {
		HeadSHA string `json:"head_sha"`
		BaseSHA string `json:"base_sha"`
	} `json:"merge_group"`
}

// EventFrom reads the environment of a step and, through readFile, the event's file. It fails where it could name the
// wrong commit: without the file of an event that needs it, or with a commit that is none.
func EventFrom(env func(string) string, readFile func(string) ([]byte, error)) (Event, error) {
	e := Event{
		Name:       env("GITHUB_EVENT_NAME"),
		Repository: env("GITHUB_REPOSITORY"),
		HeadSHA:    env("GITHUB_SHA"),
		Linted:     env("GITHUB_SHA"),
		Ref:        env("GITHUB_REF"),
		Dependabot: env("GITHUB_ACTOR") == "dependabot[bot]",
		ServerURL:  strings.TrimSuffix(cmp.Or(env("GITHUB_SERVER_URL"), "https://github.com"), "/"),
		APIURL:     cmp.Or(env("GITHUB_API_URL"), publicAPI),
		GraphQLURL: env("GITHUB_GRAPHQL_URL"),
	}
	if run := env("GITHUB_RUN_ID"); run != "" {
		e.RunURL = fmt.Sprintf("%s/%s/actions/runs/%s", e.ServerURL, e.Repository, run)
		e.RunID = strings.Join([]string{
			run, cmp.Or(env("GITHUB_RUN_ATTEMPT"), "1"), env("GITHUB_JOB"), env("GITHUB_ACTION"), env("RUNNER_NAME"),
		}, "/")
	}
	if path := env("GITHUB_EVENT_PATH"); path != "" {
		data, err := readFile(path)
		if err != nil {
			return e, fmt.Errorf("read the event: %w", err)
		}
		var p payload
		if err := json.Unmarshal(data, &p); err != nil {
			return e, fmt.Errorf("read the event: %s: %w", path, err)
		}
		e.apply(&p)
	}
	if !isSHA(e.HeadSHA) {
		return e, fmt.Errorf("the event names no commit: %q", e.HeadSHA)
	}
	return e, nil
}

func (e *Event) apply(p *payload) {
	branch := p.Repository.DefaultBranch
	e.DefaultBranch = branch != "" && e.Ref == "refs/heads/"+branch || e.Name == "schedule" // which runs on no other
	switch {
	case p.PullRequest != nil:
		head := p.PullRequest.Head
		e.Number = p.PullRequest.Number
		e.HeadSHA, e.BaseSHA = head.SHA, p.PullRequest.Base.SHA
		e.Fork = head.Repo == nil || !strings.EqualFold(head.Repo.FullName, e.Repository)
	case p.MergeGroup != nil:
		e.HeadSHA, e.BaseSHA = p.MergeGroup.HeadSHA, p.MergeGroup.BaseSHA
	case strings.Trim(p.Before, "0") != "":
		e.BaseSHA = p.Before
	}
	if !isSHA(e.BaseSHA) {
		e.BaseSHA = ""
	}
	if run := p.WorkflowRun; run != nil {
		e.Run = &Run{ID: run.ID, Event: run.Event, HeadSHA: run.HeadSHA}
		if run.HeadRepository != nil {
			e.Run.HeadRepository = run.HeadRepository.FullName
		}
	}
}

// ReadOnly says why the run's own token can write nothing, or "" where trying is worthwhile. Only a fork's pull request
// is certain; a run of Dependabot's may have been given more by `permissions:`.
func (e *Event) ReadOnly() string {
	if e.Fork && strings.HasPrefix(e.Name, "pull_request") && e.Name != "pull_request_target" {
		return "a pull request from a fork has a read-only token"
	}
	return ""
}

var shaForm = regexp.MustCompile(`^(?:[0-9a-f]{40}|[0-9a-f]{64})$`)

func isSHA(s string) bool { return shaForm.MatchString(s) }
