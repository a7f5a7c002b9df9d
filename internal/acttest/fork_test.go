package acttest

import (
	"fmt"
	"path/filepath"
	"regexp"
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

// recipe makes the job run one workflow of the action's page in place of its own, with the binary that is tested.
func (j *job) recipe(t *testing.T, s snippet, binary, store string) {
	t.Helper()
	text := s.with(t, "binary-path: "+binary)
	j.uses, j.more = "./", map[string]string{s.path: text}
	j.args = append(j.args, "--workflows", s.path, "--platform", "ubuntu-24.04=-self-hosted")
	j.api.Permissions = s.permissions(t)
	j.stub(t, text, "actions/upload-artifact", strings.ReplaceAll(uploadStub, "ARTIFACTS", store))
	j.stub(t, text, "actions/download-artifact", strings.ReplaceAll(downloadStub, "ARTIFACTS", store))
	if strings.Contains(text, "actions/create-github-app-token@") {
		givesApp(t, j, text)
	}
	use := regexp.MustCompile(`plimsoll-dev/plimsoll@[0-9a-f]{40}`).FindString(text)
	j.args = append(j.args, "--local-repository", use+"="+absolute(t, root))
}

func workflowRun(sha, repository string) string {
	return fmt.Sprintf(`{"repository": {"default_branch": "main"}, "workflow_run": {"id": 99, "event": "pull_request", "conclusion": "failure",
		"head_sha": %q, "head_branch": "f", "head_repository": {"full_name": %q}}}`, sha, repository)
}

// TestReportOfAFork runs the two workflows of that recipe one after the other, as GitHub does for a fork's pull request.
func TestReportOfAFork(t *testing.T) {
	act, binary := actPath(t), buildBinary(t)
	store := t.TempDir()
	workflows := snippetsUnder(t, "From forks")
	first := &job{act: act, api: fakeapi.New(t), event: "pull_request", data: pullRequest("mallory/shop")}
	first.recipe(t, workflows[0], binary, store)
	r := first.run(t)
	if r.code != 1 || len(first.api.Requests("")) != 0 {
		t.Fatalf("exit %d after %d requests, want findings and none", r.code, len(first.api.Requests("")))
	}

	second := func(t *testing.T, data string, pull fakeapi.Pull) *job {
		j := &job{act: act, api: fakeapi.New(t), event: "workflow_run", data: data}
		j.api.Pull = &pull
		j.recipe(t, workflows[1], binary, store)
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
		wantPlaces(t, &runs[0])
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
