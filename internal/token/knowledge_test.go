package token

import (
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scopeLevels are the scopes that `permissions:` knows, with the levels that they have.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
var scopeLevels = map[string]string{
	"actions": "read write", "artifact-metadata": "read write", "attestations": "read write", "checks": "read write",
	"contents": "read write", "deployments": "read write", "discussions": "read write", "id-token": "write",
	"issues": "read write", "models": "read", "packages": "read write", "pages": "read write", "pull-requests": "read write",
	"security-events": "read write", "statuses": "read write", "vulnerability-alerts": "read",
}

func checkNeed(t *testing.T, where string, n Need) {
	t.Helper()
	for _, scope := range append([]string{n.Scope}, n.Or...) {
		if !slices.Contains(strings.Fields(scopeLevels[scope]), string(n.Level)) {
			t.Errorf("%s: there is no %s: %s", where, scope, n.Level)
		}
	}
	if slices.Contains(n.Or, n.Scope) {
		t.Errorf("%s: %s is an alternative to itself", where, n.Scope)
	}
	if !slices.Contains([]Basis{BasisDocs, BasisReadme, BasisCode, BasisAPI, BasisUnverified}, n.Basis) {
		t.Errorf("%s: %s: %s has the basis %q", where, n.Scope, n.Level, n.Basis)
	}
}

func checkSource(t *testing.T, where, source, checked string) {
	t.Helper()
	if u, err := url.Parse(source); err != nil || u.Scheme != "https" || u.Host == "" || u.Path == "" {
		t.Errorf("%s: %q is not the URL of a source", where, source)
	}
	if !regexp.MustCompile(`^20\d\d-[01]\d-[0-3]\d$`).MatchString(checked) {
		t.Errorf("%s: checked on %q is not a day", where, checked)
	}
}

func TestEveryActionIsWellFormed(t *testing.T) {
	k, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for name, e := range k.actions {
		checkReading(t, e)
		if name != strings.ToLower(name) || strings.Count(name, "/") < 1 || strings.Contains(name, "@") {
			t.Errorf("%s is not owner/repo[/path] in lower case", name)
		}
		if e.Reusable != strings.Contains(name, "/.github/workflows/") {
			t.Errorf("%s: reusable is %t", name, e.Reusable)
		}
		checkLowerCase(t, name, append(slices.Clone(e.Token.Inputs), e.Script, e.Route, e.LoginIn))
		checkReachable(t, e)
		for _, n := range e.Needs {
			checkNeed(t, name, n.Need)
			if strings.TrimSpace(n.Why) == "" || strings.HasSuffix(n.Why, ".") {
				t.Errorf("%s: %s says why in %q", name, n.Scope, n.Why)
			}
			for input := range n.When.With {
				checkLowerCase(t, name, []string{input})
			}
		}
	}
}

// checkReading holds that an entry says what it rests on and when that was read, or that it was not.
func checkReading(t *testing.T, e *ActionEntry) {
	t.Helper()
	if e.Basis == BasisUnverified {
		if e.Read != (Reading{}) || e.Checked != "" || e.Source == "" {
			t.Errorf("%s is unverified, and claims to have been read: %+v", e.Name, e)
		}
		return
	}
	checkSource(t, e.Name, e.Source, e.Checked)
	r := e.Read
	if !regexp.MustCompile(`^[0-9a-f]{40}$`).MatchString(r.At) || r.Line < 1 || !fs.ValidPath(r.In) {
		t.Errorf("%s was read at %+v, which is no line of a commit", e.Name, r)
	}
	if len(r.Says) < 10 || len(r.Says) > 140 || strings.HasSuffix(r.Says, ".") {
		t.Errorf("%s rests on %q, which are not a few words", e.Name, r.Says)
	}
}

// checkReachable holds that who needs anything of the token gets it, or is handed what needs it.
func checkReachable(t *testing.T, e *ActionEntry) {
	t.Helper()
	for _, n := range e.Needs {
		if e.Token.None() && !e.Reusable && n.Scope != "id-token" && n.When.Registry == "" && !n.Optional {
			t.Errorf("%s needs %s: %s and never gets the token", e.Name, n.Scope, n.Level)
		}
	}
}

func checkLowerCase(t *testing.T, where string, names []string) {
	t.Helper()
	for _, n := range names {
		if n != strings.ToLower(n) {
			t.Errorf("%s: the input %s is not in lower case", where, n)
		}
	}
}

func TestEveryCommandIsWellFormed(t *testing.T) {
	k := Actions()
	for name, entries := range k.commands {
		for _, e := range entries {
			if len(e.needs) == 0 {
				continue
			}
			checkSource(t, name, e.item.Source, e.item.Checked)
			if e.item.Basis == BasisUnverified {
				t.Errorf("%s %v was never read", name, e.subs)
			}
			if name == "gh" && (e.item.Calls == "" || !strings.HasPrefix(e.item.Code, "https://github.com/cli/cli/blob/")) {
				t.Errorf("gh %v does not say what it calls by its source", e.subs)
			}
			for _, n := range e.needs {
				checkNeed(t, name, n.Need)
				if n.Token.None() && n.Scope != "id-token" && e.item.Host == "" {
					t.Errorf("%s %v needs %s: %s and never gets the token", name, e.subs, n.Scope, n.Level)
				}
			}
		}
	}
}

func TestEveryEndpointIsWellFormed(t *testing.T) {
	k := Actions()
	if n := len(k.endpoints.byName); n < 1000 {
		t.Errorf("octokit has more than 1000 methods, the table knows %d", n)
	}
	for name, e := range k.endpoints.byName {
		for _, n := range e.needs {
			checkNeed(t, name, n)
		}
	}
	for _, list := range k.endpoints.byVerb {
		seen := map[string]string{}
		for _, e := range list {
			shape := strings.Join(e.parts, "/")
			if other, twice := seen[shape]; twice {
				t.Errorf("%s %s is %s as well", e.verb, e.path, other)
			}
			seen[shape] = e.path
		}
	}
}

func TestAction(t *testing.T) {
	for name, want := range map[string]string{
		"Actions/Checkout":                          "actions/checkout",
		"reviewdog/action-actionlint":               "reviewdog/action-actionlint",
		"reviewdog/action-depup":                    "",
		"super-linter/super-linter/slim":            "super-linter/super-linter/*",
		"github/codeql-action/upload-sarif":         "github/codeql-action/upload-sarif",
		"github/codeql-action":                      "",
		"actions/checkout-and-more":                 "",
		"enricomi/publish-unit-test-result-actions": "",
	} {
		got := ""
		if e, found := Actions().Action(name); found {
			got = e.Name
		}
		if got != want {
			t.Errorf("Action(%q) is %q, want %q", name, got, want)
		}
	}
}

// with is a step with these inputs; a name that begins with $ is a variable.
func with(inputs map[string]string) Situation {
	return Situation{
		Input:   func(name string) (string, bool) { v, set := inputs[name]; return v, set },
		Env:     func(name string) (string, bool) { v, set := inputs["$"+name]; return v, set },
		Private: Maybe,
	}
}

// told gives the needs of a step for sure or perhaps, in words: "contents: write", "pull-requests|issues: write?".
func told(needs []ConditionedNeed, s Situation) []string {
	if s.Registry == nil {
		s.Registry = func(string) bool { return false }
	}
	words := []string{}
	for _, n := range needs {
		answer := n.When.Holds(s)
		if answer == No {
			continue
		}
		w := strings.Join(append([]string{n.Scope}, n.Or...), "|") + ": " + string(n.Level)
		if answer == Maybe || n.Optional {
			w += "?"
		}
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	return words
}

var ghcr = func(host string) bool { return host == "ghcr.io" }

func TestNeedsOfActions(t *testing.T) {
	pulls := []string{"pull_request"}
	for _, c := range []struct {
		name, action string
		inputs       map[string]string
		events       []string
		registry     func(string) bool
		want         []string
	}{
		{"always", "actions/checkout", nil, nil, nil, []string{"contents: read"}},
		{"an input that is set", "google-github-actions/auth", map[string]string{"workload_identity_provider": "p"}, nil, nil, []string{"id-token: write"}},
		{"a secret that is named is there", "google-github-actions/auth", map[string]string{"workload_identity_provider": "${{ secrets.WIP }}"}, nil, nil, []string{"id-token: write"}},
		{"an input that may be empty", "google-github-actions/auth", map[string]string{"workload_identity_provider": "${{ inputs.wip }}"}, nil, nil, []string{"id-token: write?"}},
		{"a key instead of an identity", "google-github-actions/auth", map[string]string{"credentials_json": "${{ secrets.KEY }}"}, nil, nil, []string{}},
		{"all must hold", "aws-actions/configure-aws-credentials", map[string]string{"role-to-assume": "r"}, nil, nil, []string{"id-token: write", "id-token: write?"}},
		{"keys take it away, perhaps not", "aws-actions/configure-aws-credentials", map[string]string{"role-to-assume": "r", "aws-access-key-id": "${{ secrets.ID }}"}, nil, nil, []string{"id-token: write?"}},
		{"a password instead of a trusted publisher", "pypa/gh-action-pypi-publish", map[string]string{"password": "${{ secrets.PYPI }}"}, nil, nil, []string{"id-token: write?"}},
		{"not a value, absent", "github/codeql-action/analyze", nil, nil, nil, []string{"actions: read?", "contents: read?", "security-events: write", "security-events: write?"}},
		{"not a value, that value", "github/codeql-action/analyze", map[string]string{"upload": "never"}, nil, nil, []string{"actions: read?", "contents: read?", "security-events: write?"}},
		{"one of several events", "dorny/paths-filter", nil, []string{"push", "pull_request"}, nil, []string{"pull-requests: read?"}},
		{"its event", "dorny/paths-filter", nil, pulls, nil, []string{"pull-requests: read"}},
		{"another event", "dorny/paths-filter", nil, []string{"push"}, nil, []string{}},
		{"events that are not known", "dorny/paths-filter", nil, nil, nil, []string{"pull-requests: read?"}},
		{"pushed where the job logs in", "docker/build-push-action", map[string]string{"push": "true", "tags": "ghcr.io/a/b:1"}, nil, ghcr, []string{"contents: read?", "packages: read?", "packages: write", "packages: write?"}},
		{"pushed by tags that a step gives", "docker/build-push-action", map[string]string{"push": "true", "tags": "${{ steps.meta.outputs.tags }}"}, nil, ghcr, []string{"contents: read?", "packages: read?", "packages: write?"}},
		{"pushed elsewhere", "docker/build-push-action", map[string]string{"push": "true", "tags": "ghcr.io/a/b:1"}, nil, nil, []string{"contents: read?"}},
		{"not pushed", "docker/build-push-action", map[string]string{"push": "false", "tags": "ghcr.io/a/b:1"}, nil, ghcr, []string{"contents: read?", "packages: read?"}},
		{"issues and pull requests", "actions/stale", map[string]string{"stale-issue-message": "old", "stale-pr-message": "old"}, nil, nil, []string{"actions: write?", "issues: write", "issues: write?", "pull-requests: write?", "pull-requests|issues: write"}},
		{"only pull requests", "actions/stale", map[string]string{"days-before-issue-stale": "-1", "stale-issue-message": "old", "stale-pr-message": "old"}, nil, nil, []string{"actions: write?", "issues: write?", "pull-requests: write?", "pull-requests|issues: write"}},
		{"only pull requests, by the number for both", "actions/stale", map[string]string{"days-before-stale": "-1", "days-before-pr-stale": "30", "stale-issue-message": "old", "stale-pr-message": "old"}, nil, nil, []string{"actions: write?", "issues: write?", "pull-requests: write?", "pull-requests|issues: write"}},
		{"no words for issues", "actions/stale", map[string]string{"stale-pr-message": "old"}, nil, nil, []string{"actions: write?", "issues: write?", "pull-requests: write?", "pull-requests|issues: write"}},
		{"branches too", "actions/stale", map[string]string{"delete-branch": "true", "debug-only": "true"}, nil, nil, []string{"actions: write?", "contents: write", "issues: write?", "pull-requests: write?"}},
		{"one of several values", "actions/dependency-review-action", map[string]string{"comment-summary-in-pr": "always"}, nil, nil, []string{"contents: read", "pull-requests: read?", "pull-requests|issues: write"}},
		{"by a variable", "super-linter/super-linter", map[string]string{"$MULTI_STATUS": "false"}, nil, nil, []string{"contents: read?", "issues: write?", "packages: read?", "pull-requests: write?"}},
		{"without the variable", "super-linter/super-linter", nil, nil, nil, []string{"contents: read?", "issues: write?", "packages: read?", "pull-requests: write?", "statuses: write"}},
		{"no token needed", "actions/setup-go", nil, nil, nil, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, found := Actions().Action(c.action)
			if !found {
				t.Fatalf("%s is not known", c.action)
			}
			s := with(c.inputs)
			s.Events, s.Registry = c.events, c.registry
			if diff := cmp.Diff(c.want, told(e.Needs, s)); diff != "" {
				t.Errorf("needs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPrivateRepository(t *testing.T) {
	e, _ := Actions().Action("zizmorcore/zizmor-action")
	for private, want := range map[Answer][]string{
		No:    {"security-events: write"},
		Maybe: {"actions: read?", "contents: read?", "security-events: write"},
		Yes:   {"actions: read", "contents: read", "security-events: write"},
	} {
		s := with(nil)
		s.Private = private
		if diff := cmp.Diff(want, told(e.Needs, s)); diff != "" {
			t.Errorf("private %d (-want +got):\n%s", private, diff)
		}
	}
}

func TestPrivateOnly(t *testing.T) {
	for _, c := range []struct {
		need Need
		want bool
	}{
		{Need{Scope: "contents", Level: LevelRead}, true},
		{Need{Scope: "contents", Level: LevelWrite}, false},
		{Need{Scope: "security-events", Level: LevelRead}, false},
		{Need{Scope: "models", Level: LevelRead}, false},
	} {
		if got := c.need.PrivateOnly(); got != c.want {
			t.Errorf("%s: %s is needed in private repositories only: %t, want %t", c.need.Scope, c.need.Level, got, c.want)
		}
	}
}

func TestReadingURL(t *testing.T) {
	for name, want := range map[string]string{
		"google-github-actions/setup-gcloud": "https://github.com/google-github-actions/setup-gcloud/blob/",
		"github/super-linter":                "https://github.com/super-linter/super-linter/blob/",
		"actions/cache/restore":              "https://github.com/actions/cache/blob/",
	} {
		e, _ := Actions().Action(name)
		if got := e.Read.url(name); !strings.HasPrefix(got, want+e.Read.At+"/"+e.Read.In+"#L") {
			t.Errorf("%s was read at %s, want %s", name, got, want)
		}
	}
}
