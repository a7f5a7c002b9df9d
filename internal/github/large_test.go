package github_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

// TestTenThousandFindings ends with the right verdict after a bounded number of requests, with bounded memory, whichever
// way the API goes wrong.
func TestTenThousandFindings(t *testing.T) {
	for name, test := range map[string]struct {
		every    fakeapi.Fault
		requests int
		verdict  string
	}{
		"all is well":       {nil, 1 + 1 + 10 + 1, "failure"}, // list, create, batches, close
		"nothing but fault": {fakeapi.Status(502, "Bad Gateway"), 1 + 1 + 4 + 4, ""},
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				r := report(10_000)
				for _, f := range r.Findings {
					f.Message += strings.Repeat(" and so on", 500)
				}
				run := open(t, api)
				api.Every = test.every
				spent := allocated(func() { _ = run.Complete(t.Context(), r, output) })
				if n := len(api.Requests("")); n > test.requests {
					t.Errorf("%d requests, want at most %d", n, test.requests)
				}
				if got := only(t, api); got.Conclusion != test.verdict || test.verdict != "" && len(got.Annotations) != 500 {
					t.Errorf("conclusion %q with %d annotations", got.Conclusion, len(got.Annotations))
				}
				if spent > 200<<20 {
					t.Errorf("allocated %d MiB", spent>>20)
				}
			})
		})
	}
}

// allocated is how many bytes a function allocates in all, which is more than it ever holds.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestFindingsBeyondThoseAnnotatedDecideToo puts the only one that fails last of ten thousand.
func TestFindingsBeyondThoseAnnotatedDecideToo(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		r := &finding.Report{}
		for i := range 10_000 {
			r.Findings = append(r.Findings, at(finding.Info, i+1, "worth knowing"))
		}
		last := at(finding.High, 1, "the one that fails")
		last.Location.Path = "" // it has no file to be annotated in
		r.Findings = append(r.Findings, last)
		r.Judge(finding.High)
		if err := open(t, api).Complete(t.Context(), r, output); err != nil {
			t.Fatal(err)
		}
		if got := only(t, api); got.Conclusion != "failure" {
			t.Errorf("conclusion %q", got.Conclusion)
		}
	})
}

// TestHiddenRepositoryIsAMissingPermission has a private repository, of which GitHub says that it is not there.
func TestHiddenRepositoryIsAMissingPermission(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.Private, api.Permissions = true, map[string]string{}
		began := time.Now()
		c := client(t, api)
		for name, try := range map[string]func(ctx context.Context) error{
			"checks: write":        func(ctx context.Context) error { _, err := c.Start(ctx, opening); return err },
			"pull-requests: write": func(ctx context.Context) error { return c.Comment(ctx, github.Sticky{Name: "n", Number: 4, Body: "b"}) },
			"security-events: write": func(ctx context.Context) error {
				return c.Upload(ctx, github.Upload{CommitSHA: sha, Ref: "refs/heads/main", SARIF: []byte("{}")})
			},
			"issues: write":       func(ctx context.Context) error { _, err := c.Track(ctx, tracking); return err },
			"contents: read":      func(ctx context.Context) error { _, err := c.Tree(ctx, sha); return err },
			"pull-requests: read": func(ctx context.Context) error { _, err := c.PullOf(ctx, &github.Run{HeadSHA: sha}, 4); return err },
		} {
			if err := try(t.Context()); err == nil || !strings.Contains(err.Error(), "`"+name+"`") {
				t.Errorf("%v: want that the job lacks %s", err, name)
			}
		}
		if time.Since(began) > 0 {
			t.Error("waited for a permission that will not come")
		}
	})
}
