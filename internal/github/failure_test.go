package github_test

import (
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

func TestNoPermission(t *testing.T) {
	for name, deny := range map[string]func(api *fakeapi.Server){
		"read-only token":         func(api *fakeapi.Server) { api.Permissions["checks"] = "read" },
		"no scope for checks":     func(api *fakeapi.Server) { delete(api.Permissions, "checks") },
		"unknown token":           func(api *fakeapi.Server) { api.Token = "another" },
		"repository it can't see": func(api *fakeapi.Server) { api.Plan("checks/list-for-ref", 1, fakeapi.Status(404, "Not Found")) },
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				deny(api)
				began := time.Now()
				_, err := client(t, api).Start(t.Context(), opening)
				if !errors.Is(err, github.ErrNoPermission) {
					t.Fatalf("error %v, want ErrNoPermission", err)
				}
				if time.Since(began) > 0 {
					t.Error("waited for a permission that will not come")
				}
				if len(api.CheckRuns()) > 0 {
					t.Error("a check run was made")
				}
			})
		})
	}
}

// TestFaultsWhileAnnotating plans a fault for the second batch of three; each annotation must be there once in the end.
func TestFaultsWhileAnnotating(t *testing.T) {
	const gone = "API rate limit exceeded for installation."
	for name, test := range map[string]struct {
		fault  fakeapi.Fault
		waits  time.Duration
		jitter time.Duration // at most so much more, where GitHub did not say how long
	}{
		"fault of the server":               {fakeapi.Status(500, "Server Error"), time.Second, time.Second / 4},
		"fault after it was done":           {fakeapi.ServedThen(fakeapi.Status(502, "Bad Gateway")), time.Second, time.Second / 4},
		"no connection":                     {fakeapi.Drop, time.Second, time.Second / 4},
		"connection lost after it was done": {fakeapi.ServedThen(fakeapi.Drop), time.Second, time.Second / 4},
		"silence":                           {fakeapi.Silence, 31 * time.Second, time.Second / 4},
		"silence after it was done":         {fakeapi.ServedThen(fakeapi.Silence), 31 * time.Second, time.Second / 4},
		"answer cut short":                  {fakeapi.Truncate, time.Second, time.Second / 4},
		"429 with Retry-After":              {fakeapi.Status(429, "Too Many Requests", "Retry-After", "17"), 17 * time.Second, 0},
		"429 with a date": {
			fakeapi.Status(429, "Too Many Requests", "Retry-After", "Sat, 01 Jan 2000 00:00:42 GMT"), 42 * time.Second, 0,
		},
		"429 with a date that has passed": {
			fakeapi.Status(429, "Too Many Requests", "Retry-After", "Fri, 31 Dec 1999 00:00:42 GMT"), time.Second, 0,
		},
		"429 without a word": {fakeapi.Status(429, ""), 60 * time.Second, 15 * time.Second},
		"secondary limit":    {fakeapi.Status(403, "You have exceeded a secondary rate limit."), 60 * time.Second, 15 * time.Second},
		"primary limit": {
			fakeapi.Status(403, gone, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", in(90*time.Second)), 90 * time.Second, 0,
		},
		"primary limit, full again by now": {
			fakeapi.Status(429, gone, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", in(-time.Hour)), time.Second, 0,
		},
		"secondary limit, primary left": {
			fakeapi.Status(403, gone, "X-RateLimit-Remaining", "9", "X-RateLimit-Reset", in(time.Hour)), 60 * time.Second, 15 * time.Second,
		},
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				run := open(t, api)
				api.Plan("checks/update", 2, test.fault)
				began := time.Now()
				if err := run.Complete(t.Context(), report(120), output); err != nil {
					t.Fatal(err)
				}
				if waited := time.Since(began); waited < test.waits || waited > test.waits+test.jitter {
					t.Errorf("waited %s, want %s, and at most %s more", waited, test.waits, test.jitter)
				}
				once(t, only(t, api), 120)
			})
		})
	}
}

// in is the Unix time so long after the start of a simulation.
func in(d time.Duration) string {
	return strconv.FormatInt(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(d).Unix(), 10)
}

func once(t *testing.T, run fakeapi.CheckRun, want int) {
	t.Helper()
	seen := map[string]int{}
	for _, a := range run.Annotations {
		seen[a.Message]++
		if seen[a.Message] > 1 {
			t.Errorf("%q is annotated twice", a.Message)
		}
	}
	if len(seen) != want || run.Conclusion != "failure" || strings.Contains(run.Summary, "annotations") {
		t.Errorf("%d annotations, want %d; conclusion %q, summary %q", len(seen), want, run.Conclusion, run.Summary)
	}
}

func TestLastRequestOfALimitIsNoReasonToStop(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.Plan("checks/create", 1, func(w http.ResponseWriter, _ *http.Request, serve func(http.ResponseWriter)) {
			w.Header().Set("X-RateLimit-Remaining", "0")
			w.Header().Set("X-RateLimit-Reset", in(time.Hour))
			serve(w)
		})
		if err := open(t, api).Complete(t.Context(), report(1), output); err != nil {
			t.Fatal(err)
		}
		once(t, only(t, api), 1)
	})
}

func TestOpeningIsNotRepeatedAfterItWasDone(t *testing.T) {
	for name, fault := range map[string]fakeapi.Fault{
		"fault":   fakeapi.ServedThen(fakeapi.Status(500, "Server Error")),
		"silence": fakeapi.ServedThen(fakeapi.Silence),
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				api.Plan("checks/create", 1, fault)
				if err := open(t, api).Complete(t.Context(), report(1), output); err != nil {
					t.Fatal(err)
				}
				only(t, api)
			})
		})
	}
}

func TestPermissionLostOnTheWay(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		run := open(t, api)
		api.Plan("checks/update", 2, fakeapi.Status(403, "Resource not accessible by integration"))
		err := run.Complete(t.Context(), report(120), output)
		if !errors.Is(err, github.ErrNoPermission) {
			t.Errorf("error %v, want ErrNoPermission", err)
		}
		got := only(t, api)
		if got.Conclusion != "failure" || !strings.Contains(got.Summary, "Of 120 findings 50 are shown") {
			t.Errorf("conclusion %q, summary %q", got.Conclusion, got.Summary)
		}
	})
}

func TestOneAnnotationThatGitHubRefusesCostsOnlyItself(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		run := open(t, api)
		refuse := func(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter)) {
			all := api.Requests("checks/update")
			if strings.Contains(all[len(all)-1].Body, `"image 9 has no digest"`) {
				fakeapi.Status(422, "Invalid request.")(w, r, serve)
				return
			}
			serve(w)
		}
		for range 20 {
			api.Plan("checks/update", 1, refuse)
		}
		if err := run.Complete(t.Context(), report(30), output); err != nil {
			t.Fatal(err)
		}
		got := only(t, api)
		if len(got.Annotations) != 29 || !strings.Contains(got.Summary, "Of 30 findings 29 are shown") {
			t.Errorf("%d annotations, summary %q", len(got.Annotations), got.Summary)
		}
	})
}

func TestGivesUpWithinItsTime(t *testing.T) {
	for name, fault := range map[string]fakeapi.Fault{
		"limit beyond the deadline": fakeapi.Status(429, "Too Many Requests", "Retry-After", "3600"),
		"limit that ends next year": fakeapi.Status(403, "API rate limit exceeded", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", in(365*24*time.Hour)),
		"limits without end":        fakeapi.Status(403, "You have exceeded a secondary rate limit."),
		"silence without end":       fakeapi.Silence,
		"faults without end":        fakeapi.Status(500, "Server Error"),
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				run := open(t, api)
				for range 50 {
					api.Plan("checks/update", 1, fault)
				}
				began := time.Now()
				err := run.Complete(t.Context(), report(120), output)
				if err == nil {
					t.Error("no error")
				}
				if spent := time.Since(began); spent > 120*time.Second {
					t.Errorf("spent %s", spent)
				}
			})
		})
	}
}

func TestRedirects(t *testing.T) {
	for _, code := range []int{301, 302, 307, 308} {
		t.Run("renamed repository, "+strconv.Itoa(code), func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				for _, operation := range []string{"checks/create", "checks/update"} {
					api.Plan(operation, 1, func(w http.ResponseWriter, r *http.Request, _ func(http.ResponseWriter)) {
						http.Redirect(w, r, r.URL.Path, code)
					})
				}
				if err := open(t, api).Complete(t.Context(), report(1), output); err != nil {
					t.Fatal(err)
				}
				once(t, only(t, api), 1)
			})
		})
	}
	t.Run("to another host", func(t *testing.T) {
		simulate(t, func(t *testing.T, api *fakeapi.Server) {
			api.Plan("checks/create", 1, fakeapi.Status(307, "", "Location", "https://evil.test/repos/acme/shop/check-runs"))
			_, err := client(t, api).Start(t.Context(), opening)
			if err == nil || !strings.Contains(err.Error(), "another host") || len(api.Requests("checks/create")) != 1 {
				t.Errorf("error %v after %d requests", err, len(api.Requests("checks/create")))
			}
		})
	})
}

func TestTokenIsInNoError(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.Plan("checks/create", 1, fakeapi.Status(400, "Bad header: Bearer s3cret-token"))
		_, err := client(t, api).Start(t.Context(), opening)
		if err == nil || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "Bad header") {
			t.Errorf("error %v", err)
		}
	})
}

func TestOptionsAreChecked(t *testing.T) {
	for name, o := range map[string]github.Options{
		"no token":      {Repository: "acme/shop"},
		"no repository": {Token: "t"},
		"half of one":   {Token: "t", Repository: "acme"},
		"too much":      {Token: "t", Repository: "acme/shop/x"},
		"no URL":        {Token: "t", Repository: "acme/shop", APIURL: "api.github.com"},
	} {
		if _, err := github.New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := github.New(github.Options{Repository: "acme/shop"}); !errors.Is(err, github.ErrNoPermission) {
		t.Errorf("no token: %v, want ErrNoPermission", err)
	}
}

// TestRefusalIsNotAskedForAgain has GitHub answer what no waiting changes.
func TestRefusalIsNotAskedForAgain(t *testing.T) {
	for code, message := range map[int]string{
		400: "Problems parsing JSON", 409: "Git Repository is empty.", 410: "Issues are disabled for this repo", 422: "Validation Failed",
		451: "Repository access blocked",
	} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				api.Every = fakeapi.Status(code, message)
				began := time.Now()
				_, err := client(t, api).Start(t.Context(), opening)
				if err == nil || !strings.Contains(err.Error(), message) || errors.Is(err, github.ErrNoPermission) {
					t.Errorf("error %v, want %q", err, message)
				}
				if n := len(api.Requests("")); n != 1 || time.Since(began) > 0 {
					t.Errorf("%d requests in %s", n, time.Since(began))
				}
			})
		})
	}
}

// TestCertificateThatIsNotTrusted asks a server whose certificate nobody vouches for: nothing is told it, and the error says why.
func TestCertificateThatIsNotTrusted(t *testing.T) {
	received := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { received++ }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	c, err := github.New(github.Options{Token: "s3cret-token", APIURL: server.URL, Repository: "acme/shop"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Start(t.Context(), opening)
	if err == nil || !strings.Contains(err.Error(), "certificate") || received > 0 {
		t.Errorf("error %v after %d requests", err, received)
	}
}
