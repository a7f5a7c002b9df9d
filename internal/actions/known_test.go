package actions

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/semver"
)

func TestAdvisoriesOn(t *testing.T) {
	const theirs, other = "0e58ed8671d6b60d0890c21b07f8835ace038e67", "1111111111111111111111111111111111111111"
	cases := []struct {
		name, version, commit string
		want                  []string
	}{
		{"actions/download-artifact", "v4.1.2", "", []string{"GHSA-cxww-7g56-2vh6"}},
		{"actions/download-artifact", "4.0.0", "", []string{"GHSA-cxww-7g56-2vh6"}},
		{"actions/download-artifact", "v4.1.3", "", nil},
		{"actions/download-artifact", "v4.1.3-beta.1", "", []string{"GHSA-cxww-7g56-2vh6"}}, // before the release
		{"actions/download-artifact", "v4.0", "", []string{"GHSA-cxww-7g56-2vh6"}},          // all that it can mean
		{"actions/download-artifact", "v4.1", "", nil},                                      // 4.1.3 and later as well
		{"actions/download-artifact", "v4", "", nil},
		{"actions/download-artifact", "v3", "", nil},
		{"actions/download-artifact", "main", "", nil},
		{"actions/download-artifact", other, other, nil},
		{"ACTIONS/Download-Artifact", "v4.1.2", "", []string{"GHSA-cxww-7g56-2vh6"}},
		{"octo/download-artifact", "v4.1.2", "", nil},
		{"super-linter/super-linter/slim", "v8.3.0", "", []string{"GHSA-r79c-pqj3-577x"}},
		{"super-linter/super-linter-extra", "v8.3.0", "", nil},
		{"xygeni/xygeni-action", "v5", "", nil}, // leads to its own code again
		{"xygeni/xygeni-action", "", "4bf1d4e19ad81a3e8d4063755ae0f482dd3baf12", []string{"GHSA-f8q5-h5qh-33mh"}},
		{"kartverket/github-workflows/.github/workflows/run-terraform.yml", "v2.7.4", "", []string{"GHSA-f9qj-7gh3-mhj4"}},
		{"tj-actions/changed-files", "v45", "", nil}, // leads to its own code again
		{"tj-actions/changed-files", "v40", "", []string{"GHSA-mcph-m25j-8j63"}},
		{"aquasecurity/trivy-action", "0.34.1", "", []string{"GHSA-69fq-xp46-6x23"}}, // gone, and not made anew without the v
		{"aquasecurity/trivy-action", "v0.34.0", "", nil},
		{"aquasecurity/setup-trivy", "v0.2.5", "", []string{"GHSA-69fq-xp46-6x23"}},
		{"aquasecurity/setup-trivy", "v0.2.6", "", nil},
		{"azure/setup-kubectl", "v2", "", []string{"GHSA-p756-rfxh-x63h"}},
		{"azure/setup-kubectl", "v3", "", nil},
		{"tj-actions/changed-files", "v45.0.7", other, nil}, // the release was never touched
		{"tj-actions/changed-files", "", theirs, []string{"GHSA-mrrh-fwg8-r2c3"}},
		{"reviewdog/action-setup", "v1", "", nil}, // leads to its own code again
		{"rlespinasse/github-slug-action", "v2.1.0", "", []string{"GHSA-7f32-hm4h-w77q"}},
		{"rlespinasse/github-slug-action", "v1.1.1", "", nil},
		{"grafana/shared/actions/x", "x/v1.0.0", "", nil},
	}
	for _, c := range cases {
		var got []string
		for _, a := range advisoriesOn(c.name, c.version, c.commit, nil) {
			got = append(got, a.ID)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s@%s %s (-want +got):\n%s", c.name, c.version, c.commit, diff)
		}
	}
}

// TestAdvisoriesGiven holds which inputs open a step to an advisory.
func TestAdvisoriesGiven(t *testing.T) {
	const block, sudo = "GHSA-46g3-37rh-v698", "GHSA-mxr3-8whj-j74r"
	cases := []struct {
		name, version string
		with          map[string]any
		id            string
		want          bool
	}{
		{"step-security/harden-runner", "v2.15.0", nil, block, true}, // block is the default
		{"step-security/harden-runner", "v2.15.0", map[string]any{"egress-policy": "audit"}, block, false},
		{"step-security/harden-runner", "v2.15.0", map[string]any{"Egress-Policy": "block"}, block, true},
		{"step-security/harden-runner", "v2.15.0", map[string]any{"egress-policy": "${{ vars.POLICY }}"}, block, true},
		{"step-security/harden-runner", "v2.11.0", map[string]any{"disable-sudo": true}, sudo, true},
		{"step-security/harden-runner", "v2.11.0", map[string]any{"egress-policy": "audit"}, sudo, false},
		{"sonarsource/sonarqube-scan-action", "v5.0.0", nil, "GHSA-5xq9-5g24-4g6f", false},
		{"sonarsource/sonarqube-scan-action", "v5.0.0", map[string]any{"args": "-X"}, "GHSA-5xq9-5g24-4g6f", true},
	}
	for _, c := range cases {
		got := slices.ContainsFunc(advisoriesOn(c.name, c.version, "", c.with), func(a Advisory) bool { return a.ID == c.id })
		if got != c.want {
			t.Errorf("%s@%s with %v: %s %t, want %t", c.name, c.version, c.with, c.id, got, c.want)
		}
	}
}

// TestTables holds the tables to what their readers take for granted.
func TestTables(t *testing.T) {
	name := regexp.MustCompile(`^[a-z0-9-]+/[a-z0-9_.-]+(/[a-z0-9_./-]+)?$`)
	id := regexp.MustCompile(`^GHSA(-[23456789cfghjmpqrvwx]{4}){3}$`)
	given := slices.Concat(disowned, reportedArchived, listedArchived)
	for _, list := range [][]string{disowned, reportedArchived, listedArchived} {
		if !slices.IsSorted(list) {
			t.Errorf("%s … is not sorted", list[0])
		}
	}
	if once := slices.Compact(slices.Sorted(slices.Values(given))); len(once) != len(given) {
		t.Error("an action is in two lists of those that were given up")
	}
	for _, n := range slices.Concat(given, popular) {
		if !name.MatchString(n) {
			t.Errorf("%q is no owner/repository in lower case", n)
		}
	}
	for _, a := range advisories {
		fixed := a.Fixed == "" && a.Moved || semver.Canonical("v"+a.Fixed) == "v"+a.Fixed
		introduced := a.introduced == "" || semver.Canonical("v"+a.introduced) == "v"+a.introduced
		if !name.MatchString(a.action) || !id.MatchString(a.ID) || !fixed || !introduced || !slices.Contains(severities, a.Severity) || a.What == "" || a.Basis == "" {
			t.Errorf("%+v is not as the table promises", a)
		}
	}
	if !slices.IsSortedFunc(advisories, func(a, b Advisory) int { return strings.Compare(a.action+a.ID, b.action+b.ID) }) {
		t.Error("advisories are not sorted")
	}
	for _, p := range popular {
		if r := resembles(p); r != "" {
			t.Errorf("%s is said to resemble %s", p, r)
		}
	}
}

func TestArchivedBy(t *testing.T) {
	cases := map[string]Basis{
		"actions/create-release": BasisText, "Actions-RS/Toolchain": BasisCited, "z0al/dependent-issues": BasisListed,
		"actions/checkout": "", "octo/create-release": "",
	}
	for name, want := range cases {
		if got := archivedBy(name); got != want {
			t.Errorf("%s is archived by %q, want %q", name, got, want)
		}
	}
}

func TestResembles(t *testing.T) {
	cases := map[string]string{
		"action/checkout": "actions/checkout", "actionss/checkout": "actions/checkout", "actiosn/checkout": "actions/checkout",
		"axtions/checkout": "actions/checkout", "Actions/Checkout": "", "actions/chekout": "", "octo/checkout": "", "x/y": "",
		"acitosn/checkout": "", "azur/login": "azure/login",
	}
	for name, want := range cases {
		if got := resembles(name); got != want {
			t.Errorf("%s resembles %q, want %q", name, got, want)
		}
	}
}

func TestReadComment(t *testing.T) {
	cases := map[string][2]string{
		"":                               {commentNone, ""},
		"v5.0.0":                         {commentRelease, "v5.0.0"},
		"5":                              {commentRelease, "5"},
		"tag=v1.2":                       {commentRelease, "v1.2"},
		"tag: v1.2":                      {commentRelease, "v1.2"},
		"@v2.1.0":                        {commentRelease, "v2.1.0"},
		"pin @v2.1.0":                    {commentRelease, "v2.1.0"},
		"v2.1.0-rc.1":                    {commentRelease, "v2.1.0-rc.1"},
		"v2 (latest)":                    {commentRelease, "v2"},
		"ratchet:actions/checkout@v5":    {commentRelease, "v5"},
		"renovate: tag=v2.1.0":           {commentRelease, "v2.1.0"},
		"create-github-app-token/v0.2.2": {commentRelease, "create-github-app-token/v0.2.2"},
		"release/v1":                     {commentRelease, "release/v1"},
		"actions-v1.0.0":                 {commentRelease, "actions-v1.0.0"},
		"main":                           {commentBranch, ""},
		"main @ 2026-01-02":              {commentBranch, ""},
		"mainline":                       {commentOther, ""},
		"2 reasons why":                  {commentRelease, "2"},
		"see the docs":                   {commentOther, ""},
		"zizmor: ignore[unpinned-uses]":  {commentOther, ""},
	}
	for text, want := range cases {
		form, version := readComment(text)
		if got := [2]string{form, version}; got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
