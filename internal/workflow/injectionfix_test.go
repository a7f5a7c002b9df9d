package workflow

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInjectionFixes(t *testing.T) {
	tests := []struct {
		name, steps string
		want        []string // what the expression becomes and the entry of env:, "" for no fix
	}{
		{"word", "      - run: git switch ${{ github.head_ref }}\n", []string{`"${GITHUB_HEAD_REF}"`, ""}},
		{"double quotes", "      - run: |\n          echo \"a ${{ github.event.pull_request.title }} b\"\n", []string{
			"${PULL_REQUEST_TITLE}", "env:\n  PULL_REQUEST_TITLE: ${{ github.event.pull_request.title }}",
		}},
		{"assignment", "      - run: |\n          T=${{ github.event.pull_request.title }}\n", []string{
			`"${PULL_REQUEST_TITLE}"`, "env:\n  PULL_REQUEST_TITLE: ${{ github.event.pull_request.title }}",
		}},
		{"beside other variables", "      - env: {A: b}\n        run: |\n          T=${{ github.event.pull_request.title }}\n", []string{
			`"${PULL_REQUEST_TITLE}"`, "PULL_REQUEST_TITLE: ${{ github.event.pull_request.title }}",
		}},
		{"single quotes", "      - run: |\n          echo '${{ github.head_ref }}'\n", nil},
		{"comment", "      - run: |\n          # ${{ github.head_ref }}\n", nil},
		{"run as code by the script itself", "      - run: |\n          bash -c \"echo ${{ github.head_ref }}\"\n", nil},
		{"arithmetic", "      - run: |\n          echo $(( ${{ github.head_ref }} + 1 ))\n", nil},
		{"twice", "      - run: |\n          echo \"${{ github.head_ref }} ${{ github.head_ref }}\"\n", nil},
		{"the name is taken", "      - run: |\n          PULL_REQUEST_TITLE=a echo \"${{ github.event.pull_request.title }}\"\n", nil},
		{"heredoc", "      - run: |\n          cat <<X\n          ${{ github.head_ref }}\n          X\n", []string{"${GITHUB_HEAD_REF}", ""}},
		{"quoted heredoc", "      - run: |\n          cat <<'X'\n          ${{ github.event.pull_request.body }}\n          X\n", nil},
		{"quoted scalar", "      - run: \"echo ${{ github.head_ref }}\"\n", nil},
		{"another shell", "      - shell: python\n        run: |\n          print(\"${{ github.head_ref }}\")\n", nil},
		{"script", "      - uses: actions/github-script@v8\n        with:\n          script: |\n            f('${{ github.head_ref }}')\n", []string{"process.env.GITHUB_HEAD_REF", ""}},
		{"part of a text in a script", "      - uses: actions/github-script@v8\n        with:\n          script: |\n            f('a ${{ github.head_ref }}')\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := workflowFacts(t, on("pull_request_target", tt.steps)).Injections
			if len(found) != 1 {
				t.Fatalf("%d injections", len(found))
			}
			var got []string
			if fix := found[0].Fix; fix != nil {
				got = []string{fix.Edits[0].With, ""}
				if len(fix.Edits) > 1 {
					got[1] = fix.Edits[1].Block
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
