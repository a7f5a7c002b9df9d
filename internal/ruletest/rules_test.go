package ruletest_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/ruletest"
	"github.com/plimsoll-dev/plimsoll/internal/shellcheck"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestMain lets the test binary be its own render worker.
func TestMain(m *testing.M) {
	if slices.Contains(os.Args, render.WorkerArgument) {
		if err := render.Worker(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestRules runs every rule's fixture through the real pipeline with only that rule on. A finding that is missing and
// one that is too many both fail.
func TestRules(t *testing.T) {
	fixtures, err := ruletest.Find("../../testdata/rules")
	if err != nil {
		t.Fatal(err)
	}
	if len(fixtures) == 0 {
		t.Fatal("no fixtures found")
	}
	for _, id := range slices.Sorted(maps.Keys(fixtures)) {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			run(t, fixtures[id])
		})
	}
}

func run(t *testing.T, fixture *ruletest.Fixture) {
	skipWithout(t, fixture.RuleID)
	dir := t.TempDir()
	if err := fixture.Write(dir); err != nil {
		t.Fatal(err)
	}
	result := lint(t, dir, fixture)
	var open []ruletest.Want
	bad, good := 0, 0
	for _, file := range fixture.Files {
		open = append(open, file.Wants...)
		if file.Bad() {
			bad++
		} else {
			good++
		}
	}
	if bad == 0 || good == 0 {
		t.Errorf("the fixture has %d bad and %d good files; it needs both", bad, good)
	}
	for _, f := range result.Report.Active() {
		if f.RuleID == finding.NotEvaluated && fixture.RuleID != finding.NotEvaluated && f.Origin != nil && f.Origin.Renderer != "" {
			continue // an example may name what is elsewhere, and nothing is fetched
		}
		if f.RuleID != fixture.RuleID {
			t.Errorf("unexpected %s: %s", f.RuleID, show(f))
			continue
		}
		i := slices.IndexFunc(open, func(w ruletest.Want) bool { return satisfies(result, f, w) })
		if i < 0 {
			t.Errorf("unexpected: %s covers %q", show(f), covered(result, f.Location))
			continue
		}
		open = slices.Delete(open, i, i+1)
	}
	for _, w := range open {
		t.Errorf("missing: %s", w)
	}
}

// skipWithout skips a rule whose program is not installed.
func skipWithout(t *testing.T, rule string) {
	t.Helper()
	if rule != shellcheck.RuleID {
		return
	}
	if _, err := exec.LookPath("shellcheck"); err != nil {
		t.Skip("shellcheck is not installed")
	}
}

func lint(t *testing.T, dir string, fixture *ruletest.Fixture) *engine.Result {
	t.Helper()
	target, err := engine.Open(t.Context(), dir, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg := readConfig(t, dir)
	cfg.Persona = config.Persona(finding.Auditor) // which sees every finding
	result, err := engine.Lint(t.Context(), engine.Options{
		Target: target, Config: cfg, Rules: []string{fixture.RuleID}, Today: "2026-11-23", Settings: fixture.Settings(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// readConfig reads the fixture's own configuration, for rules that need one.
func readConfig(t *testing.T, dir string) *config.Config {
	t.Helper()
	for _, name := range config.Names() {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			continue
		}
		c, err := config.Parse(name, data)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	return config.Default()
}

func satisfies(r *engine.Result, f *finding.Finding, w ruletest.Want) bool {
	at := f.Location
	return at.Path == w.File && at.Span.Start.Line == w.Line && w.Message.MatchString(f.Message) &&
		(w.Text == "" || covered(r, at) == w.Text) && (w.Said == "" || said(f) == w.Said)
}

// said is how loudly a finding speaks: its severity, and whom to where that is not everybody.
func said(f *finding.Finding) string {
	if audience := f.Audience(); audience != finding.Regular {
		return fmt.Sprintf("%s %s", f.Severity, audience)
	}
	return f.Severity.String()
}

// covered is the text that a location spans.
func covered(r *engine.Result, at source.Location) string {
	data := r.Source(at.Path)
	start, end := at.Span.Start.Offset, at.Span.End.Offset
	if start < 0 || end > len(data) || start > end {
		return ""
	}
	return strings.TrimRight(string(data[start:end]), "\n")
}

func show(f *finding.Finding) string {
	at := f.Location
	return fmt.Sprintf("%s:%d:%d: %s", at.Path, at.Span.Start.Line, at.Span.Start.Column, f.Message)
}
