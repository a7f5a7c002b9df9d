package actions_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/actions"
)

const goodLock = `version: v0.0.2
workflows:
  .github/workflows/ci.yml: [actions/cache@v4, octo/tool@v1]
  .github/workflows/empty.yml:
dependencies:
  Actions/Cache@v4:
    ref: v4
    commit: sha1-0057852bfaa89a56745cba8c7296529d2fc39830
    owner_id: 44036562
    repo_id: 215566462
  octo/tool@v1:
    ref: v1
    commit: sha1-1111111111111111111111111111111111111111
    owner_id: 1
    repo_id: 2
    uses: [octo/inner@2222222222222222222222222222222222222222]
  octo/inner@2222222222222222222222222222222222222222:
    ref: v3
    commit: sha1-2222222222222222222222222222222222222222
    owner_id: 1
    repo_id: 3
`

func TestLockHolds(t *testing.T) {
	l := actions.ReadLock([]byte(goodLock))
	if len(l.Faults) > 0 {
		t.Fatal(l.Faults)
	}
	const ci = ".github/workflows/ci.yml"
	cases := []struct {
		workflow, name, version string
		want                    bool
	}{
		{ci, "actions/cache", "v4", true},
		{ci, "ACTIONS/cache/save", "v4", true},                                // an action in a folder has its repository's pin
		{ci, "actions/cache", "V4", false},                                    // refs have letters of two sizes
		{ci, "actions/cache", "v4.0.0", false},                                // another ref, whatever it leads to
		{ci, "octo/inner", "2222222222222222222222222222222222222222", false}, // not listed for the workflow
		{".github/workflows/CI.yml", "actions/cache", "v4", false},            // so have paths
		{".github/workflows/empty.yml", "actions/cache", "v4", false},         // held, with nothing
		{".github/workflows/other.yml", "actions/cache", "v4", false},         // not held at all
		{ci, "evil/actions/cache", "v4", false},                               // the owner comes first
		{ci, "actions/cache@v4", "", false},
		{ci, "", "", false},
		{"", "actions/cache", "v4", false}, // nonsense
	}
	for _, c := range cases {
		d, got := l.Holds(c.workflow, c.name, c.version)
		if got != c.want || got != (d.Commit != "") {
			t.Errorf("%s: %s@%s: held %v with %q, want %v", c.workflow, c.name, c.version, got, d.Commit, c.want)
		}
	}
	if !l.Lists(".github/workflows/empty.yml") || l.Lists(".github/workflows/other.yml") {
		t.Error("a workflow is held to the lock file when it has a key there, be it without pins")
	}
}

// TestBrokenLock changes one thing in a good lock: it then holds nothing, and says where and why.
func TestBrokenLock(t *testing.T) {
	cases := map[string]struct{ old, new, at, want string }{
		"no version":          {"version: v0.0.2\n", "", "", "does not say its version"},
		"newer":               {"v0.0.2", "v0.1.0", "version", "version v0.1.0 of the format is not known"},
		"unknown key":         {"version:", "extra: 1\nversion:", "extra", "knows no key extra"},
		"unknown field":       {"    repo_id: 2\n", "    repo_id: 2\n    sha: x\n", `dependencies.octo/tool@v1.sha`, "knows no key sha"},
		"host, too early":     {"    repo_id: 2\n", "    repo_id: 2\n    hostname: github.com\n", `dependencies.octo/tool@v1.hostname`, "knows no key hostname"},
		"short commit":        {"sha1-1111111111111111111111111111111111111111", "sha1-1111111", `dependencies.octo/tool@v1`, "has no full commit"},
		"no algorithm":        {"sha1-1111", "1111", `dependencies.octo/tool@v1`, "has no full commit"},
		"no owner":            {"    owner_id: 44036562\n", "", `dependencies.Actions/Cache@v4`, "has no owner_id"},
		"owner zero":          {"owner_id: 44036562", "owner_id: 0", `dependencies.Actions/Cache@v4`, "has no owner_id"},
		"no repository":       {"repo_id: 215566462", `repo_id: "215566462"`, `dependencies.Actions/Cache@v4`, "has no repo_id"},
		"no ref":              {"    ref: v1\n", "", `dependencies.octo/tool@v1`, "by which ref"},
		"another ref":         {"    ref: v1\n", "    ref: v2\n", `dependencies.octo/tool@v1.ref`, "has the commit of another ref, v2"},
		"another commit":      {"sha1-2222222222222222222222222222222222222222", "sha1-2222222222222222222222222222222222222223", `dependencies.octo/inner@2222222222222222222222222222222222222222.commit`, "another commit than the one it is pinned to"},
		"listed, no entry":    {"octo/tool@v1]", "octo/tool@v1, octo/gone@v1]", `workflows[".github/workflows/ci.yml"][2]`, "octo/gone@v1 is listed for .github/workflows/ci.yml but has no entry"},
		"used, no entry":      {"uses: [", "uses: [octo/gone@v1, ", `dependencies.octo/tool@v1.uses[0]`, "octo/tool@v1 uses octo/gone@v1, which has no entry"},
		"circle":              {"    repo_id: 3\n", "    repo_id: 3\n    uses: [octo/tool@v1]\n", `dependencies.octo/inner@2222222222222222222222222222222222222222`, "uses itself"},
		"pin in a folder":     {"[actions/cache@v4,", "[actions/cache/save@v4,", `workflows[".github/workflows/ci.yml"][0]`, "is not owner/repository@ref"},
		"path out":            {".github/workflows/empty.yml", "../empty.yml", `workflows["../empty.yml"]`, "is no path of a workflow"},
		"twice, differently":  {"dependencies:", "dependencies:\n  actions/CACHE@v4: {ref: v4, commit: sha1-3333333333333333333333333333333333333333, owner_id: 1, repo_id: 1}", `dependencies.actions/CACHE@v4`, "stands here twice"},
		"twice the same key":  {"dependencies:", "dependencies:\n  octo/tool@v1: {}", "", "already defined"},
		"workflows is a list": {"workflows:\n  .github/workflows/ci.yml: [actions/cache@v4, octo/tool@v1]\n  .github/workflows/empty.yml:", "workflows: []", "workflows", "workflows is no map"},
		"no YAML":             {"version:", "\tversion", "", "cannot be read"},
		"too large":           {"version:", strings.Repeat("#", 1<<20) + "\nversion:", "", "larger than the 1024 KiB"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(goodLock, c.old, c.new, 1)
			if text == goodLock {
				t.Fatal("nothing was changed")
			}
			l := actions.ReadLock([]byte(text))
			found := false
			for _, f := range l.Faults {
				found = found || strings.Contains(f.Message, c.want) && (c.at == "" || f.Path.String() == c.at)
			}
			if !found {
				t.Errorf("faults %v, want %q at %s", l.Faults, c.want, c.at)
			}
			if _, ok := l.Holds(".github/workflows/ci.yml", "actions/cache", "v4"); ok {
				t.Error("a broken lock file holds an action")
			}
		})
	}
}

// TestOldLock reads the first version of the format, which has the commit in the pin, and tag or branch for ref.
func TestOldLock(t *testing.T) {
	l := actions.ReadLock([]byte(`version: v0.0.1
workflows:
  ci.yml: ['actions/cache@v4:sha1-0057852bfaa89a56745cba8c7296529d2fc39830']
dependencies:
  'actions/cache@v4:sha1-0057852bfaa89a56745cba8c7296529d2fc39830':
    tag: v4
    commit: sha1-0057852bfaa89a56745cba8c7296529d2fc39830
    owner_id: 1
    repo_id: 2
`))
	got, _ := l.Holds("ci.yml", "actions/cache", "v4")
	want := actions.Dependency{Pin: "actions/cache@v4", Ref: "v4", Commit: "0057852bfaa89a56745cba8c7296529d2fc39830"}
	if diff := cmp.Diff(want, got); diff != "" || len(l.Faults) > 0 {
		t.Errorf("faults %v, (-want +got):\n%s", l.Faults, diff)
	}
}

// TestLockHosts reads the third version of the format, which may say of which GitHub an action is.
func TestLockHosts(t *testing.T) {
	newer := strings.Replace(goodLock, "v0.0.2", "v0.0.3", 1)
	for host, good := range map[string]bool{
		"github.com": true, "octocorp.ghe.com": true, "GitHub.com": false, "https://github.com": false, "example.com": false, "''": false,
	} {
		l := actions.ReadLock([]byte(strings.Replace(newer, "    repo_id: 2\n", "    repo_id: 2\n    hostname: "+host+"\n", 1)))
		if _, held := l.Holds(".github/workflows/ci.yml", "actions/cache", "v4"); held != good || (len(l.Faults) == 0) != good {
			t.Errorf("%s: held %t, faults %v", host, held, l.Faults)
		}
	}
	if l := actions.ReadLock([]byte(newer)); len(l.Faults) > 0 {
		t.Errorf("without a host: %v", l.Faults)
	}
	if l := actions.ReadLock([]byte(strings.Replace(newer, "    ref: v1\n", "    tag: v1\n", 1))); len(l.Faults) == 0 {
		t.Error("a tag in the place of a ref is no fault")
	}
}

func FuzzReadLock(f *testing.F) {
	f.Add(goodLock)
	f.Add("version: v0.0.1\nworkflows: {a: [b/c@d]}\ndependencies: {b/c@d: {uses: [b/c@d]}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		l := actions.ReadLock([]byte(text))
		if _, ok := l.Holds("ci.yml", "actions/cache", "v4"); ok && len(l.Faults) > 0 {
			t.Error("a broken lock file holds an action")
		}
	})
}
