package acttest

import (
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

// recipe is a workflow of the action's page, and what happens when it runs over testdata/shop.txtar.
type recipe struct {
	section    string
	event      string
	data       string            // of the event; "" is the pull request
	env        map[string]string // that act does not set by itself
	arrange    func(j *job)
	operations string // of the API, each once, in the order of their names
	code       int
	check      func(t *testing.T, r result, api *fakeapi.Server)
}

const (
	ownPull = `{"number": 4, "pull_request": {"number": 4, "head": {"ref": "f", "sha": "{head}", "repo": {"full_name": "acme/shop"}},
		"base": {"ref": "main", "sha": "{base}"}}}`
	queued = `{"merge_group": {"head_sha": "{head}", "base_sha": "{base}", "base_ref": "refs/heads/main"}}`
	pushed = `{"ref": "refs/heads/main", "before": "{base}", "after": "{head}", "repository": {"default_branch": "main"}}`
	timed  = `{"schedule": "17 4 * * 1", "repository": {"default_branch": "main"}}`
)

var onMain = map[string]string{"GITHUB_REF": "refs/heads/main"}

const checkRunOperations = "checks/create checks/list-for-ref checks/update"

func recipes() []recipe {
	return []recipe{
		{section: "A pull request, with the least that it takes", event: "pull_request", code: 1, check: annotatesByCommands},
		{section: "With a check run", event: "pull_request", operations: checkRunOperations, code: 1, check: annotatesByCheckRun("plimsoll")},
		{section: "With a check run", event: "merge_group", data: queued, operations: checkRunOperations, code: 1, check: annotatesByCheckRun("plimsoll")},
		{
			section: "With a review", event: "pull_request", arrange: addsInjection, code: 1, check: suggests,
			operations: checkRunOperations + " pulls/create-review pulls/list-files pulls/list-review-comments",
		},
		{section: "In a merge queue", event: "merge_group", data: queued, code: 1, check: annotatesByCommands},
		{section: "In a merge queue", event: "pull_request", code: 1, check: annotatesByCommands},
		{
			section: "On a schedule", event: "schedule", data: timed, env: onMain, code: 1, check: keepsAnIssue,
			operations: "code-scanning/get-sarif code-scanning/upload-sarif graphql issues/create issues/list-for-repo",
		},
		{
			section: "On a schedule, with what GitHub enforces", event: "schedule", data: timed, env: onMain, code: 1, check: tellsOfSettings,
			operations: "actions/get-fork-pr-contributor-approval-permissions-repository " +
				"actions/get-github-actions-default-workflow-permissions-repository actions/get-github-actions-permissions-repository " +
				"actions/list-self-hosted-runners-for-repo code-scanning/get-sarif code-scanning/upload-sarif graphql issues/create " +
				"issues/list-for-repo repos/check-private-vulnerability-reporting repos/check-vulnerability-alerts repos/codeowners-errors " +
				"repos/get repos/get-all-environments repos/get-branch repos/get-branch-rules repos/list-releases",
		},
		{
			section: "In a monorepo", event: "pull_request", arrange: leg("deploy"), operations: checkRunOperations, code: 1,
			check: tellsOfOnePart("plimsoll (deploy)", "deploy/"),
		},
		{
			section: "In a monorepo", event: "push", data: pushed, env: onMain, arrange: leg(".github"), code: 1,
			operations: "checks/create checks/list-for-ref checks/update code-scanning/get-sarif code-scanning/upload-sarif",
			check:      tellsOfOnePart("plimsoll (.github)", ".github/"),
		},
		{section: "From forks", event: "pull_request", code: 0, check: isSkipped}, // not a fork; TestReportOfAFork has the rest
	}
}

// TestRecipes runs each workflow of the action's page as GitHub would, with a token that may do what the workflow says and
// no more.
func TestRecipes(t *testing.T) {
	act, binary := actPath(t), buildBinary(t)
	tested := map[string]bool{}
	for _, r := range recipes() {
		tested[r.section] = true
		t.Run(r.section+"/"+r.event, func(t *testing.T) {
			s := snippetsUnder(t, r.section)[0]
			j := &job{act: act, api: fakeapi.New(t), event: r.event, data: r.data, merge: true}
			if j.data == "" {
				j.data = ownPull
			}
			j.recipe(t, s, binary, "")
			for name, value := range r.env {
				j.args = append(j.args, "--env", name+"="+value)
			}
			if r.arrange != nil {
				r.arrange(j)
			}
			got := j.run(t)
			if got.code != r.code {
				t.Errorf("exit %d, want %d", got.code, r.code)
			}
			wantOperations(t, j.api, r.operations)
			if got.shows(j.api.Token) {
				t.Error("the token is in the log")
			}
			r.check(t, got, j.api)
		})
	}
	for _, s := range snippets(t, actionPage) {
		if s.isWorkflow() && !tested[s.section] {
			t.Errorf("no test runs the workflow under %q", s.section)
		}
	}
}

// wantOperations holds what was asked of the API to a list, and that nothing of it was refused.
func wantOperations(t *testing.T, api *fakeapi.Server, want string) {
	t.Helper()
	var got []string
	for _, request := range api.Requests("") {
		got = append(got, request.Operation)
		if refused(request) {
			t.Errorf("%s %s: %d", request.Operation, request.Path, request.Status)
		}
	}
	slices.Sort(got)
	if all := strings.Join(slices.Compact(got), " "); all != want {
		t.Errorf("operations %q, want %q", all, want)
	}
}

func annotatesByCommands(t *testing.T, r result, _ *fakeapi.Server) { r.wantAnnotated(t, true) }

func annotatesByCheckRun(name string) func(*testing.T, result, *fakeapi.Server) {
	return func(t *testing.T, r result, api *fakeapi.Server) {
		r.wantAnnotated(t, false)
		runs := api.CheckRuns()
		if len(runs) != 1 || runs[0].Name != name || runs[0].Conclusion != "failure" || runs[0].HeadSHA != commit(t, r.repo, "HEAD^2") {
			t.Fatalf("check runs %+v", runs)
		}
		wantPlaces(t, &runs[0])
	}
}

func keepsAnIssue(t *testing.T, _ result, api *fakeapi.Server) {
	issues := api.Issues()
	if len(issues) != 1 || issues[0].State != "open" || !strings.Contains(issues[0].Body, "release.yml") || len(api.Uploads()) != 1 {
		t.Errorf("issues %+v, %d uploads", issues, len(api.Uploads()))
	}
}

func isSkipped(t *testing.T, r result, _ *fakeapi.Server) {
	if strings.Contains(r.messages(), "Looked at") {
		t.Error("a pull request that is no fork's is linted twice")
	}
}

// leg runs one leg of the matrix. On GitHub they are jobs of their own; here they would share a machine.
func leg(part string) func(*job) {
	return func(j *job) { j.args = append(j.args, "--matrix", "part:"+part) }
}

func tellsOfOnePart(name, dir string) func(*testing.T, result, *fakeapi.Server) {
	return func(t *testing.T, _ result, api *fakeapi.Server) {
		runs := api.CheckRuns()
		if len(runs) != 1 || runs[0].Name != name || len(runs[0].Annotations) == 0 {
			t.Fatalf("check runs %+v", runs)
		}
		for _, a := range runs[0].Annotations {
			if !strings.HasPrefix(a.Path, dir) {
				t.Errorf("%s is told by another leg", a.Path)
			}
		}
		for _, upload := range api.Uploads() {
			if !strings.Contains(upload.SARIF, "plimsoll/"+strings.TrimSuffix(dir, "/")+"/") {
				t.Errorf("the category is not the leg's: %s", upload.SARIF)
			}
		}
	}
}

const titlePrinter = `name: Title
on: pull_request
permissions: {}
jobs:
  print:
    runs-on: ubuntu-latest
    steps:
      - run: echo "${{ github.head_ref }}"
`

// addsInjection makes the pull request add a workflow whose finding has a fix, and its diff show it.
func addsInjection(j *job) {
	const name = ".github/workflows/title.yml"
	j.more["bad/"+name] = titlePrinter
	lines := "+" + strings.ReplaceAll(strings.TrimSuffix(titlePrinter, "\n"), "\n", "\n+")
	j.api.Diff = []fakeapi.DiffFile{{Path: name, Status: "added", Patch: "@@ -0,0 +1,8 @@\n" + lines}}
}

func suggests(t *testing.T, _ result, api *fakeapi.Server) {
	for _, c := range api.Comments() {
		if c.Path == ".github/workflows/title.yml" && strings.Contains(c.Body, "```suggestion\n") && strings.Contains(c.Body, "GITHUB_HEAD_REF") {
			return
		}
	}
	t.Errorf("no suggestion in %+v", api.Comments())
}
