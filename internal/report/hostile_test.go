package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// hostileReport is a report in which one text stands wherever the repository under lint can put one.
func hostileReport(text string) *finding.Report {
	at := source.Location{Path: text, Span: source.Span{Start: source.Point{Line: 1, Column: 1}, End: source.Point{Line: 1, Column: 2}, Exact: true}}
	note := source.Note{Message: text, Location: at}
	f := &finding.Finding{
		RuleID: "x/y", Severity: finding.High, Confidence: finding.ConfidenceHigh, Message: text, Location: at, Related: []source.Note{note},
		Origin: &finding.Origin{Renderer: "helm", Root: text, Variants: []string{text}, Object: text, Field: text, Value: text},
		Fix:    &finding.Fix{Description: text, Edits: []finding.Edit{{Location: at, NewText: text}}},
	}
	hidden := *f
	hidden.Suppressed = &finding.Suppression{By: finding.ByInline, Reason: text, Location: &at}
	r := &finding.Report{
		Rules:        []*finding.Rule{{ID: "x/y", Title: text, Description: text, Remediation: text, HelpURL: text, Severity: finding.High}},
		Findings:     []*finding.Finding{f, &hidden},
		NotEvaluated: []finding.Miss{{Path: text, What: text, Why: text}},
		Stats:        finding.Stats{Files: map[string]int{text: 1}, Documents: 1, Scope: "since " + text, Notices: []string{text}},
	}
	r.Judge(finding.High)
	return r
}

// command is what the runner takes a line of the log for, after the blanks that it skips: one of the second form, or of the
// older one, wherever it stands in the line.
var command = regexp.MustCompile(`^\s*::([^:\s]*)|##\[`)

// FuzzLog holds that what is printed in a workflow does no more than show itself, but for the annotations that it is meant to
// make.
func FuzzLog(f *testing.F) {
	for _, seed := range []string{
		"", "a", "\n::error::x", "\r::add-mask::e", "\u2028::stop-commands::x", "##[error]x", "#\n##[group]", "\x1b[31m\x07", "\u202e\u2066\u200b\ufeff",
		"\xff\xfe", "::set-output name=verdict::pass", "%0A::error::", "\x85::error::\x0b::error::\x0c::error::", "a\x00b", "\U000e0001",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, format := range []string{"text", "github", "json", "sarif", "junit", "summary"} {
			reporter, err := New(format, Options{Source: func(string) []byte { return []byte(text) }})
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := reporter.Report(&b, hostileReport(text)); err != nil {
				t.Fatal(err)
			}
			if !utf8.Valid(b.Bytes()) {
				t.Fatalf("%s: %q is no text", format, b.String())
			}
			annotations := 0
			for _, line := range strings.FieldsFunc(b.String(), endsLine) {
				switch m := command.FindStringSubmatch(line); {
				case m == nil:
				case format == "github" && strings.HasPrefix(m[1], "error"):
					annotations++
				default:
					t.Errorf("%s: %q is a command", format, line)
				}
				if at := strings.IndexFunc(line, acts); at >= 0 {
					t.Errorf("%s: %q holds a character that acts", format, line[at:])
				}
			}
			if want := 1; format == "github" && annotations != want {
				t.Errorf("%d annotations, want %d", annotations, want)
			}
		}
	})
}

// endsLine is every character that any reader of a log may end a line at.
func endsLine(r rune) bool { return strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r) }

func acts(r rune) bool {
	return r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\ufeff')
}
