package engine_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

func TestAHugeWorkflowIsOneFinding(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, ".github", "workflows")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	text := "on: push\njobs:\n  a:\n    steps:\n" + strings.Repeat("      - run: echo hello\n", 60_000)
	if err := os.WriteFile(filepath.Join(dir, "huge.yml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	target, err := engine.Open(t.Context(), root, root, nil)
	if err != nil {
		t.Fatal(err)
	}
	result, err := engine.Lint(t.Context(), engine.Options{Target: target, Config: config.Default()})
	if err != nil {
		t.Fatal(err)
	}
	found := result.Report.Active()
	if len(found) != 1 || found[0].RuleID != finding.ParseError || result.Report.Verdict != finding.Fail {
		t.Errorf("%d findings, verdict %s; want the one parse-error", len(found), result.Report.Verdict)
	}
}
