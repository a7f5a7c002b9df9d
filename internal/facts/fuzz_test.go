package facts_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// besides are files that facts look at beside a document.
var besides = []string{
	".github/CODEOWNERS", ".github/dependabot.yml", ".github/workflows/actions.lock", ".github/workflows/b.yml", ".gitignore", ".npmrc", ".pre-commit-config.yaml", ".terraform.lock.hcl",
	"Cargo.lock", "Chart.lock", "action.yml", "devcontainer-lock.json", "go.mod", "package-lock.json", "package.json", "pyproject.toml", "renovate.json", "requirements.txt", "run.sh", "skaffold.yaml", "versions.tf", "x.js",
}

// FuzzOf holds that facts can be established about whatever document of whatever kind, beside whatever other files, and that
// policies can be told of them.
func FuzzOf(f *testing.F) {
	for _, seed := range []struct{ text, beside string }{
		{"on: push\njobs: {a: {steps: [{run: pip install -r requirements.txt && npm ci && ./run.sh}, {uses: ./}]}}", "a==1 --hash=sha256:b\nregistry=http://x\n"},
		{"apiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'a:b@sha256:c', env: [{name: a, value: b}]}]}", "a: b"},
		{"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nroleRef: {kind: ClusterRole, name: cluster-admin}\nsubjects: [{kind: Group, name: 1}]", "{}"},
		{"FROM a AS b\nCOPY --from=b . .\nRUN pip install x && curl y | sh\nUSER 0", "{\"dependencies\": {\"a\": 1}}"},
		{"resource \"kubernetes_pod\" \"a\" {\n  spec {\n    container {\n      image = \"${var.x}\"\n    }\n  }\n}\nterraform {\n  backend \"s3\" {}\n  required_providers {\n    a = {source = 1}\n  }\n}", "provider \"a\" {\n  version = \"1\"\n  hashes = [1]\n}"},
		{"apiVersion: v2\nname: a\nversion: 1.0.0\ndependencies: [{name: b, version: '>=1', repository: '@c'}]", "dependencies: [{name: b, version: 1}]\ndigest: 1"},
		{"version: 2\nupdates: [{package-ecosystem: npm, directory: /, cooldown: 1}]", "repos: [{repo: a, rev: 1.2}]"},
		{"repos: [{repo: 'https://a/b', rev: 1.2, hooks: [1]}]", "\xff"},
		{"services: {a: {image: b, volumes: [/:/x, {type: bind}], privileged: maybe}}", "a"},
		{"apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {source: {repoURL: 1, targetRevision: [a]}}", "a"},
		{"include: [{project: a, ref: 1}]\nimage: {name: 2}", "a"},
		{"version: 1\nrepository: {owner: a}\nbranches: {main: 1}", "* @a"},
		{"{\"image\": 1, \"features\": {\"a\": 2}}", "{\"features\": 1}"},
		{"resources: [1, 'github.com/a/b?ref=c']\nimages: {a: b}", "a"},
	} {
		f.Add([]byte(seed.text), []byte(seed.beside))
	}
	f.Fuzz(func(t *testing.T, text, beside []byte) {
		repo := facts.In(&source.Repository{Paths: besides, ReadFile: func(path string) []byte {
			if !slices.Contains(besides, path) {
				return nil
			}
			return beside
		}, Parse: func(path string) *source.Document {
			docs, _ := parse.File(&source.File{Path: path, Kind: map[string]source.Kind{"action.yml": source.Action, ".github/workflows/b.yml": source.Workflow}[path], Data: text})
			return append(docs, nil)[0]
		}})
		for _, kind := range source.Kinds() {
			docs, _ := parse.File(&source.File{Path: "a", Kind: kind, Data: text})
			unit := facts.Together(docs)
			for i := range unit.Documents {
				for _, in := range unit.Of(i, repo) {
					if _, err := json.Marshal(in); err != nil {
						t.Fatalf("%s: %v", kind, err)
					}
				}
			}
		}
	})
}
