package workflow

import "testing"

// TestStepOfNoWorkflow reads the script of a step that no workflow was read for.
func TestStepOfNoWorkflow(t *testing.T) {
	step := &Step{Run: "echo a"}
	none := func(string) string { return "" }
	if got := step.Commands(none); len(got) != 1 || got[0].Name() != "echo" {
		t.Errorf("its commands are %v", got)
	}
	if script := step.Script(none); !script.Whole {
		t.Error("its script is not read")
	}
}
