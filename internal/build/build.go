// Package build knows what a Dockerfile leaves in the image that it builds: the user that it runs as, the secrets that
// it keeps, and the files that it takes from elsewhere without looking.
package build

import (
	"os"
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Facts is what a Dockerfile leaves.
type Facts struct {
	// User is what the image runs as; nil where the Dockerfile has no stage.
	User    *User    `json:"user,omitempty"`
	Adds    []Add    `json:"adds,omitempty"`
	Secrets []Secret `json:"secrets,omitempty"`
}

// User is the user of the last stage, which it may have from the stages that it is built upon.
type User struct {
	Name string `json:"name,omitempty"` // as written; "" where no stage says
	Root bool   `json:"root"`           // the name is that of root, or nobody says, the base is empty and the image starts a program
	// Base is the image that decides where no stage does; "" where one does, and for the empty image.
	Base string `json:"base,omitempty"`
	// Action is the action that the image is built for, as actions/x/action.yml: GitHub has these run as root.
	Action string      `json:"action,omitempty"`
	Path   source.Path `json:"path"` // of the USER's name, or of the image of the stage that has none
}

// Add is a file or repository that ADD fetches, and that nothing holds to its content.
type Add struct {
	URL  string      `json:"url"`
	Pin  refs.Pin    `json:"pin"` // by the URL alone
	Git  bool        `json:"git,omitempty"`
	Path source.Path `json:"path"`
}

// Secret is an argument or variable that is named like a secret.
type Secret struct {
	Name  string      `json:"name"`
	Cmd   string      `json:"cmd"`   // "arg" or "env"
	Value bool        `json:"value"` // a value is written beside it; of an env one always is
	Final bool        `json:"final"` // it stands in the stage that becomes the image, or in one that this is built upon
	Path  source.Path `json:"path"`
}

// Of establishes the facts; nil for a document that is no Dockerfile. The actions that it may be of are looked up in files,
// which may be nil.
func Of(doc *source.Document, files *source.Repository) *Facts {
	if doc.Kind != source.Dockerfile {
		return nil
	}
	stages := stagesOf(doc.Value)
	f := &Facts{}
	if len(stages) == 0 {
		return f
	}
	above := parents(stages)
	final := make([]bool, len(stages))
	for i := len(stages) - 1; i >= 0; i = above[i] {
		final[i] = true
	}
	f.User = userOf(stages, above)
	if f.User.Root {
		f.User.Action = actionOf(doc.File.Path, files)
	}
	for _, s := range stages {
		f.Adds = append(f.Adds, s.adds()...)
	}
	f.Secrets = secretsOf(stages, final)
	return f
}

// actionOf is the action of the repository whose image the Dockerfile is; "" where there is none.
// See https://docs.github.com/en/actions/reference/workflows-and-actions/dockerfile-support#user.
func actionOf(file string, files *source.Repository) string {
	if files == nil {
		return ""
	}
	for _, p := range files.Paths {
		if name := path.Base(p); name != "action.yml" && name != "action.yaml" {
			continue
		}
		action := files.Document(p)
		if action == nil {
			continue
		}
		top, _ := action.Value.(map[string]any)
		runs, _ := top["runs"].(map[string]any)
		if image := text(runs["image"]); text(runs["using"]) == "docker" && path.Join(path.Dir(p), image) == file {
			return p
		}
	}
	return ""
}

// stage is one FROM and what follows it.
type stage struct {
	base, name   string
	from         source.Path       // of the image
	global       map[string]string // defaults of the arguments before the first FROM
	instructions []instruction
}

type instruction struct {
	cmd, raw    string
	args, flags []string
	heredocs    []string
	path        source.Path
}

func stagesOf(value any) []stage {
	top, _ := value.(map[string]any)
	list, _ := top["instructions"].([]any)
	var stages []stage
	global := map[string]string{}
	for i, item := range list {
		m, _ := item.(map[string]any)
		in := instruction{
			cmd: text(m["cmd"]), raw: text(m["raw"]), args: texts(m["args"]), flags: texts(m["flags"]),
			heredocs: texts(m["heredocs"]), path: source.Path{"instructions", i},
		}
		switch {
		case in.cmd == "from" && len(in.args) > 0:
			s := stage{base: in.args[0], from: in.path.Append("args", 0), global: global}
			if len(in.args) == 3 {
				s.name = strings.ToLower(in.args[2])
			}
			stages = append(stages, s)
		case len(stages) > 0:
			s := &stages[len(stages)-1]
			s.instructions = append(s.instructions, in)
		case in.cmd == "arg":
			for _, arg := range in.args {
				if name, value, ok := strings.Cut(arg, "="); ok {
					global[name] = value
				}
			}
		}
	}
	return stages
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, item := range list {
		out = append(out, text(item))
	}
	return out
}

// parents are the indexes of the stages that stages are built upon; -1 where that is an image.
func parents(stages []stage) []int {
	out := make([]int, len(stages))
	named := map[string]int{}
	for i, s := range stages {
		out[i] = -1
		if j, ok := named[strings.ToLower(s.base)]; ok {
			out[i] = j
		}
		if s.name != "" {
			named[s.name] = i
		}
	}
	return out
}

// userOf follows the last stage down to the one that says, or to the image that all of them stand on.
func userOf(stages []stage, above []int) *User {
	starts := false // a container of the image has a program
	for i := len(stages) - 1; ; i = above[i] {
		s := stages[i]
		starts = starts || slices.ContainsFunc(s.instructions, func(in instruction) bool { return in.cmd == "cmd" || in.cmd == "entrypoint" })
		for _, in := range slices.Backward(s.instructions) {
			if in.cmd == "user" && len(in.args) > 0 {
				return &User{Name: in.args[0], Root: isRoot(s.expand(in.args[0])), Path: in.path.Append("args", 0)}
			}
		}
		switch {
		case above[i] >= 0:
		case s.base == "scratch":
			return &User{Root: starts, Path: s.from}
		default:
			return &User{Base: s.base, Path: s.from}
		}
	}
}

// expand puts the defaults of arguments and the values of variables in the place of their names. What has none stays.
func (s stage) expand(word string) string {
	values := map[string]string{}
	for _, in := range s.instructions {
		switch in.cmd {
		case "arg":
			for _, arg := range in.args {
				if name, value, ok := strings.Cut(arg, "="); ok {
					values[name] = value
				} else if value, ok := s.global[name]; ok {
					values[name] = value
				}
			}
		case "env":
			for i := 0; i+1 < len(in.args); i += 2 {
				values[in.args[i]] = in.args[i+1]
			}
		}
	}
	return os.Expand(word, func(name string) string {
		if value, ok := values[name]; ok {
			return value
		}
		return "${" + name + "}"
	})
}

// isRoot reads user[:group]; the group matters little to who is root.
func isRoot(user string) bool {
	name, _, _ := strings.Cut(strings.Trim(user, `"'`), ":")
	return name == "root" || name == "0" || strings.EqualFold(name, "ContainerAdministrator")
}
