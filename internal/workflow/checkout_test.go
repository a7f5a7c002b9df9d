package workflow

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	checkoutHead  = "      - uses: actions/checkout@v5\n        with: {ref: '${{ github.event.pull_request.head.sha }}'}\n"
	checkoutOwn   = "      - uses: actions/checkout@v5\n"
	checkoutAside = "      - uses: actions/checkout@v5\n        with: {ref: '${{ github.event.pull_request.head.sha }}', path: ./theirs}\n"
)

var checkoutCases = []struct {
	name, text string
	want       []string // event, text: what is executed
}{
	{"then built", on("pull_request_target", checkoutHead+"      - run: npm ci\n"), []string{
		"pull_request_target ${{ github.event.pull_request.head.sha }}: npm ci",
	}},
	{"a branch of that name here", on("pull_request_target", "      - uses: actions/checkout@v4.3.1\n        with: {ref: '${{ github.head_ref }}'}\n      - run: npm ci\n"), nil},
	{"that branch of the fork", on("pull_request_target", "      - uses: actions/checkout@v4.3.1\n        with: {ref: '${{ github.head_ref }}', repository: '${{ github.event.pull_request.head.repo.full_name }}'}\n      - run: npm ci\n"), []string{
		"pull_request_target ${{ github.head_ref }}: npm ci",
	}},
	{"through env", on("pull_request_target", "      - env: {SHA: '${{ github.event.pull_request.head.sha }}'}\n        uses: actions/checkout@v4.3.1\n        with: {ref: '${{ env.SHA }}'}\n      - run: npm ci\n"), []string{
		"pull_request_target ${{ env.SHA }}: npm ci",
	}},
	{"through a job's output", "on: pull_request_target\njobs:\n  a:\n    outputs: {x: '${{ github.event.pull_request.head.sha }}'}\n    steps: [{run: a}]\n  b:\n    needs: a\n    steps:\n      - uses: actions/checkout@v4.3.1\n        with: {ref: '${{ needs.a.outputs.x }}'}\n      - run: npm ci\n", []string{
		"pull_request_target ${{ needs.a.outputs.x }}: npm ci",
	}},
	{"put together by format", on("issue_comment", "      - uses: actions/checkout@v4.3.1\n        with: {ref: \"${{ format('refs/pull/{0}/merge', github.event.issue.number) }}\"}\n      - run: npm ci\n"), []string{
		"issue_comment ${{ format('refs/pull/{0}/merge', github.event.issue.number) }}: npm ci",
	}},
	{"a remote of the fork's", on("pull_request_target", checkoutOwn+"      - env: {URL: '${{ github.event.pull_request.head.repo.clone_url }}'}\n        run: |\n          git remote add theirs \"$URL\"\n          git fetch theirs\n          git checkout theirs/main\n          make\n"), []string{
		"pull_request_target git checkout: make",
	}},
	{"a clone of the fork", on("pull_request_target", "      - env: {URL: '${{ github.event.pull_request.head.repo.clone_url }}'}\n        run: |\n          git clone \"$URL\" theirs\n          make -C theirs\n"), []string{
		"pull_request_target git clone: make",
	}},
	{"the branch's name fetched from origin", on("pull_request_target", checkoutOwn+"      - run: git fetch origin ${{ github.head_ref }} && git checkout ${{ github.head_ref }} && make\n"), nil},
	{"of a fork, which workflow_run does not list", on("workflow_run", "      - uses: actions/checkout@v4.3.1\n        with: {ref: '${{ github.event.workflow_run.pull_requests[0].head.sha }}'}\n      - run: make\n"), nil},
	{"each step once", on("pull_request_target", checkoutHead+"      - run: |\n          make a\n          make b\n      - uses: ./tool\n"), []string{
		"pull_request_target ${{ github.event.pull_request.head.sha }}: make, ./tool",
	}},
	{"only read", on("pull_request_target", checkoutHead+"      - run: git diff --stat && wc -l README.md\n"), []string{
		"pull_request_target ${{ github.event.pull_request.head.sha }}: ",
	}},
	{"by an event without privilege", on("pull_request", checkoutHead+"      - run: npm ci\n"), nil},
	{"this repository's own code", on("pull_request_target", checkoutOwn+"      - run: npm ci\n"), nil},
	{"built before", on("pull_request_target", checkoutOwn+"      - run: npm ci\n"+checkoutHead), []string{
		"pull_request_target ${{ github.event.pull_request.head.sha }}: ",
	}},
	{"replaced before the build", on("pull_request_target", checkoutHead+checkoutOwn+"      - run: npm ci\n"), []string{
		"pull_request_target ${{ github.event.pull_request.head.sha }}: ",
	}},
	{"aside, own code built", on("pull_request_target", checkoutOwn+checkoutAside+"      - run: npm ci && ./check theirs\n"), []string{
		"pull_request_target ${{ github.event.pull_request.head.sha }}: ",
	}},
	{"aside, built there", on("pull_request_target", checkoutAside+"      - working-directory: theirs/sub\n        run: npm ci\n      - run: cd theirs && make\n      - run: make -C theirs\n      - run: bash theirs/x.sh\n"), []string{
		"pull_request_target ${{ github.event.pull_request.head.sha }}: npm ci, make, make, bash theirs/x.sh",
	}},
	{"the merge ref", on("pull_request_target", "      - uses: actions/checkout@v5\n        with: {ref: 'refs/pull/${{ github.event.number }}/merge'}\n      - run: go test ./...\n"), []string{
		"pull_request_target refs/pull/${{ github.event.number }}/merge: go test",
	}},
	{"the fork's repository", on("pull_request_target", "      - uses: actions/checkout@v5\n        with: {repository: '${{ github.event.pull_request.head.repo.full_name }}'}\n      - run: tox\n"), []string{
		"pull_request_target ${{ github.event.pull_request.head.repo.full_name }}: tox",
	}},
	{"another, fixed repository", on("pull_request_target", "      - uses: actions/checkout@v5\n        with: {repository: a/b, ref: '${{ github.head_ref }}'}\n      - run: make\n"), nil},
	{"workflow_run", on("workflow_run", "      - uses: actions/checkout@v5\n        with: {ref: '${{ github.event.workflow_run.head_sha }}'}\n      - run: cargo test\n"), []string{
		"workflow_run ${{ github.event.workflow_run.head_sha }}: cargo test",
	}},
	{"workflow_run of a push", on("workflow_run", "      - if: github.event.workflow_run.event == 'push'\n        uses: actions/checkout@v5\n        with: {ref: '${{ github.event.workflow_run.head_sha }}'}\n      - run: cargo test\n"), nil},
	{"what the event does not carry", on("issue_comment", checkoutHead+"      - run: make\n"), nil},
	{"gh pr checkout", on("issue_comment", checkoutOwn+"      - run: gh pr checkout ${{ github.event.issue.number }}\n      - run: make\n"), []string{
		"issue_comment gh pr checkout: make",
	}},
	{"git fetch and checkout in one script", on("issue_comment", checkoutOwn+"      - env: {N: 1}\n        run: |\n          git fetch origin pull/$N/head:theirs\n          make before\n          git checkout theirs\n          ./after.sh\n"), []string{
		"issue_comment git checkout: ./after.sh",
	}},
	{"git checkout of a variable", on("pull_request_target", checkoutOwn+"      - env: {SHA: '${{ github.event.pull_request.head.sha }}'}\n        run: git fetch && git checkout \"$SHA\"\n      - run: pip install -e .\n"), []string{
		"pull_request_target git checkout: pip install",
	}},
	{"an output by its name", on("issue_comment", "      - uses: actions/checkout@v5\n        with: {ref: '${{ steps.pr.outputs.head_sha }}'}\n      - run: make\n"), []string{
		"issue_comment ${{ steps.pr.outputs.head_sha }}: make",
	}},
	{"only for its own event", on("[pull_request, pull_request_target]", "      - uses: actions/checkout@v5\n        if: github.event_name == 'pull_request'\n        with: {ref: '${{ github.head_ref }}'}\n      - run: make\n"), nil},
	{"for this repository's branches", "on: pull_request_target\njobs:\n  a:\n    if: github.event.pull_request.head.repo.full_name == github.repository\n    steps:\n" + checkoutHead + "      - run: make\n", nil},
	{"for whom a needed job lets through", "on: pull_request_target\njobs:\n  may:\n    if: github.event.pull_request.head.repo.full_name == github.repository\n    steps: [{run: a}]\n  a:\n    needs: may\n    steps:\n" + checkoutHead + "      - run: make\n", nil},
}

func TestCheckouts(t *testing.T) {
	for _, tt := range checkoutCases {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, c := range workflowFacts(t, tt.text).Checkouts {
				var ran []string
				for _, run := range c.Executed {
					ran = append(ran, run.What)
				}
				got = append(got, fmt.Sprintf("%s %s: %s", c.Event, c.Text, strings.Join(ran, ", ")))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckoutPrivilege(t *testing.T) {
	tests := []struct {
		name, head, steps string
		want              bool
	}{
		{"default token", "", "", true},
		{"read only", "permissions: {contents: read}\n", "", false},
		{"writes", "permissions: {issues: write}\n", "", true},
		{"reads a secret", "permissions: {}\n", "      - run: a\n        env: {K: '${{ secrets.KEY }}'}\n", true},
		{"reads its own token only", "permissions: {}\n", "      - run: a\n        env: {K: '${{ secrets.GITHUB_TOKEN }}'}\n", false},
		{"secret in the workflow's env", "permissions: {}\nenv: {K: '${{ secrets.KEY }}'}\n", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := workflowFacts(t, tt.head+on("pull_request_target", checkoutHead+tt.steps)).Checkouts
			if len(found) != 1 || found[0].Privileged != tt.want {
				t.Errorf("got %+v", found)
			}
		})
	}
}

// TestExecutionText holds that an execution is the command that tells most, and where in the script it stands.
func TestExecutionText(t *testing.T) {
	tests := []struct {
		name, script string
		want         []string
	}{
		{"as written", "make", []string{"make"}},
		{"with its arguments and what is in front", "echo a; sudo A=b make -j 2 x # all", []string{"sudo A=b make -j 2 x"}},
		{"with its expressions", "npm ci ${{ inputs.flags }} ${{ inputs.more }}", []string{"npm ci ${{ inputs.flags }} ${{ inputs.more }}"}},
		{"the first of its lines", "npm ci \\\n  --verbose", []string{"npm ci"}},
		{"what runs here before what runs elsewhere", "kubectl apply -f a.yaml\nhelm upgrade a .\n./b.sh\nmake", []string{"./b.sh"}},
		{"what runs elsewhere if there is nothing else", "kubectl apply -f a.yaml\nskaffold run", []string{"kubectl apply -f a.yaml"}},
		{"not what is only said", "cat <<EOF | kubectl apply -f -\nkind: A\nEOF\nskaffold run", []string{"skaffold run"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			script := "      - run: |\n          " + strings.ReplaceAll(tt.script, "\n", "\n          ") + "\n"
			var got []string
			for _, run := range workflowFacts(t, on("pull_request_target", checkoutHead+script)).Checkouts[0].Executed {
				got = append(got, run.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	steps := checkoutHead + "      - run: docker build .\n      - run: make\n      - run: kubectl apply -k .\n      - uses: ./a\n"
	var order []string
	for _, run := range workflowFacts(t, on("pull_request_target", steps)).Checkouts[0].Executed {
		order = append(order, run.What)
	}
	if diff := cmp.Diff([]string{"make", "./a", "docker build", "kubectl apply"}, order); diff != "" {
		t.Errorf("order: %s", diff)
	}
}

func TestCheckoutProtection(t *testing.T) {
	tests := []struct {
		name, job string
		want      Protection
	}{
		{"none", "", ProtectionNone},
		{"environment", "    environment: review\n", ProtectionEnvironment},
		{"label", "    if: contains(github.event.pull_request.labels.*.name, 'ok')\n", ProtectionLabel},
		{"label each time", "    if: github.event.label.name == 'ok'\n", ProtectionPerson},
		{"output", "    if: needs.check.outputs.ok == 'true'\n", ProtectionOutput},
	}
	for _, tt := range tests {
		text := "on: pull_request_target\njobs:\n  a:\n" + tt.job + "    steps:\n" + checkoutHead + "      - run: make\n"
		if found := workflowFacts(t, text).Checkouts; len(found) != 1 || found[0].Protection != tt.want {
			t.Errorf("%s: got %+v", tt.name, found)
		}
	}
	mixed := "on:\n  workflow_dispatch:\n  pull_request_target: {types: [labeled, synchronize]}\njobs:\n  a:\n    if: github.event_name == 'workflow_dispatch' || github.event_name == 'pull_request_target' && github.event.label.name == 'ok'\n    steps:\n" + checkoutHead + "      - run: make\n"
	if found := workflowFacts(t, mixed).Checkouts; len(found) != 1 || found[0].Protection != ProtectionPerson {
		t.Errorf("what holds for this event alone: got %+v", found)
	}
	labeled := "on:\n  pull_request_target: {types: [labeled]}\njobs:\n  a:\n    steps:\n" + checkoutHead + "      - run: make\n"
	if found := workflowFacts(t, labeled).Checkouts; len(found) != 1 || found[0].Protection != ProtectionPerson {
		t.Errorf("started by a label alone: got %+v", found)
	}
	checked := on("issue_comment", "      - uses: someone/check-user-permission@v1\n      - run: gh pr checkout 1\n      - run: make\n")
	if found := workflowFacts(t, checked).Checkouts; len(found) != 1 || found[0].Protection != ProtectionPerson {
		t.Errorf("permission check: got %+v", found)
	}
}
