package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

func TestParseReadsEverything(t *testing.T) {
	c, err := Parse("plimsoll.yaml", []byte(`version: 1
fail-on: high
include: [deploy/**]
exclude: ["./testdata/**"]
policies: [policy]
rules:
  image/unpinned: {severity: high}
  workflow/syntax: {enabled: false}
  image/registry-not-allowed:
    params: {allow: ["ghcr.io/acme/**"]}
ignore:
  - rule: kubernetes/privileged
    paths: [deploy/cni/**]
    subjects: [quay.io/cilium/*]
    reason: the network plugin owns the node
    expires: 2027-01-31
helm:
  kube-versions: [v1.35.0, 1.36]
  api-versions: [monitoring.coreos.com/v1]
  values:
    - {chart: charts/*, files: [envs/prod.yaml], name: prod}
workflow: {shellcheck: true}
limits: {file-size: 1MiB, render-time: 3s, render-memory: 512MiB}
`))
	if err != nil {
		t.Fatal(err)
	}
	if c.FailOn != Threshold(finding.High) || c.Exclude[0] != "testdata/**" {
		t.Errorf("got %+v", c)
	}
	helm := Helm{
		KubeVersions: []KubeVersion{"1.35.0", "1.36"}, APIVersions: []string{"monitoring.coreos.com/v1"},
		Values: []Values{{Chart: "charts/*", Files: []string{"envs/prod.yaml"}, Name: "prod", line: 21}},
	}
	if diff := cmp.Diff(helm, c.Helm, cmp.AllowUnexported(Values{})); diff != "" {
		t.Error(diff)
	}
	if c.Enabled("workflow/syntax") || !c.Enabled("image/unpinned") || !c.Enabled("never/named") {
		t.Error("enabled is wrong")
	}
	if diff := cmp.Diff(map[string]finding.Severity{"image/unpinned": finding.High}, c.Severities()); diff != "" {
		t.Error(diff)
	}
	want := map[string]map[string]any{"image/registry-not-allowed": {"allow": []any{"ghcr.io/acme/**"}}}
	if diff := cmp.Diff(want, c.Params()); diff != "" {
		t.Error(diff)
	}
	if i := c.Ignore[0]; i.Line() != 12 || i.Expires != "2027-01-31" || i.Paths[0] != "deploy/cni/**" || i.Subjects[0] != "quay.io/cilium/*" {
		t.Errorf("ignore %+v on line %d", i, i.Line())
	}
	if !c.Workflow.Shellcheck {
		t.Error("shellcheck is not asked for")
	}
	if c.Limits != (Limits{FileSize: 1 << 20, RenderTime: Duration(3 * time.Second), RenderMemory: 512 << 20}) {
		t.Errorf("limits %+v", c.Limits)
	}
}

func TestParseRefuses(t *testing.T) {
	cases := map[string]struct{ text, want string }{
		"unknown key":      {"version: 1\nfail-onn: high\n", `plimsoll.yaml:2:1: unknown key "fail-onn"; did you mean "fail-on"?`},
		"nested key":       {"limits:\n  filesize: 1MiB\n", `plimsoll.yaml:2:3: unknown key "filesize"; did you mean "file-size"?`},
		"far-off key":      {"zzzzzzzzzzzz: 1\n", `known are exclude, fail-on`},
		"threshold":        {"fail-on: critical\n", `plimsoll.yaml:1:10: unknown threshold "critical": use high, medium, low or never`},
		"severity":         {"rules: {a/b: {severity: grave}}\n", `plimsoll.yaml:1:25: unknown severity "grave"`},
		"duplicate":        {"fail-on: low\nfail-on: high\n", `plimsoll.yaml:2:1: key "fail-on" stands twice`},
		"no reason":        {"ignore:\n  - rule: a/b\n", `plimsoll.yaml:2:1: ignore: reason is required`},
		"no rule":          {"ignore:\n  - reason: because\n", `plimsoll.yaml:2:1: ignore: rule is required`},
		"date":             {"ignore: [{rule: a/b, reason: r, expires: soon}]\n", `write year, month and day`},
		"size":             {"limits: {file-size: big}\n", `write a number and a unit, as 10MiB`},
		"negative size":    {"limits: {file-size: 0}\n", `above zero`},
		"duration":         {"limits: {render-time: long}\n", `as 10s`},
		"glob":             {"exclude: ['[']\n", `not well formed`},
		"list for a map":   {"limits: [1]\n", `limits must be a map`},
		"map for a list":   {"exclude: {a: b}\n", `exclude must be a list`},
		"map for a string": {"policies: [{a: b}]\n", `policies must be a single value`},
		"no map":           {"just text\n", `the configuration must be a map`},
		"escape":           {"policies: [../elsewhere]\n", `leads out of the repository`},
		"version":          {"version: 2\n", `version 2 is unknown`},
		"version word":     {"version: x\n", `plimsoll.yaml:1:10: version must be a whole number`},
		"two documents":    {"version: 1\n---\nversion: 1\n", `plimsoll.yaml:2: a second document`},
		"kube version":     {"helm: {kube-versions: [1.36.0, banana]}\n", `plimsoll.yaml:1:32: version "banana" of Kubernetes: write it as 1.36.0`},
		"kube versions":    {"helm: {kube-versions: [" + strings.Repeat("1.36.0,", maxKubeVersions+1) + "]}\n", `keep to 10`},
		"no values files":  {"helm:\n  values:\n    - chart: a\n", `plimsoll.yaml:3:1: helm: values: files is required`},
		"values elsewhere": {"helm: {values: [{files: [../x.yaml]}]}\n", `"../x.yaml" leads out of the repository`},
		"boundless":        {"limits: {render-memory: 900TiB}\n", `at most 16GiB`},
		"load restrictor":  {"kustomize: {load-restrictor: off}\n", `use root-only or none`},
		"control":          {"version: \"\x01\"\n", `plimsoll.yaml: control characters are not allowed`},
		"broken":           {"a: [\n", `plimsoll.yaml:1`},
		"alias":            {"include: &a [x]\nexclude: *a\n", `plimsoll.yaml:2:10: aliases are not read here`},
		"huge":             {strings.Repeat("#", MaxBytes+1), `larger than`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("plimsoll.yaml", []byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestCheckRulesNamesTheNearest(t *testing.T) {
	c, err := Parse("p.yaml", []byte("rules:\n  image/unpined: {}\nignore: [{rule: image/*, reason: r}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	err = c.CheckRules([]string{"image/unpinned", "workflow/syntax"})
	if want := `p.yaml:2:3: unknown rule "image/unpined"; did you mean "image/unpinned"?`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestCheckRulesTakesPatternsOnlyToIgnore(t *testing.T) {
	for text, ok := range map[string]bool{
		"ignore: [{rule: image/*, reason: r}]": true,
		"ignore: [{rule: '*', reason: r}]":     false,
		"rules: {image/*: {enabled: false}}":   false,
	} {
		c, err := Parse("p.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.CheckRules([]string{"image/unpinned"}); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestAnEmptyFileIsTheDefault(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "---\n"} {
		c, err := Parse("p.yaml", []byte(text))
		if err != nil || c.FailOn != Threshold(finding.Medium) {
			t.Errorf("%q: %+v, %v", text, c, err)
		}
	}
}
