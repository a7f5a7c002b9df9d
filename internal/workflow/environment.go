package workflow

import (
	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// EnvironmentWrite is text from outside that a script writes to a file by which the runner takes variables, directories
// of programs or outputs for the steps that follow.
type EnvironmentWrite struct {
	Exposure

	Path source.Path `json:"path"` // of the script
	Text string      `json:"text"` // the command that writes, its first line as written
	File string      `json:"file"` // GITHUB_ENV, GITHUB_PATH or GITHUB_OUTPUT
	Name string      `json:"name"` // of the variable or output that it is meant for; "" where that is not said
	How  How         `json:"how"`
}

// How says by what a text gets further than it is meant to.
type How string

// The ways out.
const (
	HowLines     How = "lines"     // a line break in it begins another entry
	HowDelimiter How = "delimiter" // it can hold the line that ends the entry, and then others
	HowName      How = "name"      // it names the entry
	HowCode      How = "code"      // programs take code from the variable
	HowPath      How = "path"      // programs are looked for there
)

// environmentWrites finds them in the scripts of a workflow or action.
func (w *Workflow) environmentWrites(t *tracer) []EnvironmentWrite {
	found := []EnvironmentWrite{}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		for j := range job.Steps {
			here := scope{tracer: t, workflow: w, job: job, step: &job.Steps[j]}
			written := t.script(here.step).Written
			for _, entry := range written {
				if entry.File == shell.FileOutput && !several(written) {
					continue // there is nothing else to overwrite
				}
				if e, ok := here.environmentWrite(entry); ok {
					found = append(found, e)
				}
			}
		}
	}
	return found
}

// several reports whether a script writes more than one output.
func several(written []shell.Write) bool {
	first := ""
	for _, w := range written {
		if w.File != shell.FileOutput {
			continue
		}
		if first != "" && w.Name != first {
			return true
		}
		first = w.Name
	}
	return false
}

func (s scope) environmentWrite(w shell.Write) (EnvironmentWrite, bool) {
	out := EnvironmentWrite{Path: s.step.Path.Append("run"), Text: w.Command, File: w.File, Name: w.Name}
	some := false
	consider := func(pieces []shell.Piece, how func(origin) How) {
		for _, o := range s.pieceOrigins(pieces) {
			h := how(o)
			x, ok := s.judge(o)
			if h != "" && ok && (!some || worse(x, out.Exposure)) {
				out.Exposure, out.How, some = x, h, true
			}
		}
	}
	consider(w.Named, func(origin) How { return HowName })
	consider(w.Value, func(o origin) How {
		switch {
		case w.File == shell.FilePath:
			return HowPath
		case w.File == shell.FileEnv && codeVariables[w.Name]:
			return HowCode
		case !o.lines || w.Framed:
			return ""
		case w.Guessed:
			return HowDelimiter
		}
		return HowLines
	})
	return out, some
}
