package syntax

import (
	"fmt"
	"maps"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// job wraps steps into a workflow.
func job(steps string) string {
	return "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n" + steps
}

// TestDropped holds each row of the table that drops a message. It fails when actionlint stops giving the message, so
// that the row can go, and when the row stops dropping it.
func TestDropped(t *testing.T) {
	samples := map[string]string{
		`^reusable workflow call "\$/`: "on: push\njobs:\n  a:\n    uses: $/.github/workflows/b.yml\n",
		`^specifying action "\$/`:      job("      - uses: $/.github/actions/a\n"),
		`^unexpected key "(background|wait|wait-all|cancel|parallel)" for step`: job(
			"      - run: sleep 1\n        background: true\n"),
		`^step must run script`: job("      - {id: a, run: a, background: true}\n      - name: wait\n        wait: a\n      - wait-all:\n" +
			"      - cancel: a\n      - parallel:\n          - run: b\n"),
		`^property "([^"]+)" is not defined`: job(
			"      - parallel:\n          - id: one\n            run: a\n      - run: echo ${{ steps.one.outputs.x }}\n"),
		`^unexpected key "queue" for "concurrency"`:                                                     "concurrency: {group: a, queue: max}\n" + job("      - run: a\n"),
		`^unexpected key "(command|entrypoint)" for "services"`:                                         "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    services:\n      r:\n        image: redis\n        command: a\n        entrypoint: b\n    steps: [{run: a}]\n",
		`^unknown permission scope|is invalid as permission of scope|is invalid for permission for all`: "permissions:\n  code-quality: write\n  vulnerability-alerts: read\n  copilot-requests: write\n" + job("      - run: a\n"),
		`^invalid activity type "(requested|rerequested)" for "check_suite"`:                            "on:\n  check_suite:\n    types: [requested]\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps: [{run: a}]\n",
		`^string should not be empty`:                                                                   "on:\n  push:\n    branches:\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps: [{run: a}]\n",
		`cannot be filtered by object filtering`:                                                        "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    strategy:\n      matrix:\n        os: [a]\n    steps:\n      - run: echo ${{ join(matrix.*, '-') }}\n",
		`^property "workspace" is not defined`:                                                          job("      - run: cd ${{ runner.workspace }}\n"),
		`is too old to run on GitHub Actions`:                                                           job("      - uses: actions/checkout@v3\n"),
		`is unknown`:                                                                                    "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04-16core\n    steps: [{run: a}]\n",
		`(?s)^if: condition .* is always evaluated to true`:                                             job("      - if: ${{ true }} || x\n        run: a\n"),
		`is potentially untrusted`:                                                                      job("      - run: echo ${{ github.head_ref }}\n"),
	}
	maps.Copy(samples, newerSamples())
	for _, row := range verdicts {
		if row.severity != drop {
			continue
		}
		t.Run(row.message.String(), func(t *testing.T) {
			sample, known := samples[row.message.String()]
			if !known {
				t.Fatal("this row has no sample")
			}
			file := &source.File{Path: ".github/workflows/a.yml", Data: []byte(sample)}
			raw, err := check(file, nil)
			if err != nil {
				t.Fatal(err)
			}
			said := false
			for _, e := range raw {
				said = said || row.message.MatchString(e.Message) && row.kind == e.Kind
			}
			if !said {
				t.Errorf("actionlint no longer says it: remove the row (%s). It says %v", row.why, raw)
			}
			for _, f := range Lint(file, nil) {
				t.Errorf("still reported: %s", f.Message)
			}
		})
	}
}

func TestLint(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string // severity, place, text at the place, message
	}{
		{"valid", job("      - run: make\n"), nil},
		{"unknown key", job("      - run: make\n        shel: bash\n"), []string{
			`medium 7:9 "shel" unexpected key "shel" for step to run shell command. expected one of "continue-on-error", "env", "id", "if", "name", "run", "shell", "timeout-minutes", "working-directory"`,
		}},
		{"step that runs nothing", job("      - name: nothing\n"), []string{
			`medium 6:9 "name" step must run script with "run" section or run action with "uses" section`,
		}},
		{"place inside a block", job("      - run: |\n          make\n          echo é ${{ steps.gone.outputs.x }} end\n"), []string{
			`medium 8:23 "steps.gone.outputs.x" steps.gone is not defined there, so this is always empty`,
		}},
		{"place inside a folded block", job("      - run: >\n          make\n          echo ${{ steps.gone.outputs.x }}\n"), []string{
			`medium 8:20 "steps.gone.outputs.x" steps.gone is not defined there, so this is always empty`,
		}},
		{"place inside quotes", job("      - run: \"echo ${{ steps.gone.outputs.x }}\"\n"), []string{
			`medium 6:24 "steps.gone.outputs.x" steps.gone is not defined there, so this is always empty`,
		}},
		{"typo beside parallel steps", job("      - parallel:\n          - id: one\n            run: a\n      - run: echo ${{ steps.two.outputs.x }}\n"), []string{
			`medium 9:23 "steps.two.outputs.x" steps.two is not defined there, so this is always empty`,
		}},
		{"the name up to what is missing", "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    strategy: {matrix: {platform: [{os: a}]}}\n    steps:\n" +
			"      - run: echo ${{ matrix.platform.Tool-Chain.x }}\n", []string{
			`low 7:23 "matrix.platform.Tool-Chain.x" matrix.platform.Tool-Chain is not defined, so this is always empty`,
		}},
		{"a name in brackets", job("      - run: echo ${{ steps['gone'].outputs.x }}\n"), []string{
			`medium 6:23 "steps" gone is not defined there, so this is always empty`,
		}},
		{"path filters", "on:\n  push:\n    paths: [./a, ../a, a/.b, .github/**]\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps: [{run: a}]\n", []string{
			`medium 3:13 "./a" a path filter that begins with ./ or has a . or .. segment matches nothing: paths begin at the repository's root`,
			`medium 3:18 "../a" a path filter that begins with ./ or has a . or .. segment matches nothing: paths begin at the repository's root`,
		}},
		{"deprecated command", job("      - run: |\n          make\n          echo '::set-output name=a::b'\n"), []string{
			"low 8:17 \"::set-output\" the workflow command set-output is deprecated: write to $GITHUB_OUTPUT or $GITHUB_STATE",
		}},
		{"retired runner", "on: push\njobs:\n  a:\n    runs-on: ubuntu-20.04\n    steps: [{run: a}]\n", []string{
			`medium 4:14 "ubuntu-20.04" GitHub has retired the runner ubuntu-20.04, so the job waits for one that never comes`,
		}},
		{"self-hosted runner of that name", "on: push\njobs:\n  a:\n    runs-on: [self-hosted, ubuntu-20.04]\n    steps: [{run: a}]\n", nil},
		{"alias says it once", job("      - &s\n        run: echo ${{ steps.gone.outcome }}\n      - *s\n"), []string{
			`medium 7:23 "steps.gone.outcome" steps.gone is not defined there, so this is always empty`,
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

func lines(text string, found []*finding.Finding) []string {
	var out []string
	for _, f := range found {
		s := f.Location.Span
		out = append(out, strings.Join([]string{
			f.Severity.String(), fmt.Sprintf("%d:%d", s.Start.Line, s.Start.Column), `"` + text[s.Start.Offset:s.End.Offset] + `"`, f.Message,
		}, " "))
	}
	return out
}

func TestConfig(t *testing.T) {
	config, err := ParseConfig([]byte("self-hosted-runner:\n  labels: [big]\npaths:\n  .github/workflows/old.yml:\n    ignore: [shel]\n"))
	if err != nil {
		t.Fatal(err)
	}
	text := "on: push\njobs:\n  a:\n    runs-on: big\n    steps: [{run: a, shel: b}]\n  b:\n    runs-on: bgi\n    steps: [{run: a}]\n"
	got := func(path string) (messages []string) {
		for _, f := range Lint(&source.File{Path: path, Data: []byte(text)}, config) {
			messages = append(messages, f.Message[:15])
		}
		return messages
	}
	if diff := cmp.Diff([]string{"unexpected key ", "runner label bg"}, got(".github/workflows/new.yml")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"runner label bg"}, got(".github/workflows/old.yml")); diff != "" {
		t.Error(diff)
	}
	if _, err := ParseConfig([]byte("paths: [a]")); err == nil {
		t.Error("a list of paths is accepted")
	}
}

// TestFingerprint holds that lines added above change nothing.
func TestFingerprint(t *testing.T) {
	text := "on: push\njobs:\n  a:\n    runs-on: [ubuntu-24.04, macos-15]\n    steps: [{run: a}]\n"
	first := Lint(&source.File{Path: "a.yml", Data: []byte(text)}, nil)
	second := Lint(&source.File{Path: "a.yml", Data: []byte("# a\n# b\n" + text)}, nil)
	if len(first) != 1 || len(second) != 1 || first[0].Fingerprint != second[0].Fingerprint {
		t.Errorf("got %v and %v", first, second)
	}
}

// TestCorpus holds that popular repositories' workflows, which run every day, are almost never in error, and that
// several goroutines may lint at once.
func TestCorpus(t *testing.T) {
	names := corpus.Workflows(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	errors := 0
	for _, name := range names {
		wg.Go(func() {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Error(err)
			}
			for _, f := range Lint(&source.File{Path: name, Data: data}, nil) {
				if f.RuleID != RuleID || !f.Location.Span.Exact {
					t.Errorf("%s: %s", name, f.Message)
				}
				if f.Severity >= finding.Medium {
					mu.Lock()
					errors++
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	if errors > len(names)/50 {
		t.Errorf("%d errors in %d workflows", errors, len(names))
	}
}
