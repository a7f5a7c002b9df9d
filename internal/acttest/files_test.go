// Package acttest runs action.yml: its scripts alone, and the whole of it with nektos/act in host mode, against a GitHub
// API on loopback. It holds tests only.
package acttest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// root is the repository's, seen from this package.
const root = "../.."

// copyAction copies what the action needs of this repository to run without its sources.
func copyAction(t *testing.T, to string) {
	t.Helper()
	for _, path := range []string{
		"action.yml", ".github/action/install.sh", ".github/action/lint.sh", ".github/release/checksums.txt",
	} {
		data, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(to, path), string(data))
	}
}

type action struct {
	Name, Description string
	Branding          struct{ Icon, Color string }
	Inputs            map[string]struct{ Description, Default string }
	Outputs           map[string]struct{ Description, Value string }
	Runs              struct {
		Using string
		Steps []struct {
			ID, Uses, Run, Shell string
			Env                  map[string]string
		}
	}
}

func readAction(t *testing.T) action {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestActionUsesNoOtherAndNoExpressionInAScript(t *testing.T) {
	a := readAction(t)
	if a.Runs.Using != "composite" || len(a.Runs.Steps) == 0 {
		t.Fatalf("runs: %+v", a.Runs)
	}
	for _, step := range a.Runs.Steps {
		if step.Uses != "" || strings.Contains(step.Run, "${{") || step.Shell != "bash" {
			t.Errorf("step %s: uses %q, shell %q, run %q", step.ID, step.Uses, step.Shell, step.Run)
		}
	}
}

// TestEveryInputIsHandedOnOnce holds inputs and environment one to one, and the scripts to what they are given.
func TestEveryInputIsHandedOnOnce(t *testing.T) {
	a := readAction(t)
	expression := regexp.MustCompile(`^\$\{\{ inputs\.([a-z-]+) \}\}$`)
	used := map[string]int{}
	for _, step := range a.Runs.Steps {
		script := regexp.MustCompile(`[a-z]+\.sh`).FindString(step.Run)
		text, err := os.ReadFile(filepath.Join(root, ".github/action", script))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range step.Env {
			if m := expression.FindStringSubmatch(value); m != nil {
				used[m[1]]++
			}
			if !strings.Contains(string(text)+step.Run, name) {
				t.Errorf("%s: %s is given and not used", script, name)
			}
		}
		for _, name := range regexp.MustCompile(`PLIMSOLL_[A-Z_]+`).FindAllString(string(text), -1) {
			if _, given := step.Env[name]; !given {
				t.Errorf("%s: %s is used and not given", script, name)
			}
		}
	}
	want := map[string]int{}
	for name, input := range a.Inputs {
		want[name] = 1
		if input.Description == "" {
			t.Errorf("input %s has no description", name)
		}
	}
	if diff := cmp.Diff(want, used); diff != "" {
		t.Errorf("inputs and how often they are handed on (-want +got):\n%s", diff)
	}
}

func TestMarketplaceTakesIt(t *testing.T) {
	a := readAction(t)
	colors := []string{"white", "yellow", "blue", "green", "orange", "red", "purple", "gray-dark"}
	if a.Name == "" || a.Description == "" || a.Branding.Icon == "" || !strings.Contains(strings.Join(colors, " "), a.Branding.Color) {
		t.Errorf("name %q, description %q, branding %+v", a.Name, a.Description, a.Branding)
	}
	for name, output := range a.Outputs {
		if output.Description == "" || output.Value != "${{ steps.lint.outputs."+name+" }}" {
			t.Errorf("output %s: %+v", name, output)
		}
	}
}
