package workflow

import (
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// PosixScript is a step's script that bash or sh runs.
type PosixScript struct {
	Path    source.Path // of the scalar
	Text    string
	Dialect string // "bash" or "sh"
	Setup   string // what the shell's flags set before the first line, as a command of its own; "" for nothing
}

// PosixScripts lists the scripts that are known to be run by bash or sh, in the order of their steps.
func (w *Workflow) PosixScripts() []PosixScript {
	var found []PosixScript
	for i := range w.Jobs {
		job := &w.Jobs[i]
		windows := w.mayRunOnWindows(job)
		for _, step := range job.Steps {
			if step.Run == "" || step.Shell == "" && windows {
				continue
			}
			if dialect, setup := shellOf(step.Shell); dialect != "" {
				found = append(found, PosixScript{Path: step.Path.Append("run"), Text: step.Run, Dialect: dialect, Setup: setup})
			}
		}
	}
	return found
}

// mayRunOnWindows reports whether a step of the job that names no shell may be run by PowerShell.
func (w *Workflow) mayRunOnWindows(job *Job) bool {
	for _, l := range w.runnerLabels(job) {
		if strings.Contains(strings.ToLower(l.label), "windows") {
			return true
		}
	}
	return false
}

// onlyWindows reports whether every runner of the job that is known is a Windows one.
func (w *Workflow) onlyWindows(job *Job) bool {
	labels := w.runnerLabels(job)
	return len(labels) > 0 && !slices.ContainsFunc(labels, func(l runnerLabel) bool { return !strings.HasPrefix(strings.ToLower(l.label), "windows-") })
}

var (
	shellFlags = regexp.MustCompile(`^-[A-Za-z]+$`)
	optionName = regexp.MustCompile(`^[a-z]+$`) // errexit, pipefail
)

// ofSet keeps the dash and the letters that set takes too, of those that bash takes: not l, i or c.
func ofSet(letter rune) rune {
	if strings.ContainsRune("-abefhkmnptuvxBCEHPTo", letter) {
		return letter
	}
	return -1
}

// shellName is the shell of a step without the path to it and its flags; "" where none is named.
func (s *Step) shellName() string {
	name, _, _ := strings.Cut(strings.TrimSpace(s.Shell), " ")
	return name[strings.LastIndexByte(name, '/')+1:]
}

// shellOf reads `shell:`. Source: "Workflow syntax", jobs.<job_id>.steps[*].shell: no shell is bash -e {0}, "bash" alone
// bash --noprofile --norc -eo pipefail {0}, "sh" alone sh -e {0}; anything longer is taken as it is.
func shellOf(shell string) (dialect, setup string) {
	words := strings.Fields(shell)
	if len(words) == 0 {
		return "bash", "set -e"
	}
	dialect = words[0][strings.LastIndexByte(words[0], '/')+1:]
	switch {
	case dialect != "bash" && dialect != "sh":
		return "", ""
	case len(words) == 1 && dialect == "bash":
		return dialect, "set -eo pipefail"
	case len(words) == 1:
		return dialect, "set -e"
	}
	var flags []string
	for i, word := range words[1:] {
		switch short := shellFlags.FindString(word); {
		case short != "":
			if kept := strings.Map(ofSet, short); kept != "-" {
				flags = append(flags, kept)
			}
		case optionName.MatchString(word) && strings.HasSuffix(shellFlags.FindString(words[i]), "o"):
			flags = append(flags, word)
		}
	}
	if len(flags) == 0 {
		return dialect, ""
	}
	return dialect, "set " + strings.Join(flags, " ")
}
