package token_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/token"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

const main = ".github/workflows/main.yml"

// factsOf works out the facts of main in a repository of files.
func factsOf(t testing.TB, files map[string]string) *token.Facts {
	t.Helper()
	repo := &source.Repository{
		Paths: slices.Sorted(maps.Keys(files)),
		ReadFile: func(path string) []byte {
			if text, ok := files[path]; ok {
				return []byte(text)
			}
			return nil
		},
	}
	repo.Parse = func(path string) *source.Document {
		kind := source.Action
		if strings.HasPrefix(path, ".github/workflows/") {
			kind = source.Workflow
		}
		if _, found := files[path]; !found {
			return nil
		}
		docs, faults := parse.File(&source.File{Path: path, Kind: kind, Data: []byte(files[path])})
		if len(docs) != 1 || len(faults) != 0 {
			t.Fatalf("%s: %d documents, faults %v", path, len(docs), faults)
		}
		return docs[0]
	}
	doc := repo.Parse(main)
	facts := token.Of(doc, workflow.Of(doc), workflow.NewRepository(repo))
	if facts == nil {
		t.Fatal("no facts")
	}
	return facts
}

// job gives a workflow of one job with permissions to everything listed and these steps.
func job(permissions, steps string) map[string]string {
	return map[string]string{main: "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    permissions: " + permissions + "\n    steps:\n" + steps}
}

// Steps of the cases below.
const (
	checkout = "      - uses: actions/checkout@v7\n"
	detached = "      - uses: actions/checkout@v7\n        with: {persist-credentials: false}\n"
	env      = "        env: {GH_TOKEN: '${{ github.token }}'}\n"
)

// useCase is what the steps of a job with a scope at write are seen to need of it.
type useCase struct {
	scope, steps string
	files        map[string]string
	want         token.Level
}

var useCases = map[string]useCase{
	"nothing":                       {"contents", "      - run: echo hello\n", nil, "none"},
	"checkout":                      {"contents", checkout, nil, "read"},
	"push":                          {"contents", checkout + "      - run: git push\n", nil, "write"},
	"push with an app's token":      {"contents", "      - uses: actions/checkout@v7\n        with: {token: '${{ secrets.PAT }}'}\n      - run: git push\n", nil, "none"},
	"push to an address":            {"contents", detached + "      - run: git push https://x:${{ github.token }}@github.com/a/b main\n", nil, "write"},
	"unknown program, credentials":  {"contents", checkout + "      - run: make release\n", nil, "unknown"},
	"unknown program, none":         {"contents", detached + "      - run: make release\n", nil, "read"},
	"test, credentials":             {"contents", checkout + "      - run: go test ./...\n", nil, "read"},
	"test, token":                   {"issues", "      - run: go test ./...\n" + env, nil, "unknown"},
	"unknown action":                {"issues", "      - uses: acme/unknown@v1\n", nil, "unknown"},
	"image":                         {"issues", "      - uses: docker://alpine\n        env: {T: '${{ github.token }}'}\n", nil, "unknown"},
	"image without token":           {"issues", "      - uses: docker://alpine\n", nil, "none"},
	"gh":                            {"issues", "      - run: gh issue close 1\n" + env, nil, "write"},
	"gh with another token":         {"issues", "      - run: gh issue close 1\n        env: {GH_TOKEN: '${{ secrets.PAT }}', GITHUB_TOKEN: '${{ github.token }}'}\n", nil, "none"},
	"gh with one of two":            {"issues", "      - run: gh issue close 1\n        env: {GH_TOKEN: '${{ secrets.PAT || github.token }}'}\n", nil, "write"},
	"gh with a token set on the go": {"issues", "      - run: |\n          export GH_TOKEN=${{ github.token }}\n          gh issue close 1\n", nil, "write"},
	"in a function":                 {"issues", "      - run: |\n          f() { gh issue close 1; }\n          f\n" + env, nil, "write"},
	"in bash -c":                    {"issues", "      - run: bash -c 'gh issue close 1'\n" + env, nil, "write"},
	"in a script":                   {"issues", "      - run: hack/x.sh\n" + env, map[string]string{"hack/x.sh": "#!/bin/sh\ngh issue close 1\n"}, "write"},
	"in a harmless script":          {"issues", "      - run: hack/x.sh\n" + env, map[string]string{"hack/x.sh": "#!/bin/sh\necho 1\n"}, "none"},
	"in a script of another kind":   {"issues", "      - run: hack/x.sh\n" + env, map[string]string{"hack/x.sh": "#!/usr/bin/python3\nprint(1)\n"}, "unknown"},
	"in a package's script":         {"issues", "      - run: npm run done\n" + env, map[string]string{"package.json": `{"scripts": {"done": "gh issue close 1"}}`}, "write"},
	"a script that calls itself":    {"issues", "      - run: ./x.sh\n" + env, map[string]string{"x.sh": "./x.sh\n"}, "unknown"},
	"not well-formed":               {"issues", "      - run: 'echo \"'\n" + env, nil, "unknown"},
	"for PowerShell":                {"issues", "      - run: echo 1\n        shell: pwsh\n" + env, nil, "unknown"},
	"oidc by an unknown program":    {"id-token", "      - run: make sign\n", nil, "unknown"},
	"oidc, signing":                 {"id-token", "      - run: cosign sign --yes r.example.com/a@sha256:0\n", nil, "write"},
	"registry by unknown program": {"packages", "      - uses: docker/login-action@v4\n        with: {registry: ghcr.io, username: a, password: '${{ github.token }}'}\n" +
		"      - run: make push\n", nil, "unknown"},
	"another registry": {"packages", "      - uses: docker/login-action@v4\n        with: {registry: quay.io, username: a, password: '${{ secrets.P }}'}\n" +
		"      - run: make push\n", nil, "none"},
	"script: call":            {"issues", script("await github.rest.issues.createLabel({name: 'a'})"), nil, "write"},
	"script: old call":        {"issues", script("await github.issues.createLabel({name: 'a'})"), nil, "write"},
	"script: paginated":       {"deployments", script("await github.paginate(github.rest.repos.listDeployments, {})"), nil, "read"},
	"script: request":         {"issues", script("await github.request('POST /repos/{owner}/{repo}/labels', {name: 'a'})"), nil, "write"},
	"script: GraphQL":         {"issues", script("await github.graphql('query {}')"), nil, "unknown"},
	"script: computed":        {"issues", script("await github.rest.issues[name]()"), nil, "unknown"},
	"script: taken apart":     {"issues", script("const {rest} = github; rest.issues.createLabel({})"), nil, "write"},
	"script: another name":    {"issues", script("const gh = github; await gh.issues.createLabel({})"), nil, "unknown"},
	"script: other members":   {"issues", script("const {issues} = github; await issues.createLabel({})"), nil, "unknown"},
	"script: not parsed":      {"issues", script("await ("), nil, "unknown"},
	"script: required":        {"issues", script("await require('./l.js')({github, context})"), map[string]string{"l.js": "module.exports = async ({github}) => { await github.rest.issues.createLabel({}) }"}, "write"},
	"script: required, alien": {"issues", script("await require('lib')({github, context})"), nil, "unknown"},
	"script: comment only":    {"issues", script("// github.rest.issues.createLabel()\nconsole.log('github.rest.issues.createLabel')"), nil, "none"},
	"composite": {"issues", "      - uses: ./act\n        with: {token: '${{ github.token }}'}\n", map[string]string{"act/action.yml": "inputs: {token: {}}\nruns:\n  using: composite\n  steps:\n" +
		"    - run: gh issue close 1\n      shell: bash\n      env: {GH_TOKEN: '${{ inputs.token }}'}\n"}, "write"},
	"composite with another token": {"issues", "      - uses: ./act\n        with: {token: '${{ secrets.PAT }}'}\n", map[string]string{"act/action.yml": "inputs: {token: {default: '${{ github.token }}'}}\nruns:\n  using: composite\n  steps:\n" +
		"    - run: gh issue close 1\n      shell: bash\n      env: {GH_TOKEN: '${{ inputs.token }}'}\n"}, "none"},
	"composite by default": {"issues", "      - uses: ./act\n", map[string]string{"act/action.yml": "inputs: {token: {default: '${{ github.token }}'}}\nruns:\n  using: composite\n  steps:\n" +
		"    - run: gh issue close 1\n      shell: bash\n      env: {GH_TOKEN: '${{ inputs.token }}'}\n"}, "write"},
	"composite in itself":         {"issues", "      - uses: ./act\n", map[string]string{"act/action.yml": "runs:\n  using: composite\n  steps:\n    - uses: ./act\n"}, "unknown"},
	"action with code":            {"issues", "      - uses: ./act\n", map[string]string{"act/action.yml": "inputs: {t: {default: '${{ github.token }}'}}\nruns: {using: node24, main: a.js}\n"}, "unknown"},
	"action without a token":      {"issues", "      - uses: ./act\n", map[string]string{"act/action.yml": "inputs: {t: {default: a}}\nruns: {using: node24, main: a.js}\n"}, "none"},
	"action that is not there":    {"issues", "      - uses: ./act\n", nil, "unknown"},
	"an action nobody has read":   {"contents", "      - uses: chromaui/action@v13\n", nil, "unknown"},
	"given to a build":            {"contents", "      - uses: docker/build-push-action@v7\n        with: {secrets: 'T=${{ github.token }}'}\n", nil, "unknown"},
	"given under another name":    {"issues", "      - uses: actions/cache@v5\n        env: {T: '${{ github.token }}'}\n", nil, "unknown"},
	"given another's token":       {"issues", "      - uses: actions/cache@v5\n        env: {T: '${{ secrets.PAT }}'}\n", nil, "none"},
	"a branch of one's own token": {"contents", "      - uses: peter-evans/create-pull-request@v8\n        with: {token: '${{ secrets.PAT }}', branch-token: '${{ github.token }}'}\n", nil, "write"},
	"never":                       {"issues", "      - run: gh issue close 1\n        if: false\n" + env, nil, "none"},
}

// TestUse holds how much of a scope the steps of a job are seen to need.
func TestUse(t *testing.T) { holdUse(t, useCases) }

// holdUse holds cases of how much of a scope is used.
func holdUse(t *testing.T, cases map[string]useCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			files := job("{"+c.scope+": write}", c.steps)
			maps.Copy(files, c.files)
			facts := factsOf(t, files)
			if got := facts.Grants[0].Used; got != c.want {
				t.Errorf("%s is used: %s, want %s; needs %+v, opaque %+v", c.scope, got, c.want, facts.Jobs[0].Needs, facts.Jobs[0].Opaque)
			}
		})
	}
}

func script(text string) string {
	return "      - uses: actions/github-script@v9\n        with:\n          script: |\n            " + strings.ReplaceAll(text, "\n", "\n            ") + "\n"
}

// TestBlocks holds that a block says what is needed, keeps what may be, and names by what.
func TestBlocks(t *testing.T) {
	const release = "      - uses: actions/checkout@v7\n        with: {persist-credentials: false}\n      - run: gh release create v1\n        env: {GH_TOKEN: '${{ github.token }}'}\n"
	cases := map[string]struct {
		permissions, steps, want string
		certain                  bool
	}{
		"less":       {"{contents: write, issues: write, packages: read}", release, "permissions:\n  contents: write # gh release create", true},
		"more":       {"{issues: write}", release, "permissions:\n  contents: write # gh release create", true},
		"nothing":    {"{contents: read}", "      - run: echo\n", "permissions: {}", true},
		"kept":       {"{issues: write, id-token: write}", "      - run: make sign\n", "permissions:\n  id-token: write # perhaps make", true},
		"of all":     {"write-all", release, "permissions:\n  contents: write # gh release create", true},
		"of unknown": {"write-all", release + "      - uses: acme/unknown@v1\n", "permissions:\n  contents: write # gh release create", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			block := factsOf(t, job(c.permissions, c.steps)).Blocks[1]
			if diff := cmp.Diff(c.want, block.YAML); diff != "" || block.Certain != c.certain {
				t.Errorf("certain %v (-want +got):\n%s", block.Certain, diff)
			}
		})
	}
}

// TestPerJob holds that what one job of several needs moves to it, and that the others keep what they have.
func TestPerJob(t *testing.T) {
	text := `on: push
permissions: {contents: write}
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{uses: actions/checkout@v7, with: {persist-credentials: false}}]
  release:
    runs-on: ubuntu-24.04
    steps: [{run: gh release create v1, env: {GH_TOKEN: '${{ github.token }}'}}]
`
	want := []token.Edit{
		{Path: source.Path{"jobs", "release", "permissions"}, Block: "permissions:\n  contents: write # gh release create"},
		{Path: source.Path{"permissions"}, Block: "permissions:\n  contents: read # actions/checkout"},
	}
	if diff := cmp.Diff(want, factsOf(t, map[string]string{main: text}).PerJob); diff != "" {
		t.Error(diff)
	}
}

// TestEvents holds that a need that depends on the event is one only where the event can be.
func TestEvents(t *testing.T) {
	steps := "    steps: [{uses: actions/first-interaction@v3, with: {repo_token: '${{ github.token }}', issue_message: a, pr_message: b}}]\n"
	for on, want := range map[string][]string{"issues": {"issues"}, "pull_request_target": {"pull-requests"}, "[issues, pull_request_target]": {"issues", "pull-requests"}} {
		facts := factsOf(t, map[string]string{main: "on: " + on + "\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n" + steps})
		var got []string
		for _, n := range facts.Jobs[0].Missing {
			got = append(got, n.Scope)
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("on %s: (-want +got):\n%s", on, diff)
		}
	}
}

// TestHostile holds that names which stand for names, and actions which use actions, do not take for ever.
func TestHostile(t *testing.T) {
	var vars, env strings.Builder
	for i := range 200 {
		fmt.Fprintf(&vars, "          A%d=$A%d$A%d$A%d\n", i, i+1, i+2, (i*7)%200)
		fmt.Fprintf(&env, "      E%d: '${{ env.E%d }}${{ env.E%d }}${{ env.E%d }}'\n", i, i+1, i+2, (i*7)%200)
	}
	var calls strings.Builder
	for i := range 30 {
		fmt.Fprintf(&calls, "  c%d: {uses: ./.github/workflows/main.yml}\n", i)
	}
	deep := "      - uses: actions/github-script@v9\n        with: {script: '" + strings.Repeat("(", 5000) + strings.Repeat("[", 50000) + "'}\n"
	cases := map[string]map[string]string{
		"variables": job("{contents: write}", "      - run: |\n"+vars.String()+"          make $A0 $E0\n        env:\n    "+strings.ReplaceAll(env.String(), "\n", "\n    ")+"\n"),
		"calls":     {main: "on: [push, workflow_call]\njobs:\n" + calls.String()},
		"scripts":   job("{contents: write}", deep),
	}
	for name, files := range cases {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			factsOf(t, files)
			if spent := time.Since(start); spent > time.Minute {
				t.Errorf("it took %s", spent)
			}
		})
	}
}
