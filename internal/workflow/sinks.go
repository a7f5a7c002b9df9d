package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// codeInputs are inputs that actions run as code, by action and input in lower case.
var codeInputs = map[string][]string{
	"8398a7/action-slack":                    {"custom_payload"},
	"actions/github-script":                  {"script"},
	"addnab/docker-run-action":               {"options", "run"},
	"amadevus/pwsh-script":                   {"script"},
	"appleboy/ssh-action":                    {"script"},
	"azure/cli":                              {"inlinescript"},
	"azure/powershell":                       {"inlinescript"},
	"cardinalby/js-eval-action":              {"expression"},
	"devorbitus/yq-action-output":            {"cmd"},
	"gautamkrishnar/blog-post-workflow":      {"item_exec"},
	"jannekem/run-python-script-action":      {"script"},
	"mikefarah/yq":                           {"cmd"},
	"nick-fields/retry":                      {"command", "new_command_on_retry", "on_retry_command"},
	"nick-invision/retry":                    {"command", "new_command_on_retry", "on_retry_command"},
	"reactivecircus/android-emulator-runner": {"script", "pre-emulator-launch-script"},
	"sergeysova/jq-action":                   {"cmd"},
	"skitionek/notify-microsoft-teams":       {"overwrite"},
	"tibdex/backport":                        {"body_template", "head_template", "labels_template", "title_template"},
	"wandalen/wretry.action":                 {"command", "pre_retry_command"},
}

// codeVariables are variables that a program takes code, or where to find it, from.
var codeVariables = set(`BASH_ENV DYLD_INSERT_LIBRARIES ENV GIT_SSH_COMMAND JAVA_TOOL_OPTIONS LD_LIBRARY_PATH LD_PRELOAD
	NODE_OPTIONS PERL5OPT PROMPT_COMMAND PYTHONSTARTUP RUBYOPT`)

// sink is a scalar that is run as code, or that decides what is.
type sink struct {
	name string // see Injection.Sink
	text string
	path source.Path
	weak bool // it takes more than the text alone to run code
}

func (s *Step) sinks() []sink {
	var out []sink
	if s.Run != "" {
		out = append(out, sink{name: "run", text: s.Run, path: s.Path.Append("run")})
	}
	if s.Run != "" && s.ownShell != "" {
		out = append(out, sink{name: "shell", text: s.ownShell, path: s.Path.Append("shell")})
	}
	if s.ownDirectory != "" {
		out = append(out, sink{name: "working-directory", text: s.ownDirectory, path: s.Path.Append("working-directory"), weak: true})
	}
	action := s.Action()
	for _, name := range codeInputs[action] {
		if value, path := s.Input(name); value != "" {
			out = append(out, sink{name: action + " " + path[len(path)-1].(string), text: value, path: path})
		}
	}
	if strings.HasPrefix(s.Uses, "docker://") {
		for _, name := range []string{"entrypoint", "args"} {
			if value, path := s.Input(name); value != "" {
				out = append(out, sink{name: "docker " + name, text: value, path: path, weak: name == "args"})
			}
		}
	}
	return append(out, variableSinks(s.Env, s.Path)...)
}

func variableSinks(env Env, at source.Path) []sink {
	var out []sink
	for _, key := range sortedKeys(env) {
		if codeVariables[key] {
			out = append(out, sink{name: "env " + key, text: text(env[key]), path: at.Append("env", key)})
		}
	}
	return out
}

// sinks of a job itself: its variables, and what is handed to the program that starts its container.
func (j *Job) sinks() []sink {
	out := variableSinks(j.Env, j.Path)
	if options := text(object(object(j.value)["container"])["options"]); options != "" {
		out = append(out, sink{name: "container options", text: options, path: j.Path.Append("container", "options")})
	}
	return out
}

// fixedBy reports whether a condition holds only for values of a context that it lists itself.
func fixedBy(n *expression.Node, context string) bool {
	if n == nil {
		return false
	}
	is := func(n *expression.Node) bool { return n.IsContext(context) }
	switch {
	case n.Kind == expression.Operator && n.Name == "&&":
		return fixedBy(n.Args[0], context) || fixedBy(n.Args[1], context)
	case n.Kind == expression.Operator && n.Name == "||":
		return fixedBy(n.Args[0], context) && fixedBy(n.Args[1], context)
	case n.Kind == expression.Operator && n.Name == "==":
		return is(n.Args[0]) && n.Args[1].Kind == expression.Literal || is(n.Args[1]) && n.Args[0].Kind == expression.Literal
	case n.Kind == expression.Call && n.Name == "contains" && len(n.Args) == 2:
		return is(n.Args[1]) && fixedList(n.Args[0])
	}
	return false
}

// fixedList reports whether an expression is a text that is written out, as JSON or not.
func fixedList(n *expression.Node) bool {
	return n.Kind == expression.Literal || n.Kind == expression.Call && n.Name == "fromjson" && !slices.ContainsFunc(n.Args, func(a *expression.Node) bool { return a.Kind != expression.Literal })
}
