package workflow

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func TestPosixScripts(t *testing.T) {
	doc := document(t, source.Workflow, `
on: push
defaults: {run: {shell: sh}}
jobs:
  any:
    runs-on: ubuntu-24.04
    steps:
      - run: one
      - {run: two, shell: bash}
      - {run: three, shell: "/bin/bash -eu -o pipefail {0}"}
      - {run: four, shell: "bash -l {0}"}
      - {run: five, shell: python}
      - {run: six, shell: "bash --noprofile --norc -CeEuxo pipefail {0}"}
      - {run: seven, shell: "bash -el {0}"}
      - {run: eight, shell: "bash -o errexit +x {0}"}
      - uses: actions/checkout@v7
`)
	var got []string
	for _, s := range Of(doc).PosixScripts() {
		got = append(got, s.Path.String()+" "+s.Dialect+": "+s.Setup+"; "+s.Text)
	}
	want := []string{
		"jobs.any.steps[0].run sh: set -e; one",
		"jobs.any.steps[1].run bash: set -eo pipefail; two",
		"jobs.any.steps[2].run bash: set -eu -o pipefail; three",
		"jobs.any.steps[3].run bash: ; four",
		"jobs.any.steps[5].run bash: set -CeEuxo pipefail; six",
		"jobs.any.steps[6].run bash: set -e; seven",
		"jobs.any.steps[7].run bash: set -o errexit; eight",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPosixScriptsLeavePowerShellAlone(t *testing.T) {
	doc := document(t, source.Workflow, `
on: push
jobs:
  matrix:
    strategy: {matrix: {os: [ubuntu-24.04, windows-2025]}}
    runs-on: ${{ matrix.os }}
    steps:
      - run: Get-Item .
      - {run: ls, shell: bash}
  linux:
    runs-on: [self-hosted, linux]
    steps:
      - run: ls
`)
	var got []string
	for _, s := range Of(doc).PosixScripts() {
		got = append(got, s.Path.String())
	}
	if diff := cmp.Diff([]string{"jobs.linux.steps[0].run", "jobs.matrix.steps[1].run"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
