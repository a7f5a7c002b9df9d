package github_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

// TestUnchangedAnswersAreNotSentAgain reads one list three times: the second time is free, the third has changed.
func TestUnchangedAnswersAreNotSentAgain(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		c := client(t, api)
		say := func() {
			t.Helper()
			if err := c.Comment(t.Context(), github.Sticky{Name: "plimsoll", Number: 4, Body: "b"}); err != nil {
				t.Fatal(err)
			}
		}
		api.AddComment(fakeapi.Comment{Body: "of somebody", User: "ann", UserType: "User", Association: "OWNER"})
		say()
		say()
		say()
		if got := statuses(api, "issues/list-comments"); got != "200 200 304" {
			t.Errorf("the list was answered %s, want 200 200 304: it changed once", got)
		}
		if n := len(api.Requests("issues/create-comment")); n != 1 {
			t.Errorf("%d comments were made: an answer that is kept was read wrongly", n)
		}
	})
}

func statuses(api *fakeapi.Server, operation string) string {
	var all []string
	for _, r := range api.Requests(operation) {
		all = append(all, strconv.Itoa(r.Status))
	}
	return strings.Join(all, " ")
}

// TestPrimaryLimitIsWaitedFor has a token that is used up on the way and full again after ten seconds.
func TestPrimaryLimitIsWaitedFor(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.Limit = &fakeapi.Limit{Total: 4, Period: 10 * time.Second}
		began := time.Now()
		if err := open(t, api).Complete(t.Context(), report(200), output); err != nil {
			t.Fatal(err)
		}
		once(t, only(t, api), 200)
		if spent := time.Since(began); spent < 9*time.Second || spent > 11*time.Second {
			t.Errorf("spent %s, want the ten seconds until the limit is full again", spent)
		}
	})
}

// TestRenamedRepository writes through a redirect to another path, which must get method, body and token.
func TestRenamedRepository(t *testing.T) {
	for _, code := range []int{301, 302, 307, 308} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				api.Repository, api.Renamed = "acme/new-name", code
				if err := open(t, api).Complete(t.Context(), report(60), output); err != nil {
					t.Fatal(err)
				}
				once(t, only(t, api), 60)
				if err := client(t, api).Comment(t.Context(), github.Sticky{Name: "plimsoll", Number: 4, Body: "b"}); err != nil || len(api.Comments()) != 1 {
					t.Errorf("%v, %d comments", err, len(api.Comments()))
				}
			})
		})
	}
}

func TestEndlessRedirect(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.Every = func(w http.ResponseWriter, r *http.Request, _ func(http.ResponseWriter)) {
			http.Redirect(w, r, r.URL.Path, http.StatusMovedPermanently)
		}
		if _, err := client(t, api).Start(t.Context(), opening); err == nil || len(api.Requests("")) > 10 {
			t.Errorf("error %v after %d requests", err, len(api.Requests("")))
		}
	})
}

// TestCommentsWithoutEnd has every page name a next one.
func TestCommentsWithoutEnd(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.Every = func(w http.ResponseWriter, _ *http.Request, serve func(http.ResponseWriter)) {
			w.Header().Set("Link", `<https://api.test/x?page=2>; rel="next"`)
			serve(w)
		}
		err := client(t, api).Comment(t.Context(), github.Sticky{Name: "plimsoll", Number: 4, Body: "b"})
		if n := len(api.Requests("issues/list-comments")); err == nil || n != 10 || len(api.Comments()) > 0 {
			t.Errorf("error %v after %d pages", err, n)
		}
	})
}

// TestWritesComeOneAtATime writes from many goroutines; the fake complains of two at once.
func TestWritesComeOneAtATime(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.Every = func(w http.ResponseWriter, _ *http.Request, serve func(http.ResponseWriter)) {
			time.Sleep(time.Second)
			serve(w)
		}
		c := client(t, api)
		var all sync.WaitGroup
		began := time.Now()
		for range 8 {
			all.Go(func() {
				if _, err := c.Start(t.Context(), github.Start{Name: "plimsoll", HeadSHA: sha}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if spent := time.Since(began); spent != 8*time.Second || len(api.CheckRuns()) != 8 {
			t.Errorf("%d check runs in %s", len(api.CheckRuns()), spent)
		}
	})
}

func TestWriteThatWaitsForAnotherCanBeCancelled(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.Plan("code-scanning/upload-sarif", 1, fakeapi.Silence)
		c := client(t, api)
		go func() { _ = c.Upload(t.Context(), github.Upload{CommitSHA: sha, Ref: "refs/heads/main"}) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := c.Comment(ctx, github.Sticky{Name: "plimsoll", Number: 4, Body: "b"})
		if !errors.Is(err, context.DeadlineExceeded) || len(api.Comments()) > 0 {
			t.Errorf("%v", err)
		}
		time.Sleep(5 * time.Minute) // until the upload has given up
	})
}

// TestAddresses are those of github.com, an Enterprise Server and a tenant of ghe.com, with the GraphQL API beside each.
func TestAddresses(t *testing.T) {
	for api, graphQL := range map[string]string{
		"":                             "https://api.github.com/other", // as given
		"https://ghes.test/api/v3":     "https://ghes.test/api/graphql",
		"https://ghes.test/api/v3/":    "https://ghes.test/api/graphql",
		"https://api.acme.ghe.com":     "https://api.acme.ghe.com/graphql",
		"http://127.0.0.1:8080/prefix": "http://127.0.0.1:8080/prefix/graphql",
	} {
		var asked []string
		c, err := github.New(github.Options{Token: "t", APIURL: api, GraphQLURL: "https://api.github.com/other", Repository: "acme/shop", Transport: roundTrip(func(r *http.Request) {
			asked = append(asked, r.URL.String())
		})})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		_, _ = c.Track(ctx, tracking) // where it asks is all that matters
		cancel()
		if len(asked) == 0 || asked[0] != graphQL {
			t.Errorf("%q: asked %q, want %q", api, asked, graphQL)
		}
	}
}

type roundTrip func(*http.Request)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	f(r)
	return nil, errors.New("no network")
}

func TestEnterpriseServer(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.BasePath = "/api/v3"
		if err := open(t, api).Complete(t.Context(), report(1), output); err != nil {
			t.Fatal(err)
		}
		once(t, only(t, api), 1)
		if page := track(t, api, tracking); page == "" {
			t.Error("no issue")
		}
	})
}
