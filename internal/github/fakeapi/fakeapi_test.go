package fakeapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

// recorder stands in for a test, to see what the fake would fail it for.
type recorder struct {
	testing.TB
	errors   []string
	cleanups []func()
}

func (r *recorder) Helper()             {}
func (r *recorder) Logf(string, ...any) {}
func (r *recorder) Error(args ...any)   { r.errors = append(r.errors, fmt.Sprint(args...)) }
func (r *recorder) Cleanup(f func())    { r.cleanups = append(r.cleanups, f) }

func send(t *testing.T, api *fakeapi.Server, method, path, body string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://api"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+api.Token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := api.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// TestFakeIsAsStrictAsGitHub sends what GitHub refuses, and what it takes.
func TestFakeIsAsStrictAsGitHub(t *testing.T) {
	const annotation = `{"path":"a","start_line":1,"end_line":1,"annotation_level":"failure","message":"m"}`
	update := func(output string) string {
		return `{"status":"in_progress","output":{"title":"t","summary":"s",` + output + `}}`
	}
	many := func(n int) string {
		return update(`"annotations":[` + strings.TrimSuffix(strings.Repeat(annotation+",", n), ",") + `]`)
	}
	for name, test := range map[string]struct{ body, complaint string }{
		"50 annotations":        {many(50), ""},
		"51 annotations":        {many(51), "No more than 50"},
		"no summary":            {`{"output":{"title":"t"}}`, "summary"},
		"summary too long":      {`{"output":{"summary":"` + strings.Repeat("x", 65536) + `"}}`, "65535"},
		"no such level":         {strings.Replace(many(1), "failure", "error", 1), "annotation_level"},
		"line 0":                {strings.Replace(many(1), `"start_line":1`, `"start_line":0`, 1), "start_line"},
		"completed, no verdict": {`{"status":"completed"}`, "conclusion"},
		"no such conclusion":    {`{"status":"completed","conclusion":"warning"}`, "conclusion"},
		"columns over lines": {
			strings.Replace(many(1), `"end_line":1`, `"end_line":2,"start_column":1,"end_column":2`, 1), "columns",
		},
		"message over 64 KB in bytes": {
			strings.Replace(many(1), `"m"`, `"`+strings.Repeat("ü", 40_000)+`"`, 1), "too long",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{TB: t}
			api := fakeapi.New(r)
			if !api.Checked() {
				t.Skipf("GitHub's OpenAPI description is not at %s", fakeapi.DescriptionPath())
			}
			send(t, api, "POST", "/repos/acme/shop/check-runs", `{"name":"n","head_sha":"`+strings.Repeat("a", 40)+`"}`)
			send(t, api, "PATCH", "/repos/acme/shop/check-runs/1", test.body)
			for _, cleanup := range r.cleanups {
				cleanup()
			}
			got := strings.Join(r.errors, "\n")
			if (got != "") != (test.complaint != "") || !strings.Contains(got, test.complaint) {
				t.Errorf("complaint %q, want %q", got, test.complaint)
			}
		})
	}
}

func TestAnnotationsAddUpAndComeInPages(t *testing.T) {
	api := fakeapi.New(t)
	send(t, api, "POST", "/repos/acme/shop/check-runs", `{"name":"n","head_sha":"`+strings.Repeat("a", 40)+`"}`)
	for range 3 {
		body := `{"output":{"title":"t","summary":"s","annotations":[` +
			`{"path":"a","start_line":1,"end_line":1,"annotation_level":"notice","message":"m"}]}}`
		if got := send(t, api, "PATCH", "/repos/acme/shop/check-runs/1", body); got != http.StatusOK {
			t.Fatalf("status %d", got)
		}
	}
	if got := len(api.CheckRuns()[0].Annotations); got != 3 {
		t.Errorf("%d annotations, want 3", got)
	}
	if got := send(t, api, "GET", "/repos/acme/shop/check-runs/1/annotations?per_page=2&page=2", ""); got != http.StatusOK {
		t.Errorf("status %d", got)
	}
}
