package fetch

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// Tool is a program that an action installs without one version being named.
type Tool struct {
	Place
	Action string `json:"action"` // as used, without its ref
	Tool   string `json:"tool"`   // what it installs
	Input  string `json:"input"`  // the input that names the version
	Value  string `json:"value"`  // what the input says; "" where it is left out
	Range  bool   `json:"range"`  // the value or the default is a range: 3.x, ~> v2
}

// installerAction is an action that installs a program in the version that an input names.
type installerAction struct {
	tool  string
	input string
	// ByDefault is what the action takes when the input is left out: "latest", a range, or "" where its own version fixes one.
	byDefault string
	// Otherwise are inputs that name the version, or a program that is there already, another way.
	otherwise []string
	// Files are where the action looks for a version itself, and what they hold then.
	files map[string]string
	// Env is a variable that names the version where the input does not.
	env string
	// Named is an input that says which tool is installed.
	named string
}

// installerActions are read off the action.yml of each, and where that leaves it to the code off its documentation.
// Actions that carry a fixed default, such as sigstore/cosign-installer, matter only for a value of latest.
var installerActions = map[string]installerAction{
	"1password/install-cli-action":            {tool: "the 1Password CLI", input: "version", byDefault: "latest"},
	"1password/load-secrets-action/configure": {tool: "the 1Password CLI", input: "version", byDefault: ""},
	"aquasecurity/setup-trivy":                {tool: "Trivy", input: "version", byDefault: "latest"},
	"aquasecurity/trivy-action":               {tool: "Trivy", input: "version"},
	"arduino/setup-task":                      {tool: "Task", input: "version", byDefault: "3.x"},
	"astral-sh/setup-uv": {
		tool: "uv", input: "version", byDefault: "latest", otherwise: []string{"version-file"}, files: map[string]string{"uv.toml": "required-version", "pyproject.toml": "required-version"},
	},
	"azure/setup-helm":          {tool: "Helm", input: "version", byDefault: "latest", otherwise: []string{"version-file"}},
	"azure/setup-kubectl":       {tool: "kubectl", input: "version", byDefault: "latest"},
	"bufbuild/buf-action":       {tool: "buf", input: "version", byDefault: "latest", env: "BUF_VERSION"},
	"bufbuild/buf-setup-action": {tool: "buf", input: "version"},
	"carvel-dev/setup-action":   {tool: "the Carvel tools", input: "ytt", byDefault: "latest", otherwise: []string{"kbld", "kapp", "imgpkg", "vendir"}},
	"codecov/codecov-action":    {tool: "Codecov's uploader", input: "version", byDefault: "latest", otherwise: []string{"binary", "use_pypi"}},
	"cpanato/vault-installer":   {tool: "Vault", input: "vault-release"},
	"cue-lang/setup-cue":        {tool: "CUE", input: "version", byDefault: "latest"},
	"fluxcd/flux2/action":       {tool: "the Flux CLI", input: "version", byDefault: "latest", otherwise: []string{"version-file"}},
	"go-task/setup-task":        {tool: "Task", input: "version", byDefault: "3.x"},
	"golangci/golangci-lint-action": {
		tool: "golangci-lint", input: "version", byDefault: "latest", otherwise: []string{"version-file", "install-mode=none"},
		files: map[string]string{"go.mod": "github.com/golangci/golangci-lint"},
	},
	"google-github-actions/setup-gcloud":        {tool: "the Google Cloud CLI", input: "version", byDefault: "latest", otherwise: []string{"skip_install"}},
	"goreleaser/goreleaser-action":              {tool: "GoReleaser", input: "version", byDefault: "~> v2", otherwise: []string{"version-file"}},
	"hashicorp/setup-terraform":                 {tool: "Terraform", input: "terraform_version", byDefault: "latest", otherwise: []string{"terraform_version_file"}},
	"helm/chart-testing-action":                 {tool: "chart-testing", input: "version"},
	"helm/kind-action":                          {tool: "kind", input: "version"},
	"imjasonh/setup-crane":                      {tool: "crane", input: "version", byDefault: "latest-release"},
	"imjasonh/setup-ko":                         {tool: "ko", input: "version", byDefault: "latest-release"},
	"jaxxstorm/action-install-gh-release":       {tool: "a release of GitHub", input: "tag", byDefault: "latest", named: "repo"},
	"jdx/mise-action":                           {tool: "mise", input: "version", byDefault: "latest", otherwise: []string{"sha256", "minimum_release_age"}},
	"ko-build/setup-ko":                         {tool: "ko", input: "version", byDefault: "latest-release"},
	"kubernetes-sigs/release-actions/setup-bom": {tool: "bom", input: "bom-release"},
	"kyverno/action-install-chainsaw":           {tool: "Chainsaw", input: "release"},
	"open-policy-agent/setup-opa":               {tool: "OPA", input: "version", byDefault: "latest"},
	"opentofu/setup-opentofu":                   {tool: "OpenTofu", input: "tofu_version", byDefault: "latest", otherwise: []string{"tofu_version_file"}},
	"oven-sh/setup-bun": {
		tool: "Bun", input: "bun-version", byDefault: "latest", otherwise: []string{"bun-version-file", "bun-download-url"},
		files: map[string]string{"package.json": "bun@"},
	},
	"sigstore/cosign-installer":            {tool: "cosign", input: "cosign-release"},
	"snyk/actions/setup":                   {tool: "the Snyk CLI", input: "snyk-version", byDefault: "latest"},
	"stefanprodan/timoni/actions/setup":    {tool: "Timoni", input: "version", byDefault: "latest"},
	"superfly/flyctl-actions/setup-flyctl": {tool: "flyctl", input: "version", byDefault: "latest"},
	"terraform-linters/setup-tflint":       {tool: "TFLint", input: "tflint_version", byDefault: "latest", otherwise: []string{"checksums"}},
}

// tools finds what the action of a step installs in whatever version is newest.
func tools(step *workflow.Step, u *unit, repo *source.Repository) []Tool {
	name := step.Action()
	action, listed := installerActions[name]
	if !listed {
		return nil
	}
	for _, other := range action.otherwise {
		input, want, _ := strings.Cut(other, "=")
		if value, _ := step.Input(input); value != "" && value != "false" && (want == "" || value == want) {
			return nil
		}
	}
	used, _, _ := strings.Cut(step.Uses, "@")
	tool := action.tool
	if named, _ := step.Input(action.named); known(named) {
		tool = named
	}
	in := u.scope.in(source.Node{Value: map[string]any(step.Env)})
	value, path := step.Input(action.input)
	if path == nil || value == "" {
		if action.byDefault == "" || anyFile(repo, action.files) || action.env != "" && in.env(action.env) != "" {
			return nil
		}
		return []Tool{{
			Place: Place{Path: step.Path.Append("uses")}, Action: used, Tool: tool, Input: action.input, Range: versionRange.MatchString(action.byDefault),
		}}
	}
	var out []Tool
	for _, c := range in.choices(value) {
		moves := newestWords[strings.ToLower(strings.TrimSpace(c.text))]
		if isRange := versionRange.MatchString(c.text); moves || isRange {
			out = append(out, Tool{Place: Place{Path: path}, Action: used, Tool: tool, Input: action.input, Value: c.text, Range: isRange})
			break
		}
	}
	return out
}

// anyFile reports whether one of the files holds its text.
func anyFile(repo *source.Repository, files map[string]string) bool {
	for name, text := range files {
		if bytes.Contains(repo.Read(name), []byte(text)) {
			return true
		}
	}
	return false
}

// newestWords are values that stand for whatever version is newest.
var newestWords = set("latest latest-release newest tip main master nightly edge canary stable head")

// versionRange matches 3.x, ~> v2, ^1.2, >=1.0, v2 and 1.29, which stand for the newest of theirs; ==1.2.3 is one version.
var versionRange = regexp.MustCompile(`^\s*([~^<>][=>]?\s*v?\d.*|=*\s*v?\d+(\.(\d+|x|\*))?(\.(x|\*))?)\s*$`)
