package cli_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

// files are the texts of a commit, as the fake API takes them.
func (c *checkout) files(commit string) map[string]string {
	c.t.Helper()
	files := map[string]string{}
	for line := range strings.Lines(c.git("ls-tree", "-r", commit) + "\n") {
		meta, path, found := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		fields := strings.Fields(meta)
		if !found || fields[1] != "blob" {
			continue
		}
		var out strings.Builder
		c.stdout(&out, "cat-file", "blob", fields[2])
		files[path] = out.String()
		if fields[0] == "120000" {
			files[path] = "-> " + files[path]
		}
	}
	return files
}

// lends has GitHub know the files of a commit that the clone lacks.
func (c *checkout) lends(base string, files map[string]string) *fakeapi.Server {
	api := fakeapi.New(c.t)
	api.Repository, api.Trees = "acme/app", map[string]map[string]string{base: files}
	delete(api.Permissions, "pull-requests")
	c.transport = api
	c.env["GITHUB_TOKEN"], c.env["GITHUB_API_URL"] = api.Token, "https://api.test"
	return api
}

// A clone of one commit, given the base's files by GitHub, tells what counts as well as one that has the history, with
// `contents: read` alone.
func TestScopeByLoan(t *testing.T) {
	if testing.Short() {
		t.Skip("two lints of each change to judge")
	}
	for name, test := range byChange {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCheckout(t)
			for name, text := range test.before {
				c.write(name, text)
			}
			base := c.commit()
			files := c.files(base)
			test.change(c)
			head := c.commit()
			c.clone("--depth=1")
			c.pullRequest(base, head, "acme/app")
			api := c.lends(base, files)
			api.Parted = map[string]string{base + "..." + head: base}
			r := c.lint("--check-run", "--rule="+test.rule)
			if diff := cmp.Diff(test.want, told(r)); diff != "" {
				t.Errorf("findings that count (-want +got):\n%s", diff)
			}
			if got := r.Hidden()[finding.ByScope]; test.hidden >= 0 && got != test.hidden {
				t.Errorf("%d findings outside the change, want %d; notices %q", got, test.hidden, r.Stats.Notices)
			}
			if asked := len(api.Requests("pulls/list-files")); asked != 0 {
				t.Errorf("the diff was asked for %d times", asked)
			}
		})
	}
}

// Where the head of the pull request is checked out and its branch has gone on from the base, GitHub says where they parted.
func TestScopeByLoanOfWhereTheyParted(t *testing.T) {
	c, base, head := proposed(t)
	files := c.files(base)
	c.git("checkout", "--quiet", "branch")
	c.write("more.txt", "x")
	head, last := c.commit(), head
	if head == last {
		t.Fatal("nothing was committed")
	}
	tip := c.git("rev-parse", "main")
	c.clone("--depth=1", "--branch=branch")
	c.pullRequest(tip, head, "acme/app")
	api := c.lends(base, files)
	api.Parted = map[string]string{tip + "..." + head: base}
	r := c.lint("--check-run", "--rule="+unpinned)
	if diff := cmp.Diff(onlyNew, told(r)); diff != "" {
		t.Errorf("findings that count (-want +got):\n%s\nnotices %q", diff, r.Stats.Notices)
	}
}

// What GitHub lends is held against its ID, and what cannot be had leaves everything in scope.
func TestScopeByLoanThatIsRefused(t *testing.T) {
	many := map[string]string{}
	for i := range 301 {
		many[strings.Repeat("a", i+1)+".txt"] = strings.Repeat("b", i)
	}
	for name, test := range map[string]struct {
		files  map[string]string
		spoil  func(api *fakeapi.Server, base string)
		notice string
	}{
		"no permission":  {spoil: func(api *fakeapi.Server, _ string) { delete(api.Permissions, "contents") }, notice: "contents: read"},
		"unknown commit": {spoil: func(api *fakeapi.Server, base string) { delete(api.Trees, base) }, notice: "Not Found"},
		"too many":       {files: many, spoil: func(*fakeapi.Server, string) {}, notice: "no more than 300"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCheckout(t)
			c.write(oldFile, using("acme/old@main"))
			base := c.commit()
			c.write(newFile, using("acme/new@main"))
			head := c.commit()
			c.clone("--depth=1")
			c.pullRequest(base, head, "acme/app")
			files := test.files
			if files == nil {
				files = map[string]string{oldFile: using("acme/old@v1")}
			}
			test.spoil(c.lends(base, files), base)
			r := c.lint("--check-run", "--rule="+unpinned)
			if diff := cmp.Diff([]string{unpinned + " " + newFile, unpinned + " " + oldFile}, told(r)); diff != "" {
				t.Errorf("findings that count (-want +got):\n%s", diff)
			}
			if !noticed(r, unknown) || !noticed(r, test.notice) {
				t.Errorf("notices %q, want one that says %q", r.Stats.Notices, test.notice)
			}
		})
	}
}
