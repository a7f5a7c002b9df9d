package workflow

import (
	"slices"
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Spill is a secret that a step puts where it can be read.
type Spill struct {
	Path source.Path `json:"path"` // of the step's run, or of the input
	Text string      `json:"text"` // the command as written, its first line; or the expression in the input
	Name string      `json:"name"` // of the secret, in upper case
	Kind SpillKind   `json:"kind"`
	How  string      `json:"how"` // the command or action that does it
	File string      `json:"file,omitempty"`
	// Upload is the later step that stores the file; absent where none does.
	Upload *Upload `json:"upload,omitempty"`
}

// SpillKind says where a secret goes.
type SpillKind string

// The kinds.
const (
	SpillLog     SpillKind = "log"     // as it is: GitHub masks it there
	SpillEncoded SpillKind = "encoded" // into the log in another form, which is not masked
	SpillFile    SpillKind = "file"    // into a file that a later step stores
	SpillEnv     SpillKind = "env"     // into the environment of all later steps
	SpillImage   SpillKind = "image"   // into the history of an image, as an argument of its build
)

// encoders change what they read so that it is no more recognised as the secret.
var encoders = set("base64 base32 xxd od hexdump rev")

// spills lists the secrets that steps put where they can be read.
func (w *Workflow) spills(doc *source.Document) []Spill {
	found := []Spill{}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		stores := sync.OnceValue(func() []storing { return storingOf(doc, job) })
		for j := range job.Steps {
			step := &job.Steps[j]
			for _, s := range append(step.buildArguments(), w.spillsOf(job, step)...) {
				if s.Kind == SpillFile {
					s.Upload = uploadOf(stores()[j+1:], s.File)
				}
				if s.Kind != SpillFile || s.Upload != nil {
					found = append(found, s)
				}
			}
			if len(found) >= maxExpressions {
				return found
			}
		}
	}
	return found
}

// spillsOf reads a step's script.
func (w *Workflow) spillsOf(job *Job, step *Step) []Spill {
	var found []Spill
	env := func(name string) string { return scope{workflow: w, job: job, step: step}.envValue(name) }
	commands := step.commands()
	for i, c := range commands {
		for _, name := range secretNames(buildArguments(c, env)) {
			found = append(found, Spill{Name: name, Kind: SpillImage, How: c.Name() + " build", Text: c.Text})
		}
		kind, file := spillsTo(c)
		if kind == "" || kind == SpillFile && removes(commands[i+1:], file) {
			continue
		}
		for _, name := range secretNames(c.Prints()) {
			found = append(found, Spill{Name: name, Kind: kind, How: c.Name(), Text: c.Text, File: file})
		}
	}
	for i := range found {
		found[i].Path = step.Path.Append("run")
	}
	return found
}

// spillsTo says where what a command prints can be read; "" where nobody reads it there.
func spillsTo(c shell.Command) (kind SpillKind, file string) {
	output := c.Output
	if c.Name() == "tee" && len(c.Words) > 1 && !strings.HasPrefix(c.Words[len(c.Words)-1].Text, "-") {
		output = c.Words[len(c.Words)-1].Text
	}
	switch {
	case output == shell.OutputPipe, output == shell.OutputCapture, strings.HasPrefix(output, "/dev/"):
		return "", ""
	case output == "" && encoders[c.Name()] && !decodes(c):
		return SpillEncoded, ""
	case output == "" && slices.Contains([]string{"echo", "printf", "cat"}, c.Name()) && !isWorkflowCommand(c):
		return SpillLog, ""
	case output == "$GITHUB_ENV":
		return SpillEnv, ""
	case output == "":
		return "", ""
	}
	if file = shell.InDir(c.Dir, output); file == shell.Outside || strings.ContainsAny(file, "$*") {
		return "", ""
	}
	return SpillFile, file
}

func decodes(c shell.Command) bool {
	return c.Has("-d") || c.Has("-D") || c.Has("--decode") || c.Has("-r")
}

// isWorkflowCommand: echo "::add-mask::…" is not printed as it is.
func isWorkflowCommand(c shell.Command) bool {
	return slices.ContainsFunc(c.Words[1:], func(w shell.Word) bool { return strings.HasPrefix(w.Text, "::") })
}

// buildArguments are the expressions in the build arguments of an image that the command builds.
func buildArguments(c shell.Command, env func(string) string) []*expression.Node {
	sub := " " + c.Subcommand() + " "
	if !slices.Contains([]string{"docker", "podman", "buildah", "nerdctl"}, c.Name()) || !strings.Contains(sub, " build ") {
		return nil
	}
	var found []*expression.Node
	for i, w := range c.Words {
		value, joined := strings.CutPrefix(w.Text, "--build-arg=")
		switch {
		case joined:
		case w.Text == "--build-arg" && i+1 < len(c.Words):
			w = c.Words[i+1]
			value = w.Text
		default:
			continue
		}
		found = append(found, w.Exprs...)
		if !strings.Contains(value, "=") { // the variable of that name
			for _, e := range expression.Find(env(value)) {
				found = append(found, e.Root)
			}
		}
	}
	return found
}

// buildArguments are the secrets in the build-args of docker/build-push-action.
func (s *Step) buildArguments() []Spill {
	if s.Action() != "docker/build-push-action" {
		return nil
	}
	var found []Spill
	value, path := s.Input("build-args")
	for _, e := range expression.Find(value) {
		for _, name := range secretNames([]*expression.Node{e.Root}) {
			found = append(found, Spill{Path: path, Text: e.Text, Name: name, Kind: SpillImage, How: s.Action()})
		}
	}
	return found
}

// storing is what a step does with files.
type storing struct {
	commands []shell.Command // those that remove files
	uploads  []upload
}

func storingOf(doc *source.Document, job *Job) []storing {
	stores := make([]storing, len(job.Steps))
	for i := range job.Steps {
		for _, c := range job.Steps[i].commands() {
			if removesFiles(c) {
				stores[i].commands = append(stores[i].commands, c)
			}
		}
		stores[i].uploads = job.Steps[i].uploads(doc)
	}
	return stores
}

// uploadOf is the first upload of a file before a step removes it; nil where there is none.
func uploadOf(later []storing, file string) *Upload {
	for _, step := range later {
		if removes(step.commands, file) {
			return nil
		}
		for _, u := range step.uploads {
			if u.covers(file) {
				return &Upload{Path: u.path, What: u.what}
			}
		}
	}
	return nil
}

func removesFiles(c shell.Command) bool {
	return slices.Contains([]string{"rm", "shred", "unlink"}, c.Name())
}

// removes reports whether one of the commands removes a file, or a directory that it stands in.
func removes(commands []shell.Command, file string) bool {
	for _, c := range commands {
		if !removesFiles(c) {
			continue
		}
		for _, w := range c.Words[1:] {
			if !strings.HasPrefix(w.Text, "-") && shell.Within(file, shell.InDir(c.Dir, w.Text)) {
				return true
			}
		}
	}
	return false
}

// secretNames are the secrets whose value the expressions can yield, but for the run's own token, each once.
func secretNames(nodes []*expression.Node) []string {
	var names []string
	for _, n := range nodes {
		for _, l := range n.Leaves() {
			if l.Path[0] == "secrets" && len(l.Path) == 2 && l.Path[1] != expression.AnyStep && !strings.EqualFold(l.Path[1], ownToken) {
				names = append(names, strings.ToUpper(l.Path[1]))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
