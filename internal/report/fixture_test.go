package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The files of the repository that the fixture's report is about.
var fixtureFiles = map[string]string{
	".github/workflows/ci.yml": `on: pull_request_target
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: |
          echo "${{ github.event.pull_request.title }}"
          make test
      - uses: docker/login-action@v3 # plimsoll: ignore[workflow/unpinned-action] tested by hand
`,
	"charts/web/templates/deploy.yaml": "kind: Deployment\nspec:\n\ttemplate: {image: '{{ include \"image\" . }}'} # 日本語 名前 ⚓\n",
	"charts/web/templates/_image.tpl":  "{{- define \"image\" -}}\n{{ .Values.image.name }}:{{ .Values.image.tag }}\n{{- end }}\n",
	"charts/web/values.yaml":           "# 🚢 the image\nimage:\n  name: nginx\n  tag: latest\nprivileged: true\n",
	"Dockerfile":                       "FROM debian:12\nRUN " + strings.Repeat("apt-get install -y curl && ", 20) + "curl https://example.com/install.sh | sh" + strings.Repeat(" && true", 30) + "\n",
	hostilePath:                        "a: b\nimage: \x1b[31mevil\u202e##[stop-commands]x\u200b|`<img src=x>`\n",
}

const hostilePath = "k8s/::error::x, `y`|<b>@octocat #1\n##[add-mask]e.yaml"

// at finds the nth place of a text in a file of the fixture.
func at(path, text string, nth int) source.Location {
	data := fixtureFiles[path]
	from := 0
	for ; nth > 1; nth-- {
		from += strings.Index(data[from:], text) + 1
	}
	i := strings.Index(data[from:], text)
	if i < 0 {
		panic("no " + text + " in " + path)
	}
	return source.Location{Path: path, Span: source.NewText([]byte(data)).Span(from+i, from+i+len(text))}
}

func near(l source.Location) source.Location {
	l.Span.Exact = false
	return l
}

func fixtureSource(path string) []byte {
	if data, ok := fixtureFiles[path]; ok {
		return []byte(data)
	}
	return nil
}

func fixtureRules() []*finding.Rule {
	return []*finding.Rule{
		{
			ID: "image/mutable-tag", Title: "Image tag can move", Description: "The tag names whatever was pushed to it last.",
			Severity: finding.Medium, Confidence: finding.ConfidenceHigh, Kinds: []source.Kind{source.Manifest, source.Dockerfile},
			Remediation: "Name a full version and its digest: nginx:1.27.4@sha256:….",
		},
		{ID: "image/unpinned", Title: "Image has no digest", Description: "A tag can be pushed again.", Severity: finding.Low, Confidence: finding.ConfidenceHigh},
		{ID: "parse-error", Title: "File cannot be read", Description: "What cannot be read is not linted.", Severity: finding.High, Confidence: finding.ConfidenceHigh},
		{
			ID: "workflow/template-injection", Title: "Attacker's text reaches a shell", Severity: finding.High, Confidence: finding.ConfidenceHigh,
			Description: "An expression is put into the script before the shell reads it. Whoever writes the pull request's title writes the script.",
			Remediation: "Pass the value through an environment variable and quote it.", Kinds: []source.Kind{source.Workflow, source.Action},
			References: []finding.Reference{{URL: "https://docs.github.com/en/actions/security-for-github-actions", Description: "Security hardening"}},
			HelpURL:    "https://github.com/plimsoll-dev/plimsoll/blob/main/docs/rules/workflow/template-injection.md",
			Frameworks: map[string][]string{"cwe": {"CWE-94"}, "owasp-cicd": {"CICD-SEC-4"}},
		},
		{
			ID: "workflow/unpinned-action", Title: "Action is pinned to a mutable ref", Severity: finding.High, Confidence: finding.ConfidenceHigh,
			Description: "A tag or branch can be moved by whoever controls the action's repository.",
			Remediation: "Pin to the full commit SHA and keep the tag in a comment.", Kinds: []source.Kind{source.Workflow, source.Action},
			HelpURL: "https://github.com/plimsoll-dev/plimsoll/blob/main/docs/rules/workflow/unpinned-action.md",
		},
	}
}

// chain is the whole way of a rendered image: the template's line, the named template it includes, the value.
func chain() Why {
	value := at("charts/web/values.yaml", "latest", 1)
	return Why{
		Origin: finding.Origin{
			Renderer: "helm", Root: "charts/web", Variants: []string{"ci/a-values.yaml", "ci/b-values.yaml", "ci/c-values.yaml", "default"},
			Object: "Deployment/prod/web", Field: "spec.template.spec.containers[0].image", Value: "nginx:latest",
		},
		Trace: source.Trace{Location: value, Steps: []source.Step{
			{Note: source.Note{Message: "the template writes it here", Location: at("charts/web/templates/deploy.yaml", `{{ include "image" . }}`, 1)}, Cause: true},
			{Note: source.Note{Message: "the named template image writes it here", Location: near(at("charts/web/templates/_image.tpl", "{{ .Values.image.tag }}", 1))}},
			{Note: source.Note{Message: "image.tag is set here", Location: value}, Cause: true},
		}},
	}
}

// mended is a finding with a fix of several edits.
func mended(ci string) *finding.Finding {
	return &finding.Finding{
		RuleID: "workflow/unpinned-action", Severity: finding.High, Message: "actions/checkout is pinned to the tag v4, which its owner can move", Location: at(ci, "actions/checkout@v4", 1),
		Fix: &finding.Fix{Description: "pin it, and let it read only", Edits: []finding.Edit{
			{Location: at(ci, "v4", 1), NewText: "11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2"},
			{Location: at(ci, "pull_request_target", 1), NewText: "permissions:\n        contents: read # ##[group]actions/checkout\n\n        issues: none"},
		}},
	}
}

// fixture is a report with all that can be in one: several files, severities and confidences, suppressed findings,
// related notes, inexact places, rendered origins, and a hostile repository's text.
func fixture() *finding.Report {
	const ci = ".github/workflows/ci.yml"
	ignore := at(ci, "# plimsoll: ignore[workflow/unpinned-action] tested by hand", 1)
	findings := []*finding.Finding{
		mended(ci),
		{
			RuleID: "workflow/template-injection", Severity: finding.High, Confidence: finding.ConfidenceMedium, Location: at(ci, "github.event.pull_request.title", 1),
			Message: "github.event.pull_request.title is an attacker's text and is put into a shell script",
			Related: []source.Note{{Message: "the workflow runs on pull requests of strangers with a token that can write", Location: at(ci, "pull_request_target", 1)}},
		},
		{RuleID: "workflow/syntax", Severity: finding.Low, Message: "the step has no name", Location: at(ci, "|\n          echo \"${{ github.event.pull_request.title }}\"\n          make test", 1)},
		{
			RuleID: "workflow/unpinned-action", Severity: finding.High, Message: "docker/login-action is pinned to the tag v3, which its owner can move",
			Location: at(ci, "docker/login-action@v3", 1), Suppressed: &finding.Suppression{By: finding.ByInline, Reason: "tested by hand", Location: &ignore},
		},
		{
			RuleID: "image/mutable-tag", Severity: finding.Medium, Location: at("charts/web/values.yaml", "latest", 1),
			Message: "nginx:latest names whatever was pushed last",
			Related: chain().Trace.Related(), Origin: new(chain().Origin),
		},
		{
			RuleID: "kubernetes/privileged", Severity: finding.Medium, Location: near(at("charts/web/values.yaml", "privileged: true", 1)),
			Message: "container web is privileged, so whoever gets into it has the whole node",
			Origin: &finding.Origin{
				Renderer: "helm", Root: "charts/web", Variants: []string{"default"}, Object: "Deployment/prod/web",
				Field: "spec.template.spec.containers[0].securityContext.privileged", Value: "true",
			},
		},
		{RuleID: "image/mutable-tag", Severity: finding.Medium, Message: "the image of ⚓ has no version", Location: at("charts/web/templates/deploy.yaml", "名前", 1)},
		{RuleID: "image/unpinned", Severity: finding.Low, Message: "debian:12 has no digest", Location: near(at("Dockerfile", "FROM debian:12", 1))},
		{RuleID: "dockerfile/pipe-to-shell", Severity: finding.Info, Message: "a script is run as it comes from the network", Location: at("Dockerfile", "curl https://example.com/install.sh | sh", 1)},
		{RuleID: "image/unpinned", Severity: finding.Low, Message: "debian:12 is known", Location: at("Dockerfile", "debian:12", 1), Suppressed: &finding.Suppression{By: finding.ByBaseline}},
		{
			RuleID: "image/mutable-tag", Severity: finding.Medium, Confidence: finding.ConfidenceLow, Location: at(hostilePath, "\x1b[31mevil\u202e##[stop-commands]x\u200b|`<img src=x>`", 1),
			Message: "the image \x1b]0;title\x07 50% of @octocat/#1 ::error::no ![x](http://evil.example/x.png) :boom: </td></table>\n\n::stop-commands::t ##[add-mask]e | **b** `c` \u202eoff\u0085\u009b2J\U000e0001",
			Origin:  &finding.Origin{Renderer: "kustomize", Root: "k8s/<i>", Object: "Pod/@octocat/|", Field: "a.b\u2028[0]", Value: "x\n::error::\x1b[31m ##[add-mask]\u202e<b>@octocat"},
		},
		{RuleID: "parse-error", Severity: finding.High, Message: "the file is UTF-16; save it as UTF-8", Location: source.FileStart("legacy/app.yaml")},
	}
	for _, f := range findings {
		if f.Confidence == "" {
			f.Confidence = finding.ConfidenceHigh
		}
		f.Fingerprint = finding.Fingerprint(f.RuleID, f.Location.Path, "", f.Message)
	}
	finding.Sort(findings)
	r := &finding.Report{
		Tool:         finding.Tool{Name: "plimsoll", Version: "0.1.0", RulesDigest: "sha256:00"},
		Rules:        fixtureRules(),
		Findings:     findings,
		NotEvaluated: []finding.Miss{{Path: "legacy/app.yaml", What: "file", Why: "the file is UTF-16; save it as UTF-8"}, {Path: "charts/`x`", What: "chart", Why: "dependency redis is missing\n::error::x"}},
		Stats: finding.Stats{
			Files: map[string]int{"workflow": 1, "dockerfile": 1, "chart": 1, "chart-file": 2, "manifest": 2}, Documents: 9, Rendered: 4, Untraced: 2, Rules: 18,
			Scope: "all", Notices: []string{"outside a Git repository all files are linted"},
		},
	}
	r.Judge(finding.Medium)
	return r
}

// render gives what a format writes.
func render(t testing.TB, format string, o Options, r *finding.Report) string {
	t.Helper()
	reporter, err := New(format, o)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := reporter.Report(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var fixtureLinks = Links{ServerURL: "https://github.com", Repository: "acme/shop", SHA: strings.Repeat("ab", 20)}

func TestGolden(t *testing.T) {
	clean := &finding.Report{Tool: finding.Tool{Name: "plimsoll", Version: "0.1.0"}, Stats: finding.Stats{Scope: "all"}}
	clean.Judge(finding.Medium)
	tests := []struct {
		name, format string
		options      Options
		report       *finding.Report
	}{
		{"text", "text", Options{Source: fixtureSource}, fixture()},
		{"text-colour", "text", Options{Source: fixtureSource, Colour: true, Width: 60}, fixture()},
		{"text-nothing", "text", Options{}, clean},
		{"json", "json", Options{}, fixture()},
		{"sarif", "sarif", Options{Source: fixtureSource, Category: "matrix/linux"}, fixture()},
		{"sarif-nothing", "sarif", Options{}, clean},
		{"github", "github", Options{Source: fixtureSource}, fixture()},
		{"github-nothing", "github", Options{}, clean},
		{"summary", "summary", Options{Links: fixtureLinks}, fixture()},
		{"summary-nothing", "summary", Options{}, clean},
		{"junit", "junit", Options{}, fixture()},
		{"junit-nothing", "junit", Options{}, clean},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := render(t, tt.format, tt.options, tt.report)
			golden := filepath.Join("testdata", tt.name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("run with -update after a wanted change (-want +got):\n%s", diff)
			}
		})
	}
}
