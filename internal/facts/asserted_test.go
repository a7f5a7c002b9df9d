package facts

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func TestAssertions(t *testing.T) {
	texts := map[string]string{
		"e2e/web/chainsaw-test.yaml":    "spec: {steps: [{try: [{apply: {file: web.yaml}}, {assert: {file: ready.yaml}}, {error: {file: ../shared/gone.yaml}}]}]}\n",
		"e2e/broken/chainsaw-test.yaml": "{",
	}
	files := &source.Repository{
		Paths:    []string{"e2e/broken/chainsaw-test.yaml", "e2e/web/chainsaw-test.yaml"},
		ReadFile: func(path string) []byte { return []byte(texts[path]) },
	}
	a := &assertions{files: files}
	for file, want := range map[string]bool{
		"tests/00-assert.yaml":       true,
		"tests/1-errors.yaml":        true,
		"tests/02-assert-ready.yaml": true,
		"tests/00-install.yaml":      false,
		"assert.yaml":                false,
		"e2e/web/ready.yaml":         true,
		"e2e/web/web.yaml":           false,
		"e2e/broken/ready.yaml":      false,
	} {
		if got := a.has(file); got != want {
			t.Errorf("%s: %v, want %v", file, got, want)
		}
	}
}
