package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Scan is a step that looks for something wrong with the code or what it is built of, and whose finding it is ignored.
type Scan struct {
	Job  string      `json:"job"`
	Path source.Path `json:"path"` // of continue-on-error, or of the script
	Text string      `json:"text"` // of the command; "" for continue-on-error
	Tool string      `json:"tool"` // the action or program
	How  string      `json:"how"`  // "step" or "job": continue-on-error; "shell": the script goes on
	// Shown: what it finds is uploaded or read by a later step, where it may still count.
	Shown bool `json:"shown"`
}

// scanActions look for vulnerabilities, secrets or dangerous code and fail their step when they find any. By owner/repo.
var scanActions = []string{
	"actions/dependency-review-action", "anchore/scan-action", "aquasecurity/tfsec-action", "aquasecurity/trivy-action",
	"bridgecrewio/checkov-action", "checkmarx/kics-github-action", "gitleaks/gitleaks-action", "golang/govulncheck-action",
	"google/osv-scanner-action", "kubescape/github-action", "pypa/gh-action-pip-audit", "returntocorp/semgrep-action",
	"rustsec/audit-check", "securego/gosec", "semgrep/semgrep-action", "snyk/actions", "trufflesecurity/trufflehog",
	"zizmorcore/zizmor-action", "embarkstudios/cargo-deny-action", "actions-rs/audit-check", "zricethezav/gitleaks-action",
}

// scanCommands do the same on the command line; the second word is asked for where there is one.
var scanCommands = []string{
	"bandit", "brakeman", "bundle audit", "bundle-audit", "bundler-audit", "cargo audit", "cargo deny", "cargo-audit", "checkov",
	"gitleaks", "gosec", "govulncheck", "grype", "kics", "kubescape", "npm audit", "osv-scanner", "pip-audit", "pnpm audit",
	"safety check", "semgrep", "snyk test", "snyk code", "snyk container", "tfsec", "trivy", "trufflehog", "yarn audit", "yarn npm",
	"zizmor",
}

// scans lists the scans whose findings are ignored. A composite action has no continue-on-error.
func (w *Workflow) scans() []Scan {
	found := []Scan{}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		ignored := object(job.value)["continue-on-error"] == true
		for k := range job.Steps {
			step := &job.Steps[k]
			tool, command := step.scans()
			if tool == "" {
				continue
			}
			scan := Scan{Job: job.ID, Tool: tool, Shown: job.usesResultOf(step)}
			switch {
			case step.ContinueOnError:
				scan.How, scan.Path = "step", step.Path.Append("continue-on-error")
			case ignored:
				scan.How, scan.Path = "job", job.Path.Append("continue-on-error")
			case command != nil && command.Ignored:
				scan.How, scan.Path, scan.Text = "shell", step.Path.Append("run"), command.Text
			default:
				continue
			}
			found = append(found, scan)
		}
	}
	return found
}

// scans names the scanner that a step runs, and its command where it is one of a script; one whose failure is ignored
// before one that counts.
func (s *Step) scans() (tool string, command *shell.Command) {
	action := s.Action()
	for _, name := range scanActions {
		if action == name || strings.HasPrefix(action, name+"/") {
			return name, nil
		}
	}
	for _, c := range s.commands() {
		name := c.Name()
		two := name
		if len(c.Words) > 1 {
			two += " " + c.Words[1].Text
		}
		if i := slices.IndexFunc(scanCommands, func(s string) bool { return s == name || s == two }); i >= 0 && !onlyAsks(c) {
			if tool == "" || c.Ignored {
				tool, command = scanCommands[i], &c
			}
		}
	}
	return tool, command
}

// onlyAsks reports whether a command runs no scan: it prints its version, help or a list.
func onlyAsks(c shell.Command) bool {
	return slices.ContainsFunc(c.Words[1:], func(w shell.Word) bool {
		switch w.Text {
		case "--version", "-v", "version", "--help", "-h", "plugin", "config", "login", "clean", "--download-db-only", "convert", "db":
			return true
		}
		return false
	})
}

// usesResultOf reports whether a later step reads how the step ended, or uploads what it found.
func (j *Job) usesResultOf(step *Step) bool {
	for i := step.index + 1; i < len(j.Steps); i++ {
		s := &j.Steps[i]
		if s.Action() == "github/codeql-action/upload-sarif" || strings.HasPrefix(s.Action(), "actions/upload-artifact") {
			return true
		}
		if step.ID != "" && strings.Contains(s.everything(), "steps."+step.ID+".") {
			return true
		}
	}
	return false
}
