package github_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

// patch shows lines 10 to 12 and 40 to 139 of the new file; the lines of its text are no headers.
var patch = "@@ -10,2 +10,3 @@ jobs:\n a\n+@@ -1,9 +1,900 @@\n b\n@@ -39,0 +40,100 @@\n" + strings.Repeat("+x\n", 100)

func withDiff(api *fakeapi.Server) {
	api.Diff = []fakeapi.DiffFile{
		{Path: "a.yaml", Status: "modified", Patch: patch},
		{Path: "big.yaml", Status: "added"},
		{Path: "one.yaml", Status: "added", Patch: "@@ -0,0 +1 @@\n+x\n\\ No newline at end of file"},
		{Path: "gone.yaml", Status: "removed", Patch: "@@ -1,2 +0,0 @@\n-x\n-y"},
	}
}

func remark(key, path string, first, last int) github.Remark {
	return github.Remark{Key: key, Path: path, First: first, Last: last, Body: "about " + key}
}

func review(remarks ...github.Remark) github.Review {
	return github.Review{Name: "plimsoll", Number: 4, HeadSHA: sha, Body: "Suggestions.", Remarks: remarks}
}

func post(t *testing.T, api *fakeapi.Server, r github.Review) github.Reviewed {
	t.Helper()
	done, err := client(t, api).Review(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// said lists the comments on the diff by place and last line.
func said(api *fakeapi.Server) []string {
	var all []string
	for _, c := range api.Comments() {
		_, text, _ := strings.Cut(c.Body, "\n")
		all = append(all, fmt.Sprintf("%s:%d-%d %s", c.Path, c.StartLine, c.Line, text))
	}
	return all
}

func TestReviewHasTheRemarksThatLieInTheDiff(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		withDiff(api)
		done := post(t, api, review(
			remark("one", "a.yaml", 11, 11), remark("two", "a.yaml", 10, 12), remark("all", "one.yaml", 1, 1),
			remark("before", "a.yaml", 9, 10), remark("between", "a.yaml", 12, 40), remark("after", "a.yaml", 140, 140),
			remark("elsewhere", "b.yaml", 1, 1), remark("no patch", "big.yaml", 1, 1), remark("gone", "gone.yaml", 1, 1),
			remark("one", "a.yaml", 12, 12), // the same again
		))
		if diff := cmp.Diff(github.Reviewed{Posted: 3, Beside: 6}, done); diff != "" {
			t.Errorf("done (-want +got):\n%s", diff)
		}
		want := []string{"a.yaml:11-11 about one", "a.yaml:10-12 about two", "one.yaml:1-1 about all"}
		if diff := cmp.Diff(want, said(api)); diff != "" {
			t.Errorf("comments (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]fakeapi.Review{{CommitID: sha, Event: "COMMENT", Body: "Suggestions.", Comments: 3}}, api.Reviews()); diff != "" {
			t.Errorf("reviews (-want +got):\n%s", diff)
		}
	})
}

func TestReviewIsNotRepeatedAndCleansUp(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		withDiff(api)
		first := []github.Remark{
			remark("stays", "a.yaml", 50, 50), remark("mended", "a.yaml", 51, 51), remark("answered", "a.yaml", 52, 52),
			remark("moved", "a.yaml", 53, 53), remark("discussed", "a.yaml", 54, 54),
		}
		post(t, api, review(first...))
		ours := api.Comments()
		for _, id := range []int{ours[2].ID, ours[4].ID} {
			api.AddComment(fakeapi.Comment{Path: "a.yaml", Line: 52, Body: "No.", ReplyTo: id, User: "ann", UserType: "User", Association: "OWNER"})
		}
		ours[3].Line, ours[4].Line = 0, 0 // their lines were pushed over
		api.AddComment(ours[3])
		api.AddComment(ours[4])
		other := review(remark("stays", "a.yaml", 50, 50))
		other.Name = "another job"
		post(t, api, other)

		done := post(t, api, review(first[0], first[3], first[4]))
		if diff := cmp.Diff(github.Reviewed{Posted: 1, Stood: 2, Removed: 2}, done); diff != "" {
			t.Errorf("done (-want +got):\n%s", diff)
		}
		want := []string{
			"a.yaml:50-50 about stays", "a.yaml:52-52 about answered", "a.yaml:54-0 about discussed", "a.yaml:0-52 ", "a.yaml:0-52 ",
			"a.yaml:50-50 about stays", "a.yaml:53-53 about moved",
		}
		if diff := cmp.Diff(want, said(api)); diff != "" {
			t.Errorf("comments (-want +got):\n%s", diff)
		}
		if done := post(t, api, review()); done.Removed != 2 || len(api.Reviews()) != 3 {
			t.Errorf("clean: %+v, %d reviews", done, len(api.Reviews()))
		}
	})
}

func TestMarkersOfOthersAreNotBelieved(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		withDiff(api)
		post(t, api, review(remark("r", "a.yaml", 50, 50)))
		copied := api.Comments()[0]
		api.AddComment(fakeapi.Comment{ID: copied.ID, Path: "a.yaml", Line: 50, Body: copied.Body, User: "mallory", UserType: "User", Association: "CONTRIBUTOR"})
		api.AddComment(fakeapi.Comment{Path: "a.yaml", Line: 50, Body: "> " + copied.Body, User: "ann", UserType: "User", Association: "OWNER"})
		if done := post(t, api, review(remark("r", "a.yaml", 50, 50))); done.Posted != 1 || done.Removed != 0 {
			t.Errorf("done %+v: a stranger's marker keeps a remark away, or a quotation is removed", done)
		}
	})
}

func TestReviewHasALimit(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		withDiff(api)
		var many []github.Remark
		for i := range 35 {
			many = append(many, remark(fmt.Sprint(i), "a.yaml", 40+i, 40+i))
		}
		if diff := cmp.Diff(github.Reviewed{Posted: 30, Cut: 5}, post(t, api, review(many...))); diff != "" {
			t.Errorf("done (-want +got):\n%s", diff)
		}
	})
}

func TestOneRemarkThatGitHubRefusesCostsOnlyItself(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		withDiff(api)
		refuse := func(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter)) {
			all := api.Requests("pulls/create-review")
			if strings.Contains(all[len(all)-1].Body, "about 3\"") {
				fakeapi.Status(422, "Unprocessable Entity")(w, r, serve)
				return
			}
			serve(w)
		}
		var many []github.Remark
		for i := range 8 {
			many = append(many, remark(fmt.Sprint(i), "a.yaml", 40+i, 40+i))
		}
		for range 10 {
			api.Plan("pulls/create-review", 1, refuse)
		}
		done := post(t, api, review(many...))
		if done.Posted != 7 || done.Refused != 1 || len(api.Comments()) != 7 {
			t.Errorf("done %+v, %d comments", done, len(api.Comments()))
		}
	})
}

func TestReviewIsPostedOnceWhateverHappens(t *testing.T) {
	for name, fault := range map[string]fakeapi.Fault{
		"fault":             fakeapi.Status(500, "Server Error"),
		"fault after it":    fakeapi.ServedThen(fakeapi.Status(502, "Bad Gateway")),
		"silence after it":  fakeapi.ServedThen(fakeapi.Silence),
		"cut short":         fakeapi.Truncate,
		"secondary limit":   fakeapi.Status(403, "You have exceeded a secondary rate limit."),
		"limit with header": fakeapi.Status(429, "", "Retry-After", "7"),
	} {
		for _, operation := range []string{"pulls/create-review", "pulls/list-files", "pulls/list-review-comments", "pulls/delete-review-comment"} {
			t.Run(name+" of "+operation, func(t *testing.T) {
				simulate(t, func(t *testing.T, api *fakeapi.Server) {
					withDiff(api)
					post(t, api, review(remark("old", "a.yaml", 50, 50)))
					api.Plan(operation, 1, fault)
					done := post(t, api, review(remark("a", "a.yaml", 60, 60), remark("b", "a.yaml", 61, 61)))
					want := []string{"a.yaml:60-60 about a", "a.yaml:61-61 about b"}
					if diff := cmp.Diff(want, said(api)); diff != "" || done.Posted != 2 || done.Removed != 1 {
						t.Errorf("done %+v, comments (-want +got):\n%s", done, diff)
					}
				})
			})
		}
	}
}

func TestReviewWithoutPermission(t *testing.T) {
	for name, deny := range map[string]func(api *fakeapi.Server){
		"read-only": func(api *fakeapi.Server) { api.Permissions["pull-requests"] = "read" },
		"none":      func(api *fakeapi.Server) { delete(api.Permissions, "pull-requests") },
		"hidden":    func(api *fakeapi.Server) { api.Plan("pulls/create-review", 1, fakeapi.Status(404, "Not Found")) },
		"revoked":   func(api *fakeapi.Server) { api.Plan("pulls/create-review", 1, fakeapi.Status(401, "Bad credentials")) },
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				withDiff(api)
				deny(api)
				_, err := client(t, api).Review(t.Context(), review(remark("a", "a.yaml", 50, 50)))
				if !errors.Is(err, github.ErrNoPermission) || !strings.Contains(err.Error(), "pull-requests: write") {
					t.Errorf("error %v", err)
				}
			})
		})
	}
}

// TestPagesWithoutEnd links each page to itself: the reading must end all the same, and say so.
func TestPagesWithoutEnd(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		withDiff(api)
		for range 100 {
			api.Plan("pulls/list-review-comments", 1, func(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter)) {
				w.Header().Set("Link", fmt.Sprintf(`<https://api.test%s?page=2>; rel="next"`, r.URL.Path))
				serve(w)
			})
		}
		if _, err := client(t, api).Review(t.Context(), review(remark("a", "a.yaml", 50, 50))); err == nil || len(api.Reviews()) > 0 {
			t.Errorf("error %v, %d reviews", err, len(api.Reviews()))
		}
	})
}

func TestReviewOfManyFilesAndComments(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		for i := range 250 {
			api.Diff = append(api.Diff, fakeapi.DiffFile{Path: fmt.Sprintf("%03d.yaml", i), Status: "added", Patch: "@@ -0,0 +1,2 @@\n+a\n+b\n"})
		}
		post(t, api, review(remark("last", "249.yaml", 2, 2)))
		for range 150 {
			api.AddComment(fakeapi.Comment{Path: "001.yaml", Line: 1, Body: "hm", User: "ann", UserType: "User", Association: "OWNER"})
		}
		post(t, api, review(remark("last", "249.yaml", 2, 2), remark("next", "248.yaml", 2, 2)))
		if done := post(t, api, review(remark("last", "249.yaml", 2, 2), remark("next", "248.yaml", 2, 2))); done.Stood != 2 {
			t.Errorf("done %+v", done)
		}
	})
}

// TestAnsweredRemarkThatHoldsNoMore is resolved where the token may, and left to people where it may not.
func TestAnsweredRemarkThatHoldsNoMore(t *testing.T) {
	for name, test := range map[string]struct {
		change   func(api *fakeapi.Server)
		others   int // threads before it
		resolved int
	}{
		"may":                {func(api *fakeapi.Server) { api.Permissions["contents"] = "write" }, 0, 1},
		"may not":            {func(*fakeapi.Server) {}, 0, 0},
		"no GraphQL":         {func(api *fakeapi.Server) { api.Plan("graphql", 1, fakeapi.Status(404, "Not Found")) }, 0, 0},
		"on the second page": {func(api *fakeapi.Server) { api.Permissions["contents"] = "write" }, 120, 1},
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				withDiff(api)
				for range test.others {
					api.AddComment(fakeapi.Comment{Path: "a.yaml", Line: 1, Body: "hm", User: "ann", UserType: "User", Association: "OWNER"})
				}
				post(t, api, review(remark("answered", "a.yaml", 50, 50)))
				api.AddComment(fakeapi.Comment{
					Path: "a.yaml", Line: 50, Body: "Will do.", ReplyTo: api.Comments()[test.others].ID, User: "ann", UserType: "User", Association: "OWNER",
				})
				test.change(api)
				before := len(api.Comments())
				for range 2 { // the second time there is nothing left to do
					done := post(t, api, review())
					if done.Removed > 0 || len(api.Comments()) != before {
						t.Fatalf("done %+v: what people said is gone", done)
					}
				}
				got := 0
				for _, c := range api.Comments() {
					if c.Resolved {
						got++
					}
				}
				if got != test.resolved {
					t.Errorf("%d threads are resolved, want %d", got, test.resolved)
				}
			})
		})
	}
}

// TestDiffThatGitHubFindsTooLarge takes no remark, and what was said before is not lost for it.
func TestDiffThatGitHubFindsTooLarge(t *testing.T) {
	for name, change := range map[string]func(api *fakeapi.Server){
		"more than ten thousand files": func(api *fakeapi.Server) {
			for len(api.Diff) < 10_001 {
				api.Diff = append(api.Diff, fakeapi.DiffFile{Path: fmt.Sprint(len(api.Diff)), Status: "added"})
			}
		},
		"406": func(api *fakeapi.Server) {
			api.Plan("pulls/list-files", 1, fakeapi.Status(406, "Sorry, the diff exceeded the maximum number of lines (20000)"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := &recorded{TB: t}
			synctest.Test(t, func(t *testing.T) {
				api := fakeapi.New(r)
				withDiff(api)
				change(api)
				if done := post(t, api, review(remark("a", "a.yaml", 50, 50))); done.Beside != 1 || len(api.Reviews()) > 0 {
					t.Errorf("done %+v", done)
				}
			})
		})
	}
}

// recorded keeps what the fake says of refusals from failing a test that is about them.
type recorded struct{ testing.TB }

func (recorded) Helper()             {}
func (recorded) Logf(string, ...any) {}
func (recorded) Cleanup(func())      {}
