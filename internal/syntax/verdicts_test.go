package syntax

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// newerSamples are those of what GitHub, or somebody's action, has had for a shorter time than this release of actionlint.
func newerSamples() map[string]string {
	return map[string]string{
		`^unexpected key "cache-mode" for`:                                     "cache-mode: read\n" + strings.Replace(job("      - run: a\n"), "    runs-on", "    cache-mode: none\n    runs-on", 1),
		`^unexpected key "description" for "workflow"`:                         "description: what it is for\n" + job("      - run: a\n"),
		`"(?:bool|number)" cannot be assigned to "string"`:                     job("      - run: echo ${{ fromJSON(true) }}\n"),
		`^unexpected token "\*" while parsing`:                                 job("      - run: echo ${{ join(fromJSON(env.X)[*].name, ',') }}\n"),
		`^input "[^"]+" is not defined in action`:                              job("      - uses: actions/checkout@v6\n        with:\n          some-newer-input: true\n"),
		`^specifying action "(?:/|[^"@]*(?://|\\|/@))[^"]*" in invalid format`: job("      - uses: actions//checkout@v6\n"),
		`^missing input "`: job("      - uses: actions/cache@v5\n"),
		`^workflow command "(?:set-env|add-path)" was deprecated`: "env: {ACTIONS_ALLOW_UNSECURE_COMMANDS: true}\n" + job("      - run: echo '::add-path::/x'\n"),
		`^constant expression "(?:true|false)"`:                   job("      - if: false\n        run: a\n"),
	}
}

// TestVerdicts holds what is said beside the rows that drop a message, and what is said otherwise than actionlint does.
func TestVerdicts(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string // severity, place, text at the place, message
	}{
		{"place in a condition in quotes", job("      - if: \"github.ref && steps.gone.outcome\"\n        run: a\n"), []string{
			`medium 6:28 "steps.gone.outcome" steps.gone is not defined there, so this is always empty`,
		}},
		{"slip in an input", job("      - uses: actions/checkout@v6\n        with: {persist-credential: false, newer: 1}\n"), []string{
			`low 7:16 "persist-credential" actions/checkout has no input persist-credential, only one that reads almost like it, so this does nothing`,
		}},
		{"condition of constants", job("      - if: 1 == 2\n        run: a\n"), []string{
			`low 6:13 "1" constant expression "1 == 2" in condition. remove the if: section`,
		}},
		{"exclusion of nothing", "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    strategy: {matrix: {v: [7, 8], exclude: [{v: 9}]}}\n    steps: [{run: a}]\n", []string{
			`low 5:50 "9" no value of v in the matrix is "9", so this excludes nothing`,
		}},
		{"star that is no index", job("      - run: echo ${{ contains(*, 1) }}\n"), []string{
			`medium 6:32 "*" unexpected token "*" while parsing variable access, function call, null, bool, int, float or string. expecting "IDENT", "(", "INTEGER", "FLOAT", "STRING"`,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := Lint(&source.File{Path: ".github/workflows/a.yml", Data: []byte(tt.text)}, nil)
			if diff := cmp.Diff(tt.want, lines(tt.text, found)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
