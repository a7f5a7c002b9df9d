package triage

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestForeignComments marks the line with the finding by "<-".
func TestForeignComments(t *testing.T) {
	const rule = "workflow/unpinned-action"
	const before = "on: push\njobs:\n  test:\n    steps:\n"
	const by = rule + " inline: a comment for zizmor ignores it"
	cases := map[string]struct {
		text string
		want string
	}{
		"same line":               {before + "      - uses: a/b@v1 # zizmor: ignore[unpinned-uses]<-\n", by},
		"with its reason":         {before + "      - uses: a/b@v1 # zizmor: ignore[unpinned-uses] ours<-\n", by + ": ours"},
		"line above":              {before + "      # zizmor: ignore[unpinned-uses]\n      - uses: a/b@v1<-\n", by},
		"line above in the step":  {before + "      - name: B\n        # zizmor: ignore[unpinned-uses]\n        uses: a/b@v1<-\n", by},
		"on the step's name":      {before + "      - name: B # zizmor: ignore[unpinned-uses]\n        uses: a/b@v1<-\n        with:\n          c: d\n", by},
		"below in the step":       {before + "      - uses: a/b@v1<-\n        with: # zizmor: ignore[unpinned-uses]\n          c: d\n", by},
		"above the step":          {before + "      # zizmor: ignore[unpinned-uses]\n      - name: B\n        uses: a/b@v1<-\n", by},
		"on a script's head":      {before + "      - run: | # zizmor: ignore[unpinned-uses]\n          echo\n          - item\n          x<-\n", by},
		"steps without indent":    {"jobs:\n  test:\n    steps:\n    - name: B # zizmor: ignore[unpinned-uses]\n      uses: a/b@v1<-\n", by},
		"on the key around it":    {"jobs:\n  test: # zizmor: ignore[unpinned-uses]\n    uses: a/b@v1<-\n", by},
		"on the triggers":         {"on: # zizmor: ignore[unpinned-uses]\n  workflow_run:<-\n    branches: [main]\n", by},
		"among the triggers":      {"on:\n  workflow_run:<-\n    branches: [main] # zizmor: ignore[unpinned-uses]\n", by},
		"another step":            {before + "      - uses: a/b@v1<-\n      - uses: a/c@v1 # zizmor: ignore[unpinned-uses]\n", rule},
		"step before":             {before + "      - uses: a/c@v1 # zizmor: ignore[unpinned-uses]\n      - uses: a/b@v1<-\n", rule},
		"another job":             {"jobs:\n  one: # zizmor: ignore[unpinned-uses]\n    x: y\n  two:\n    uses: a/b@v1<-\n", rule},
		"all jobs":                {"jobs: # zizmor: ignore[unpinned-uses]\n  two:\n    uses: a/b@v1<-\n", rule},
		"another check":           {before + "      - uses: a/b@v1 # zizmor: ignore[artipacked]<-\n", rule},
		"not theirs":              {before + "      - uses: a/b@v1 # zizmor: ignore[nonsense]<-\n", rule},
		"in a string":             {before + "      - uses: \"a/b@v1 # zizmor: ignore[unpinned-uses]<-\n", rule},
		"nothing to ignore":       {before + "      - uses: a/c@v1 # zizmor: ignore[unpinned-uses] no complaint follows\n      - uses: a/b@v1<-\n", rule},
		"ratchet":                 {before + "      - uses: a/b@v1 # ratchet:exclude<-\n", rule + " inline: a comment for ratchet ignores it"},
		"ratchet on another line": {before + "      - name: B # ratchet:exclude\n        uses: a/b@v1<-\n", rule},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			above, rest, _ := strings.Cut(c.text, "<-")
			in := input(above+rest, on("f.yaml", 1+strings.Count(above, "\n"), rule))
			in.Texts[0].Kind = source.Workflow
			if diff := cmp.Diff([]string{c.want}, show(Apply(in))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A comment of another linter means nothing where that linter does not look.
func TestForeignCommentsCountInWorkflowsOnly(t *testing.T) {
	in := input("image: x # zizmor: ignore[unpinned-images]\n", on("f.yaml", 1, "image/unpinned"))
	in.Texts[0].Kind = source.Manifest
	if diff := cmp.Diff([]string{"image/unpinned"}, show(Apply(in))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
