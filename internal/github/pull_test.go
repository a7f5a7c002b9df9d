package github_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

func TestPullIsBelievedOnlyWhereTheEventAgrees(t *testing.T) {
	good := fakeapi.Pull{Number: 4, HeadSHA: head, HeadRepository: "mallory/shop", MergeSHA: merge}
	for name, test := range map[string]struct {
		change  func(p *fakeapi.Pull, run *github.Run)
		claimed int
		want    string // part of the error
		moved   bool
	}{
		"as claimed":             {func(*fakeapi.Pull, *github.Run) {}, 4, "", false},
		"other case":             {func(_ *fakeapi.Pull, run *github.Run) { run.HeadRepository = "Mallory/Shop" }, 4, "", false},
		"no such number":         {func(*fakeapi.Pull, *github.Run) {}, 5, "404", false},
		"somebody else's":        {func(p *fakeapi.Pull, _ *github.Run) { p.HeadRepository = "ann/shop" }, 4, "the run was for", false},
		"repository is gone":     {func(p *fakeapi.Pull, _ *github.Run) { p.HeadRepository = "" }, 4, "the run was for", false},
		"both are gone":          {func(p *fakeapi.Pull, run *github.Run) { p.HeadRepository, run.HeadRepository = "", "" }, 4, "the run was for", false},
		"another commit":         {func(p *fakeapi.Pull, _ *github.Run) { p.HeadSHA = base }, 4, "moved on", true},
		"closed":                 {func(p *fakeapi.Pull, _ *github.Run) { p.State = "closed" }, 4, "closed", true},
		"the event has none":     {func(p *fakeapi.Pull, run *github.Run) { p.HeadSHA, run.HeadSHA = "", "" }, 4, "names no commit", false},
		"the event has a branch": {func(p *fakeapi.Pull, run *github.Run) { p.HeadSHA, run.HeadSHA = "main", "main" }, 4, "names no commit", false},
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				pull, run := good, github.Run{ID: 7, Event: "pull_request", HeadSHA: head, HeadRepository: "mallory/shop"}
				test.change(&pull, &run)
				api.Pull = &pull
				got, err := client(t, api).PullOf(t.Context(), &run, test.claimed)
				if test.want == "" {
					if diff := cmp.Diff(github.Pull{Number: 4, HeadSHA: head, MergeSHA: merge}, got); diff != "" || err != nil {
						t.Errorf("%v (-want +got):\n%s", err, diff)
					}
					return
				}
				if err == nil || !strings.Contains(err.Error(), test.want) || errors.Is(err, github.ErrMovedOn) != test.moved {
					t.Errorf("error %v, want %q, moved on %v", err, test.want, test.moved)
				}
			})
		})
	}
}

func TestRunOfTheEvent(t *testing.T) {
	const run = `{"workflow_run":{"id":7,"event":"pull_request","head_sha":"` + head + `","head_branch":"$(x)","head_repository":%s}}`
	got, err := event(t, "workflow_run", fmt.Sprintf(run, `{"full_name":"mallory/shop"}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&github.Run{ID: 7, Event: "pull_request", HeadSHA: head, HeadRepository: "mallory/shop"}, got.Run); diff != "" || got.HeadSHA != merge {
		t.Errorf("head %s; run (-want +got):\n%s", got.HeadSHA, diff)
	}
	if got, err = event(t, "workflow_run", fmt.Sprintf(run, "null")); err != nil || got.Run.HeadRepository != "" {
		t.Errorf("%v: %+v", err, got.Run)
	}
	if got, err = event(t, "push", `{}`); err != nil || got.Run != nil {
		t.Errorf("%v: %+v", err, got.Run)
	}
}
