package github_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/github"
)

const (
	merge = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
	head  = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	base  = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

func event(t *testing.T, name, payload string, more ...string) (github.Event, error) {
	t.Helper()
	env := map[string]string{
		"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": "/event.json", "GITHUB_SHA": merge, "GITHUB_REF": "refs/heads/main",
		"GITHUB_REPOSITORY": "acme/shop", "GITHUB_RUN_ID": "7", "GITHUB_RUN_ATTEMPT": "2", "GITHUB_JOB": "lint",
		"GITHUB_ACTION": "__run", "RUNNER_NAME": "r1",
	}
	for i := 0; i+1 < len(more); i += 2 {
		env[more[i]] = more[i+1]
	}
	return github.EventFrom(func(key string) string { return env[key] }, func(path string) ([]byte, error) {
		if path != "/event.json" {
			t.Errorf("read %s", path)
		}
		return []byte(payload), nil
	})
}

func pullRequest(repo string) string {
	return `{"pull_request":{"number":4,"head":{"sha":"` + head + `","repo":` + repo + `},"base":{"sha":"` + base + `"}}}`
}

func TestEvents(t *testing.T) {
	const own, fork = `{"full_name":"Acme/Shop"}`, `{"full_name":"acme/shop-fork"}`
	for name, test := range map[string]struct {
		event, payload  string
		head, base      string
		fork, cannotTry bool
	}{
		"pull request":                    {"pull_request", pullRequest(own), head, base, false, false},
		"pull request of a fork":          {"pull_request", pullRequest(fork), head, base, true, true},
		"pull request of a fork now gone": {"pull_request", pullRequest("null"), head, base, true, true},
		"fork, in the base's own context": {"pull_request_target", pullRequest(fork), head, base, true, false},
		"merge queue":                     {"merge_group", `{"merge_group":{"head_sha":"` + head + `","base_sha":"` + base + `"}}`, head, base, false, false},
		"push":                            {"push", `{"before":"` + base + `","repository":{"default_branch":"main"}}`, merge, base, false, false},
		"push of a new branch":            {"push", `{"before":"0000000000000000000000000000000000000000"}`, merge, "", false, false},
		"schedule":                        {"schedule", `{"schedule":"0 0 * * *"}`, merge, "", false, false},
		"push by force":                   {"push", `{"before":"` + base + `","forced":true}`, merge, base, false, false},
		"branch that is gone":             {"push", `{"before":"` + base + `","after":"0000000000000000000000000000000000000000","deleted":true}`, merge, base, false, false},
		"tag":                             {"push", `{"ref":"refs/tags/v1","before":"0000000000000000000000000000000000000000"}`, merge, "", false, false},
		"by hand, beside a pull request":  {"workflow_dispatch", `{"inputs":null}`, merge, "", false, false},
		"comment on a pull request":       {"issue_comment", `{"issue":{"number":4,"pull_request":{"url":"x"}}}`, merge, "", false, false},
		"called workflow":                 {"workflow_call", `{}`, merge, "", false, false},
		"review":                          {"pull_request_review", pullRequest(fork), head, base, true, true},
		"base that is no commit":          {"push", `{"before":"--output=/etc/passwd"}`, merge, "", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := event(t, test.event, test.payload)
			if err != nil {
				t.Fatal(err)
			}
			want := github.Event{
				Name: test.event, Repository: "acme/shop", HeadSHA: test.head, BaseSHA: test.base, Fork: test.fork,
				Linted: merge, Ref: "refs/heads/main", DefaultBranch: name == "push" || name == "schedule",
				ServerURL: "https://github.com", APIURL: "https://api.github.com",
				RunURL: "https://github.com/acme/shop/actions/runs/7", RunID: "7/2/lint/__run/r1",
			}
			if test.head == head && test.event != "merge_group" {
				want.Number = 4
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if (got.ReadOnly() != "") != test.cannotTry {
				t.Errorf("ReadOnly() = %q", got.ReadOnly())
			}
		})
	}
}

func TestEventOfDependabotOnAnEnterpriseServer(t *testing.T) {
	got, err := event(t, "push", `{}`, "GITHUB_ACTOR", "dependabot[bot]",
		"GITHUB_SERVER_URL", "https://ghe.test/", "GITHUB_API_URL", "https://ghe.test/api/v3")
	if err != nil {
		t.Fatal(err)
	}
	if !got.Dependabot || got.ReadOnly() != "" || got.APIURL != "https://ghe.test/api/v3" ||
		got.RunURL != "https://ghe.test/acme/shop/actions/runs/7" {
		t.Errorf("%+v", got)
	}
}

func TestEventThatCannotBeTrusted(t *testing.T) {
	for name, test := range map[string]struct{ payload, complaint string }{
		"cut short":   {`{"pull_request":`, "read the event"},
		"no head":     {`{"pull_request":{"number":4,"head":{}}}`, "names no commit"},
		"odd head":    {`{"merge_group":{"head_sha":"../../x"}}`, "names no commit"},
		"wrong types": {`{"pull_request":[]}`, "read the event"},
	} {
		if _, err := event(t, "pull_request", test.payload); err == nil || !strings.Contains(err.Error(), test.complaint) {
			t.Errorf("%s: error %v, want %q", name, err, test.complaint)
		}
	}
	missing := errors.New("no such file")
	_, err := github.EventFrom(func(string) string { return "x" }, func(string) ([]byte, error) { return nil, missing })
	if !errors.Is(err, missing) {
		t.Errorf("error %v, want the file's", err)
	}
}

func TestEventOutsideOfActions(t *testing.T) {
	env := map[string]string{"GITHUB_SHA": head, "GITHUB_REPOSITORY": "acme/shop"}
	got, err := github.EventFrom(func(key string) string { return env[key] }, nil)
	if err != nil || got.HeadSHA != head || got.RunID != "" || got.RunURL != "" {
		t.Errorf("%+v, %v", got, err)
	}
}
