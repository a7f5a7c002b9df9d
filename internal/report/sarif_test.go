package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func validate(t *testing.T, schemaFile, document string) {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s: %v", schemaFile, err)
	}
}

func readSARIF(t *testing.T, document string) sarifRun {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal([]byte(document), &log); err != nil {
		t.Fatal(err)
	}
	return log.Runs[0]
}

// The schema is that of OASIS, errata 01.
func TestSARIFIsValid(t *testing.T) {
	large, src := many(6000)
	for name, document := range map[string]string{
		"fixture":          render(t, "sarif", Options{Source: fixtureSource, Category: "a"}, fixture()),
		"without sources":  render(t, "sarif", Options{}, fixture()),
		"without findings": render(t, "sarif", Options{}, &finding.Report{}),
		"large":            render(t, "sarif", Options{Source: src}, large),
	} {
		t.Run(name, func(t *testing.T) { validate(t, "testdata/sarif-schema-2.1.0.json", document) })
	}
}

func TestSARIFLimits(t *testing.T) {
	r, src := many(25_010)
	run := readSARIF(t, render(t, "sarif", Options{Source: src}, r))
	if len(run.Results) != maxResults {
		t.Errorf("%d results, want %d", len(run.Results), maxResults)
	}
	last := finding.High
	for i, result := range run.Results[:maxShownResults] {
		severity, err := finding.ParseSeverity(result.Properties.Severity)
		if err != nil || severity > last || len(result.Suppressions) > 0 {
			t.Fatalf("result %d is %s after %s, suppressed %v: %v", i, severity, last, result.Suppressions, err)
		}
		last = severity
	}
	notes := run.Invocations[0].ToolExecutionNotifications
	if len(notes) != 2 || !strings.HasPrefix(notes[0].Message.Text, "10 of 25010 findings are left out") {
		t.Errorf("the cut is not announced: %+v", notes)
	}
}

func TestSARIFOmitSuppressed(t *testing.T) {
	r := fixture()
	if got := len(readSARIF(t, render(t, "sarif", Options{}, r)).Results); got != len(r.Findings) {
		t.Errorf("%d results, want all %d findings", got, len(r.Findings))
	}
	if got := len(readSARIF(t, render(t, "sarif", Options{OmitSuppressed: true}, r)).Results); got != len(r.Active()) {
		t.Errorf("%d results, want the %d active findings", got, len(r.Active()))
	}
}

// A category without a final slash would be no category.
func TestSARIFCategory(t *testing.T) {
	for category, want := range map[string]string{"": "plimsoll/", "a": "plimsoll/a/", "a/b/": "plimsoll/a/b/"} {
		if got := readSARIF(t, render(t, "sarif", Options{Category: category}, fixture())).AutomationDetails.ID; got != want {
			t.Errorf("category %q gives %q, want %q", category, got, want)
		}
	}
}

func TestRegion(t *testing.T) {
	data := []byte("a: 日本 🚢x\nb: |\n  one\n  two\nc: d\n")
	text := source.NewText(data)
	texts := newTexts(func(path string) []byte {
		if path == "f" {
			return data
		}
		return nil
	})
	span := func(from, to string) source.Span {
		return text.Span(strings.Index(string(data), from), strings.Index(string(data), to))
	}
	inexact := span("b: |", "|")
	inexact.Exact = false
	tests := []struct {
		name string
		at   source.Location
		want region
	}{
		{"UTF-16 columns", source.Location{Path: "f", Span: span("🚢", "x")}, region{1, 7, 1, 9}},
		{"a span that ends with its line", source.Location{Path: "f", Span: span("  one", "  two")}, region{3, 1, 3, 6}},
		{"several lines", source.Location{Path: "f", Span: span("|", "two")}, region{2, 4, 4, 3}},
		{"not exact: no columns", source.Location{Path: "f", Span: inexact}, region{2, 0, 2, 0}},
		{"unknown source: no columns", source.Location{Path: "g", Span: span("🚢", "x")}, region{1, 0, 1, 0}},
		{"span of another text: no columns", source.Location{Path: "f", Span: source.Span{Start: source.Point{Line: 1, Column: 99}, End: source.Point{Line: 1, Column: 100}, Exact: true}}, region{1, 0, 1, 0}},
	}
	for _, tt := range tests {
		if got := texts.region(tt.at); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestSARIFMessageIsNoLink(t *testing.T) {
	r := fixture()
	r.Findings[0].Message = "[click](https://evil.example)"
	if got := readSARIF(t, render(t, "sarif", Options{}, r)).Results[0].Message.Text; got != `[click]\(https://evil.example)` {
		t.Errorf("message is %s", got)
	}
}

// The JSON report is what its published schema says.
func TestJSONIsValid(t *testing.T) {
	const schema = "schema/report-v1.schema.json"
	validate(t, schema, render(t, "json", Options{}, fixture()))
	empty := &finding.Report{Change: &finding.Change{Number: 4, Head: strings.Repeat("a", 40)}}
	empty.Judge(0)
	validate(t, schema, render(t, "json", Options{}, empty))
	for _, by := range []finding.SuppressedBy{finding.ByInline, finding.ByConfig, finding.ByBaseline, finding.ByPersona, finding.ByScope} {
		for _, persona := range finding.Personas() {
			validate(t, schema, render(t, "json", Options{}, spoken(by, persona)))
		}
	}
}

// spoken is the fixture with what a policy may say of its findings beyond their place.
func spoken(by finding.SuppressedBy, persona finding.Persona) *finding.Report {
	r := fixture()
	for _, rule := range r.Rules {
		rule.Persona, rule.Deployed = persona, true
	}
	for _, f := range r.Findings {
		f.Persona, f.Subject, f.Suppressed = persona, "docker.io/library/nginx", &finding.Suppression{By: by}
	}
	r.Judge(finding.Medium)
	return r
}

// A golden report that is read back and shown again is the same: a job can report what another one has linted.
func TestReportsFromJSON(t *testing.T) {
	saved := render(t, "json", Options{}, fixture())
	read, err := finding.Decode(strings.NewReader(saved))
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range Formats() {
		o := Options{Source: fixtureSource, Links: fixtureLinks}
		if render(t, format, o, fixture()) != render(t, format, o, read) {
			t.Errorf("%s differs after a round trip through JSON", format)
		}
	}
}
