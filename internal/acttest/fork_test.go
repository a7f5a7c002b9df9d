package acttest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

// The actions that carry the report from one run to the other, as far as the two workflows use them: the store is a folder.
const (
	uploadStub = `name: upload
inputs: {name: {}, path: {}, retention-days: {}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {FILE: "${{ inputs.path }}", STORE: "ARTIFACTS/${{ inputs.name }}"}
      run: mkdir -p "$STORE" && cp "$FILE" "$STORE"
`
	downloadStub = `name: download
inputs: {name: {}, path: {}, run-id: {}, github-token: {}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {TO: "${{ inputs.path }}", STORE: "ARTIFACTS/${{ inputs.name }}", RUN: "${{ inputs.run-id }}"}
      run: '[ "$RUN" = 99 ] && mkdir -p "$TO" && cp -R "$STORE/." "$TO"'
`
)

// readmeWorkflow is a workflow that the README shows, with the binary that is tested.
func readmeWorkflow(t *testing.T, name, binary string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "```yaml\n# "+name+"\n")
	block, _, _ := strings.Cut(rest, "```")
	if !found {
		t.Fatalf("the README has no %s", name)
	}
	use := regexp.MustCompile(`(uses: plimsoll-dev/plimsoll@.*\n\s+with:\n)(\s+)`)
	return use.ReplaceAllString(block, "${1}${2}binary-path: "+binary+"\n${2}")
}

// stub puts an action that the workflow uses at a commit where act looks for it.
func (j *job) stub(t *testing.T, workflow, action, text string) {
	t.Helper()
	use := regexp.MustCompile(regexp.QuoteMeta(action) + `@[0-9a-f]{40}`).FindString(workflow)
	if use == "" {
		return
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "action.yml"), text)
	j.args = append(j.args, "--local-repository", use+"="+dir)
}

// readme makes the job run one workflow of the README in place of its own.
func (j *job) readme(t *testing.T, name, binary, store string) {
	t.Helper()
	text := readmeWorkflow(t, name, binary)
	j.more = map[string]string{name: text}
	j.args = append(j.args, "--workflows", name, "--platform", "ubuntu-24.04=-self-hosted")
	j.stub(t, text, "actions/upload-artifact", strings.ReplaceAll(uploadStub, "ARTIFACTS", store))
	j.stub(t, text, "actions/download-artifact", strings.ReplaceAll(downloadStub, "ARTIFACTS", store))
	j.stub(t, text, "plimsoll-dev/plimsoll", "")
	j.args[len(j.args)-1] = regexp.MustCompile(`plimsoll-dev/plimsoll@[0-9a-f]{40}`).FindString(text) + "=" + absolute(t, root)
}

const (
	forkWorkflow   = ".github/workflows/plimsoll-forks.yml"
	reportWorkflow = ".github/workflows/plimsoll-report.yml"
	auditWorkflow  = ".github/workflows/plimsoll-audit.yml"
)

func workflowRun(sha, repository string) string {
	return fmt.Sprintf(`{"repository": {"default_branch": "main"}, "workflow_run": {"id": 99, "event": "pull_request", "conclusion": "failure",
		"head_sha": %q, "head_branch": "f", "head_repository": {"full_name": %q}}}`, sha, repository)
}

// TestReportOfAFork runs the README's two workflows one after the other, as GitHub does for a fork's pull request.
func TestReportOfAFork(t *testing.T) {
	act, binary := actPath(t), buildBinary(t)
	store := t.TempDir()
	first := &job{act: act, api: fakeapi.New(t), event: "pull_request", data: pullRequest("mallory/shop"), uses: "./"}
	first.readme(t, forkWorkflow, binary, store)
	r := first.run(t)
	if r.code != 1 || len(first.api.Requests("")) != 0 {
		t.Fatalf("exit %d after %d requests, want findings and none", r.code, len(first.api.Requests("")))
	}

	second := func(t *testing.T, data string, pull fakeapi.Pull) *job {
		j := &job{act: act, api: fakeapi.New(t), event: "workflow_run", data: data, uses: "./"}
		j.api.Permissions = map[string]string{"actions": "read", "checks": "write", "contents": "read", "pull-requests": "read"}
		j.api.Pull = &pull
		j.readme(t, reportWorkflow, binary, store)
		return j
	}
	pull := fakeapi.Pull{Number: 4, HeadSHA: head, HeadRepository: "mallory/shop"}
	t.Run("posted", func(t *testing.T) {
		j := second(t, workflowRun(head, "mallory/shop"), pull)
		r := j.run(t)
		runs := j.api.CheckRuns()
		if r.code != 1 || len(runs) != 1 || runs[0].HeadSHA != head || runs[0].Conclusion != "failure" || runs[0].Name != "plimsoll (fork)" {
			t.Fatalf("exit %d, check runs %+v", r.code, runs)
		}
		var annotated []string
		for _, a := range runs[0].Annotations {
			annotated = append(annotated, fmt.Sprintf("%s:%d", a.Path, a.StartLine))
		}
		for _, place := range places {
			if !slices.Contains(annotated, place) {
				t.Errorf("no annotation at %s; all: %q", place, annotated)
			}
		}
		if r.shows(j.api.Token) {
			t.Error("the token is in the log")
		}
	})
	t.Run("of another commit", func(t *testing.T) {
		other := strings.Repeat("c", 40)
		j := second(t, workflowRun(other, "mallory/shop"), pull)
		if r := j.run(t); r.code == 0 || len(j.api.Requests("")) > 0 || !strings.Contains(r.messages(), "the report is refused") {
			t.Errorf("exit %d after %d requests", r.code, len(j.api.Requests("")))
		}
	})
	t.Run("of somebody else", func(t *testing.T) {
		j := second(t, workflowRun(head, "mallory/shop"), fakeapi.Pull{Number: 4, HeadSHA: head, HeadRepository: "ann/shop"})
		if r := j.run(t); r.code == 0 || len(j.api.CheckRuns()) > 0 || !strings.Contains(r.messages(), "the report is refused") {
			t.Errorf("exit %d with %d check runs", r.code, len(j.api.CheckRuns()))
		}
	})
}

func TestAuditKeepsAnIssue(t *testing.T) {
	j := &job{
		act: actPath(t), api: fakeapi.New(t), event: "schedule", uses: "./",
		data: `{"schedule": "17 4 * * 1", "repository": {"default_branch": "main"}}`,
	}
	j.args = append(j.args, "--env", "GITHUB_REF=refs/heads/main")
	j.api.Permissions = map[string]string{"contents": "read", "issues": "write", "security-events": "write"}
	j.readme(t, auditWorkflow, buildBinary(t), "")
	r := j.run(t)
	issues := j.api.Issues()
	if r.code != 1 || len(issues) != 1 || issues[0].State != "open" || !strings.Contains(issues[0].Body, "release.yml") || len(j.api.Uploads()) != 1 {
		t.Errorf("exit %d, issues %+v, %d uploads", r.code, issues, len(j.api.Uploads()))
	}
}
