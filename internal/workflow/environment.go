package workflow

import "github.com/plimsoll-dev/plimsoll/internal/source"

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
			written := t.script(here.step).written
			for _, entry := range written {
				if entry.file == fileOutput && !several(written) {
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
func several(written []write) bool {
	first := ""
	for _, w := range written {
		if w.file != fileOutput {
			continue
		}
		if first != "" && w.name != first {
			return true
		}
		first = w.name
	}
	return false
}

func (s scope) environmentWrite(w write) (EnvironmentWrite, bool) {
	out := EnvironmentWrite{Path: s.step.Path.Append("run"), Text: w.command, File: w.file, Name: w.name}
	some := false
	consider := func(pieces []piece, how func(origin) How) {
		for _, o := range s.pieceOrigins(pieces) {
			h := how(o)
			x, ok := s.judge(o)
			if h != "" && ok && (!some || worse(x, out.Exposure)) {
				out.Exposure, out.How, some = x, h, true
			}
		}
	}
	consider(w.named, func(origin) How { return HowName })
	consider(w.value, func(o origin) How {
		switch {
		case w.file == filePath:
			return HowPath
		case w.file == fileEnv && codeVariables[w.name]:
			return HowCode
		case !o.lines || w.framed:
			return ""
		case w.guessed:
			return HowDelimiter
		}
		return HowLines
	})
	return out, some
}
