package finding

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// maker makes arbitrary reports.
type maker struct{ *rand.Rand }

func pick[T any](m maker, of ...T) T { return of[m.IntN(len(of))] }

func some[T any](m maker, most int, item func() T) []T {
	var out []T
	for range m.IntN(most + 1) {
		out = append(out, item())
	}
	return out
}

func (m maker) text() string {
	return strings.Join(some(m, 4, func() string {
		return pick(m, "a", "日本", " ", "\n", "\x1b[1m", "<b>&", "\"", `\u0023`, "##[x]", "\u2028", "\u202e", "\u0085", "\u009b", "\x7f", "\u200b", "\U000e0001", "🚢", "null", "\ufffd", "#", "[")
	}), "")
}

func (m maker) location() source.Location {
	line, column := 1+m.IntN(99), 1+m.IntN(99)
	return source.Location{
		Path: pick(m, "a.yaml", ".github/workflows/ci.yml", "a b/##[x]\n.yaml", "..x/y..", `a\b`),
		Span: source.Span{
			Start: source.Point{Line: line, Column: column},
			End:   source.Point{Line: line + m.IntN(2), Column: column + m.IntN(9)},
			Exact: pick(m, true, false),
		},
	}
}

func (m maker) finding() *Finding {
	f := &Finding{
		RuleID: "x/" + m.text(), Severity: pick(m, Severities()...), Message: m.text(), Location: m.location(), Fingerprint: m.text(),
		Confidence: pick(m, ConfidenceHigh, ConfidenceMedium, ConfidenceLow),
		Related:    some(m, 2, func() source.Note { return source.Note{Message: m.text(), Location: m.location()} }),
	}
	if pick(m, true, false) {
		f.Origin = &Origin{Renderer: m.text(), Root: pick(m, "", ".", "charts/a"), Variants: some(m, 2, m.text), Object: m.text(), Field: m.text(), Value: m.text()}
	}
	if pick(m, true, false) {
		f.Suppressed = &Suppression{By: pick(m, ByInline, ByConfig, ByBaseline, ByScope), Reason: m.text()}
		if pick(m, true, false) {
			at := m.location()
			f.Suppressed.Location = &at
		}
	}
	if pick(m, true, false) {
		f.Fix = &Fix{Description: m.text(), Edits: some(m, 2, func() Edit { return Edit{m.location(), m.text()} })}
	}
	return f
}

func (m maker) rule() *Rule {
	r := &Rule{
		ID: "x/" + m.text(), Title: m.text(), Description: m.text(), Severity: pick(m, Severities()...), Confidence: ConfidenceLow,
		Kinds: some(m, 2, func() source.Kind { return source.Kind(m.text()) }), Since: m.text(), Remediation: m.text(), HelpURL: m.text(),
		References: some(m, 2, func() Reference { return Reference{URL: m.text(), Description: m.text()} }),
	}
	if pick(m, true, false) {
		r.Frameworks = map[string][]string{"b" + m.text(): some(m, 2, m.text), "a" + m.text(): {"1"}}
	}
	return r
}

func (m maker) report() *Report {
	r := &Report{
		Tool:         Tool{Name: m.text(), Version: m.text(), RulesDigest: m.text()},
		Rules:        some(m, 3, m.rule),
		Findings:     some(m, 4, m.finding),
		NotEvaluated: some(m, 2, func() Miss { return Miss{Path: pick(m, ".", "a/b"), What: m.text(), Why: m.text()} }),
		Stats: Stats{
			Files: map[string]int{"workflow": m.IntN(9), m.text(): 1}, Documents: m.IntN(9), Rendered: m.IntN(9), Untraced: m.IntN(9), Rules: m.IntN(9),
			Scope: m.text(), Notices: some(m, 2, m.text),
		},
	}
	if pick(m, true, false) {
		r.Change = &Change{Number: 1 + m.IntN(9), Head: strings.Repeat(pick(m, "0", "a"), 40)}
	}
	r.Judge(pick(m, 0, Info, Low, Medium, High))
	return r
}

func encode(t *testing.T, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A report is the same after it has been written and read, and so are its bytes. Nil and empty are the same.
func TestJSONIsTheIdentity(t *testing.T) {
	for seed := range uint64(500) {
		want := maker{rand.New(rand.NewPCG(seed, 1))}.report()
		text := encode(t, want)
		got, err := Decode(strings.NewReader(text))
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, diff)
		}
		if again := encode(t, got); again != text {
			t.Fatalf("seed %d: other bytes (-first +second):\n%s", seed, cmp.Diff(text, again))
		}
		if strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) {
			t.Fatalf("seed %d: characters that do not show\n%q", seed, text)
		}
		if strings.Contains(text, "##[") || strings.Contains(text, ": null,\n      \"related\"") || !strings.HasSuffix(text, "}\n") {
			t.Fatalf("seed %d: bad form:\n%s", seed, text)
		}
	}
}

const minimal = `{
  "version": 1,
  "tool": {
    "name": "plimsoll",
    "version": "",
    "rulesDigest": ""
  },
  "verdict": "fail",
  "failOn": "medium",
  "findings": [
    {
      "rule": "a/b",
      "severity": "high",
      "confidence": "low",
      "message": "<m>",
      "location": {
        "path": "a.yml",
        "startLine": 1,
        "startColumn": 2,
        "endLine": 1,
        "endColumn": 3,
        "exact": true
      },
      "related": [],
      "origin": null,
      "fingerprint": "f",
      "suppressed": null,
      "fix": null
    }
  ],
  "notEvaluated": [],
  "rules": [],
  "stats": {
    "files": {},
    "documents": 0,
    "rendered": 0,
    "untraced": 0,
    "rules": 0,
    "scope": "",
    "notices": []
  }
}
`

func TestEncodeForm(t *testing.T) {
	r := &Report{Tool: Tool{Name: "plimsoll"}, Findings: []*Finding{{
		RuleID: "a/b", Severity: High, Confidence: ConfidenceLow, Message: "<m>", Fingerprint: "f",
		Location: source.Location{Path: "a.yml", Span: source.Span{
			Start: source.Point{Line: 1, Column: 2, Offset: 1}, End: source.Point{Line: 1, Column: 3, Offset: 2}, Exact: true,
		}},
	}}}
	r.Judge(Medium)
	if diff := cmp.Diff(minimal, encode(t, r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDecodeRefuses(t *testing.T) {
	if _, err := Decode(strings.NewReader(minimal)); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new, err string }{
		{"other version", `"version": 1,`, `"version": 2,`, "version 2 is not 1"},
		{"version of another type", `"version": 1,`, `"version": "1",`, "cannot unmarshal string"},
		{"no version", `"version": 1,`, ``, "version 0 is not 1"},
		{"unknown field", `"verdict"`, `"extra": 1, "verdict"`, `unknown field "extra"`},
		{"unknown field in a finding", `"rule":`, `"extra": 1, "rule":`, `unknown field "extra"`},
		{"unknown field in a location", `"path":`, `"extra": 1, "path":`, `unknown field "extra"`},
		{"unknown verdict", `"fail"`, `"maybe"`, `unknown verdict "maybe"`},
		{"verdict against the findings", `"fail"`, `"pass"`, "verdict is pass, but finding 0 is at or above medium"},
		{"change without a number", `"version": 1,`, `"version": 1, "change": {"head": "0123456789012345678901234567890123456789"},`, "change is no pull request"},
		{"change without a commit", `"version": 1,`, `"version": 1, "change": {"pullRequest": 4, "head": "main"},`, "change is no pull request"},
		{"unknown severity", `"high"`, `"awful"`, "unknown severity"},
		{"null severity", `"severity": "high"`, `"severity": null`, "severity is required"},
		{"null threshold of another kind", `"failOn": "medium"`, `"failOn": "none"`, "unknown severity"},
		{"unknown confidence", `"low"`, `"sure"`, `unknown confidence "sure"`},
		{"no rule", `"rule": "a/b"`, `"rule": ""`, "rule is required"},
		{"null findings", `"rules": []`, `"rules": null`, "an array is expected"},
		{"missing rules", `"rules": [],`, ``, "required"},
		{"absolute path", `"a.yml"`, `"/etc/passwd"`, "not a clean relative path"},
		{"path out of the tree", `"a.yml"`, `"a/../../b"`, "not a clean relative path"},
		{"path that is not clean", `"a.yml"`, `"./a.yml"`, "not a clean relative path"},
		{"path of a directory", `"a.yml"`, `"."`, "not a clean relative path"},
		{"empty path", `"a.yml"`, `""`, "not a clean relative path"},
		{"NUL in a path", `"a.yml"`, `"a\u0000.yml"`, "not a clean relative path"},
		{"line 0", `"startLine": 1`, `"startLine": 0`, "no place in a file"},
		{"end before start", `"endColumn": 3`, `"endColumn": 1`, "no place in a file"},
		{"endless line", `"endLine": 1`, `"endLine": 9999999999`, "no place in a file"},
		{"unknown suppression", `"suppressed": null`, `"suppressed": {"by": "me", "reason": "", "location": null}`, `unknown suppression by "me"`},
		{"unclean origin", `"origin": null`, `"origin": {"root": "../x"}`, "not a clean relative path"},
		{"unclean related", `"related": []`, `"related": [{"message": "", "location": {"path": "../x"}}]`, "not a clean relative path"},
		{"rule without an id", `"rules": []`, `"rules": [{"severity": "low", "confidence": "low"}]`, "id is required"},
		{"unclean miss", `"notEvaluated": []`, `"notEvaluated": [{"path": "/"}]`, "not a clean relative path"},
		{"text after the report", "  }\n}\n", "  }\n}\n{}", "after top-level value"},
		{"cut short", "  }\n}\n", "", "unexpected end"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(minimal, tt.old, tt.new, 1)
			if text == minimal {
				t.Fatal("the test changes nothing")
			}
			if _, err := Decode(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("error is %v, want %q", err, tt.err)
			}
		})
	}
}

// endless is a text that never ends.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return copy(p, bytes.Repeat([]byte(" "), len(p))), nil
}

func TestDecodeIsBounded(t *testing.T) {
	e := &endless{}
	if _, err := Decode(e); err == nil || !strings.Contains(err.Error(), "larger than 64 MiB") || e.read > 2*maxReport {
		t.Errorf("after %d bytes: %v", e.read, err)
	}
	empties := strings.Replace(minimal, `"rule": "a/b"`, `"related": [{}`+strings.Repeat(",{}", 1<<20)+`], "rule": "a/b"`, 1)
	allocated := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Decode(strings.NewReader(empties)); err == nil {
				b.Fatal("a million empty notes are no error")
			}
		}
	}).AllocedBytesPerOp()
	if most := int64(20 * len(empties)); allocated > most {
		t.Errorf("%d bytes of empty notes take %d bytes of memory, more than %d", len(empties), allocated, most)
	}
}

func BenchmarkJSON10k(b *testing.B) {
	m := maker{rand.New(rand.NewPCG(1, 1))}
	r := &Report{}
	for i := range 10_000 {
		f := m.finding()
		f.Message = fmt.Sprint("finding ", i)
		r.Findings = append(r.Findings, f)
	}
	r.Judge(0)
	var text bytes.Buffer
	b.Run("encode", func(b *testing.B) {
		for b.Loop() {
			text.Reset()
			if err := r.Encode(&text); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			if _, err := Decode(bytes.NewReader(text.Bytes())); err != nil {
				b.Fatal(err)
			}
		}
	})
}
