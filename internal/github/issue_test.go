package github_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

var tracking = github.Tracking{Name: "plimsoll", Title: "Findings\nof the audit", Labels: []string{"security"}, Body: "two findings"}

func track(t *testing.T, api *fakeapi.Server, change github.Tracking) string {
	t.Helper()
	page, err := client(t, api).Track(t.Context(), change)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestIssueIsOneThroughItsLife(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		clean := tracking
		clean.Clean, clean.Body = true, "none"
		state := func() string {
			var all []string
			for _, i := range api.Issues() {
				_, text, _ := strings.Cut(i.Body, "\n")
				all = append(all, strings.Join(append([]string{i.State, i.Reason, i.Title, text}, i.Labels...), "|"))
			}
			return strings.Join(all, "\n")
		}
		for _, step := range []struct {
			change github.Tracking
			want   string
			page   bool
		}{
			{clean, "", false},
			{tracking, "open||Findings of the audit|two findings|security", true},
			{tracking, "open||Findings of the audit|two findings|security", true},
			{clean, "closed|completed|Findings of the audit|none|security", true},
			{clean, "closed|completed|Findings of the audit|none|security", true},
			{tracking, "open||Findings of the audit|two findings|security", true},
		} {
			page := track(t, api, step.change)
			if diff := cmp.Diff(step.want, state()); diff != "" || (page != "") != step.page {
				t.Fatalf("page %q; issues (-want +got):\n%s", page, diff)
			}
		}
		if made, changed := len(api.Requests("issues/create")), len(api.Requests("issues/update")); made != 1 || changed != 2 {
			t.Errorf("%d made and %d changed, want 1 and 2: what is the same is not sent again", made, changed)
		}
		other := tracking
		other.Name = "another job"
		if track(t, api, other); len(api.Issues()) != 2 {
			t.Error("another audit has no issue of its own")
		}
	})
}

func TestIssuesOfOthersAreNotBelieved(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		track(t, api, tracking)
		ours := api.Issues()[0]
		for _, author := range []string{"mallory", "dependabot[bot]"} {
			api.AddIssue(fakeapi.Issue{Title: "copied", Body: ours.Body, State: "open", Author: author})
		}
		api.AddIssue(fakeapi.Issue{Title: "a pull request", Body: ours.Body, State: "open", Author: api.Login, Pull: true})
		api.AddIssue(fakeapi.Issue{Title: "quoted", Body: "> " + ours.Body, State: "open", Author: api.Login})
		clean := tracking
		clean.Clean = true
		track(t, api, clean)
		for i, issue := range api.Issues() {
			if (issue.State == "closed") != (i == 0) {
				t.Errorf("%q is %s", issue.Title, issue.State)
			}
		}
	})
}

func TestIssueIsFoundOnALaterPage(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		track(t, api, tracking)
		for range 250 {
			api.AddIssue(fakeapi.Issue{Title: "other", State: "open", Author: api.Login})
		}
		track(t, api, tracking)
		if got := len(api.Requests("issues/create")); got != 1 {
			t.Errorf("made %d times", got)
		}
		for range 800 {
			api.AddIssue(fakeapi.Issue{Title: "other", State: "open", Author: api.Login})
		}
		before := len(api.Requests(""))
		if _, err := client(t, api).Track(t.Context(), tracking); err == nil || len(api.Requests("issues/create")) != 1 {
			t.Errorf("error %v: an issue that cannot be found must not be made twice", err)
		}
		if sent := len(api.Requests("")) - before; sent != 11 {
			t.Errorf("%d requests, want 11: trying again finds no more", sent)
		}
	})
}

func TestIssueIsCutBetweenLines(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		long := tracking
		long.Body = strings.Repeat("| a finding with ü |\n", 10_000)
		track(t, api, long)
		if got := api.Issues()[0].Body; len(got) > 65536 || !strings.HasSuffix(got, "ü |\n\n\nThe rest does not fit here.\n") {
			t.Errorf("%d bytes, ending in %q", len(got), got[len(got)-60:])
		}
	})
}

func TestIssueIsMadeOnceWhateverHappens(t *testing.T) {
	for name, fault := range map[string]fakeapi.Fault{
		"fault after it":   fakeapi.ServedThen(fakeapi.Status(500, "Server Error")),
		"silence after it": fakeapi.ServedThen(fakeapi.Silence),
		"secondary limit":  fakeapi.Status(403, "You have exceeded a secondary rate limit."),
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				api.Plan("issues/create", 1, fault)
				if page := track(t, api, tracking); len(api.Issues()) != 1 || page == "" {
					t.Errorf("%d issues, page %q", len(api.Issues()), page)
				}
			})
		})
	}
}

func TestIssueWithoutPermission(t *testing.T) {
	for name, deny := range map[string]func(api *fakeapi.Server){
		"read-only":    func(api *fakeapi.Server) { api.Permissions["issues"] = "read" },
		"none":         func(api *fakeapi.Server) { delete(api.Permissions, "issues") },
		"none, hidden": func(api *fakeapi.Server) { delete(api.Permissions, "issues"); api.Private = true },
		"no name": func(api *fakeapi.Server) {
			api.Plan("graphql", 1, fakeapi.Status(200, "", "Content-Type", "application/json"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				deny(api)
				_, err := client(t, api).Track(t.Context(), tracking)
				if err == nil || len(api.Issues()) > 0 {
					t.Fatalf("error %v, %d issues", err, len(api.Issues()))
				}
				if name != "no name" && (!errors.Is(err, github.ErrNoPermission) || !strings.Contains(err.Error(), "issues: write")) {
					t.Errorf("error %v", err)
				}
			})
		})
	}
}
