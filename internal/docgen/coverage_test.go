package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/peers"
	"github.com/plimsoll-dev/plimsoll/internal/policy"
)

func TestCoverageNamesEveryRuleAndNoOther(t *testing.T) {
	set, err := policy.Load(t.Context(), os.DirFS(filepath.Join(root, "policies")), nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := readCoverage(coverageText)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.settle(set.Rules()); err != nil {
		t.Error(err)
	}
	for _, audit := range peers.Zizmor() {
		if (len(audit.Rules) > 0) == (audit.Why != "") {
			t.Errorf("zizmor's %s needs either a rule or a reason", audit.ID)
		}
		for _, id := range audit.Rules {
			if set.Rule(id) == nil {
				t.Errorf("zizmor's %s means the rule %s, which does not exist", audit.ID, id)
			}
		}
	}
}

func TestCoverageSaysWhatDoesNotFit(t *testing.T) {
	const head = "peers: {Z: zizmor}\nbeyond: [a/left]\nparts:\n  - title: T\n    rows:\n      - "
	for row, want := range map[string]string{
		"{check: X, rules: [a/b]}":                              "",
		"{check: X, peers: Z, rules: [a/b], planned: [a/gone]}": "",
		"{check: X, why: not yet built, planned: [a/b]}":        "",
		"{check: X, rules: [a/b, a/gone]}":                      `the check "X" names the rule a/gone, which does not exist; list it as planned until it does`,
		"{check: X, rules: [a/b], peers: Y}":                    `the check "X" names Y, who is not among the peers`,
		"{check: X, rules: [a/b], where: here}":                 `the check "X" is "here": write offline, online or both`,
		"{check: X, rules: [a/b], where: online}":               `the check "X" has a rule, so it is not online alone: write both`,
		"{check: X, where: online}":                             `no check names the rule a/b; give it to the one that it is for, or list it under beyond`,
		"{check: X, planned: [a/b, a/c]}\n      - {check: Y}":   `the check "Y" can be made offline and has neither a rule nor a reason`,
	} {
		c, err := readCoverage([]byte(head + row))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := c.settle([]*finding.Rule{{ID: "a/b"}, {ID: "a/left"}, {ID: "parse-error"}}); err != nil {
			got = strings.TrimPrefix(err.Error(), "coverage.yaml: ")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row, diff)
		}
	}
}

func TestCoveragePage(t *testing.T) {
	c, err := readCoverage([]byte("peers: {Z: zizmor, S: scorecard}\nbeyond: [a/left]\nparts:\n  - title: T\n    rows:\n      - {check: X | Y, peers: Z S, rules: [a/b], where: both, why: part of it}\n"))
	if err != nil {
		t.Fatal(err)
	}
	page, err := c.page([]*finding.Rule{{ID: "a/b"}, {ID: "a/left"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\n## T\n",
		"| X \\| Y | [`a/b`](rules/a/b/README.md) | [b](../testdata/rules/a/b.txtar) | zizmor, scorecard | both | part of it |\n",
		"| [`a/left`](rules/a/left/README.md) | [left](../testdata/rules/a/left.txtar) |\n",
		"| `unpinned-uses` | [`workflow/unpinned-action`](rules/workflow/unpinned-action/README.md) |  |\n",
	} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if _, err := readCoverage([]byte("rows: []")); err == nil {
		t.Error("a field that does not exist is read")
	}
}
