package cli_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

// Where neither the clone nor GitHub has the base's files, GitHub tells the lines; a file whose patch it leaves out, or whose text is not what
// is linted, counts as a whole.
func TestScopeFromGitHub(t *testing.T) {
	const step = "      - uses: acme/more@main\n"
	const patch = "@@ -7,3 +7,4 @@ jobs:\n     timeout-minutes: 5\n     steps:\n       - uses: acme/old@main\n+" + step
	old := unpinned + " " + oldFile
	for name, test := range map[string]struct {
		diff    []fakeapi.DiffFile
		head    map[string]string // texts of the head that are not those that are linted
		args    []string
		refused bool
		unknown bool // everything counts, and that is said
		want    []string
	}{
		"a patch":         {diff: []fakeapi.DiffFile{{Path: oldFile, Status: "modified", Patch: patch}}, want: []string{old}},
		"no patch":        {diff: []fakeapi.DiffFile{{Path: oldFile, Status: "modified"}}, want: []string{old, old}},
		"half a patch":    {diff: []fakeapi.DiffFile{{Path: oldFile, Status: "modified", Patch: patch[:60]}}, want: []string{old, old}},
		"the base too":    {diff: []fakeapi.DiffFile{{Path: oldFile, Status: "modified", Patch: patch}}, head: map[string]string{oldFile: "x"}, want: []string{old, old}},
		"elsewhere":       {diff: []fakeapi.DiffFile{{Path: "x", Status: "modified", Patch: "@@ -1 +1 @@\n-a\n+b\n"}}},
		"an empty list":   {unknown: true, want: []string{old, old}},
		"GitHub refuses":  {refused: true, unknown: true, want: []string{old, old}},
		"nobody is asked": {args: []string{"--check-run=false"}, unknown: true, want: []string{old, old}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCheckout(t)
			c.write(oldFile, using("acme/old@main"))
			base := c.commit()
			c.write(oldFile, using("acme/old@main")+step)
			head := c.commit()
			c.clone("--depth=1")
			c.pullRequest(base, head, "acme/app")
			api := fakeapi.New(t)
			api.Repository, api.Diff, api.Head = "acme/app", test.diff, head
			api.Files = map[string]string{oldFile: using("acme/old@main") + step}
			maps.Copy(api.Files, test.head)
			if test.refused {
				delete(api.Permissions, "pull-requests")
			} else {
				api.Permissions["pull-requests"] = "read"
			}
			c.transport = api
			c.env["GITHUB_TOKEN"], c.env["GITHUB_API_URL"] = api.Token, "https://api.test"
			r := c.lint(append([]string{"--check-run", "--rule=" + unpinned}, test.args...)...)
			if diff := cmp.Diff(test.want, told(r)); diff != "" {
				t.Errorf("findings that count (-want +got):\n%s", diff)
			}
			if noticed(r, "everything counts") != test.unknown || noticed(r, "is not known") == test.unknown {
				t.Errorf("notices %q", r.Stats.Notices)
			}
		})
	}
}
