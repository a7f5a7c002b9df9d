package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Agent is a step that lets a language model act in a run that an outsider can cause.
type Agent struct {
	Path       source.Path `json:"path"`      // of the step's uses or run, or of the input that opens it to outsiders
	Text       string      `json:"text"`      // the command, or the value of that input; "" of an action that is always open
	Job        string      `json:"job"`       // ID of the job
	Event      string      `json:"event"`     // the trigger that outsiders cause
	Name       string      `json:"name"`      // the action or program
	Opened     string      `json:"opened"`    // the input that lets outsiders in; "" where nothing keeps them out
	Fed        string      `json:"fed"`       // the untrusted context that stands in its prompt; "" where none is seen to
	Unbounded  string      `json:"unbounded"` // what lets it run any command; "" where it may not
	Writes     []string    `json:"writes"`    // what the job's token may change, sorted; "all" where all, or the default
	Secrets    bool        `json:"secrets"`   // the job reads secrets other than its token
	Protection Protection  `json:"protection"`
}

// agentAction is what is known of an action that runs a model.
type agentAction struct {
	openers   []string          // inputs whose "*" lets anybody start it; others need write access. Empty: it asks nobody
	prompts   []string          // inputs that are its instructions
	unbounded map[string]string // input to the text in it that lets the model run any command
	bounded   string            // input, and text in it, that takes the shell away from a model that has one by default
	harmless  bool              // it answers and has no tools
}

// agentActions is kept from each action's own action.yml and documentation of its access control.
var agentActions = map[string]agentAction{
	"actions/ai-inference": {prompts: []string{"prompt", "system-prompt"}, harmless: true},
	"anthropics/claude-code-action": {
		openers: []string{"allowed_non_write_users", "allowed_bots"},
		prompts: []string{"prompt", "direct_prompt", "override_prompt", "custom_instructions"},
		unbounded: map[string]string{
			"claude_args": "--dangerously-skip-permissions", "settings": "bypassPermissions",
		},
	},
	"anthropics/claude-code-base-action": {
		prompts: []string{"prompt", "system_prompt", "append_system_prompt"},
		unbounded: map[string]string{
			"claude_args": "--dangerously-skip-permissions", "settings": "bypassPermissions",
		},
	},
	"google-gemini/gemini-cli-action":      {prompts: []string{"prompt"}, bounded: "settings_json"},
	"google-github-actions/run-gemini-cli": {prompts: []string{"prompt"}, bounded: "settings"},
	"openai/codex-action": {
		openers:   []string{"allow-users"},
		prompts:   []string{"prompt"},
		unbounded: map[string]string{"safety-strategy": "unsafe", "sandbox": "danger-full-access"},
	},
}

// agentPrograms are programs that run a model without asking who started them: the words that make them work on their
// own, and the flags that let the model run any command. Source: each program's own documentation of its flags.
var agentPrograms = map[string]struct{ starts, unbounded []string }{
	"aider":        {[]string{"--message", "-m", "--message-file"}, []string{"--yes", "--yes-always"}},
	"claude":       {[]string{"-p", "--print"}, []string{"--dangerously-skip-permissions"}},
	"codex":        {[]string{"exec"}, []string{"--dangerously-bypass-approvals-and-sandbox", "--yolo", "danger-full-access"}},
	"copilot":      {[]string{"-p", "--prompt"}, []string{"--allow-all-tools", "--allow-all", "--yolo"}},
	"cursor-agent": {[]string{"-p", "--print"}, []string{"--force", "-f"}},
	"gemini":       {[]string{"-p", "--prompt", "--yolo", "-y"}, []string{"--yolo", "-y", "--approval-mode=yolo"}},
}

// agents finds the steps that run a model on an outsider's account.
func (w *Workflow) agents(repo *Repository, t *tracer) []Agent {
	found := []Agent{}
	for r := range w.stepsReached(repo, outsideEvents...) {
		s := scope{tracer: t, workflow: w, job: r.job, step: r.step}
		for _, a := range append(r.step.agentAction(s), r.step.agentPrograms(s)...) {
			a.Job, a.Event, a.Protection = r.job.ID, r.event, r.guard.protection()
			a.Writes, a.Secrets = w.effective(r.job).written(), w.readsSecrets(r.job)
			found = append(found, a)
		}
	}
	return found
}

func (s *Step) agentAction(scope scope) []Agent {
	known, is := agentActions[s.Action()]
	if !is || known.harmless {
		return nil // what it answers is judged where it is used
	}
	a := Agent{Path: s.Path.Append("uses"), Name: s.Action()}
	for _, opener := range known.openers {
		value, at := s.Input(opener)
		if a.Opened == "" && slices.ContainsFunc(strings.Split(value, ","), func(v string) bool { return strings.TrimSpace(v) == "*" }) {
			a.Path, a.Text, a.Opened = at, value, opener
		}
	}
	if len(known.openers) > 0 && a.Opened == "" {
		return nil // it refuses to work for who may not write
	}
	for _, input := range known.prompts {
		value, _ := s.Input(input)
		a.Fed = firstTaint(scope, value, a.Fed)
	}
	for _, input := range sortedKeys(s.With) {
		value := text(s.With[input])
		if flag := known.unbounded[strings.ToLower(input)]; flag != "" && strings.Contains(value, flag) {
			a.Unbounded = flag
		}
		if strings.EqualFold(input, "claude_args") || strings.EqualFold(input, "allowed_tools") {
			a.Unbounded = firstText(a.Unbounded, anyShell(value))
		}
	}
	if known.bounded != "" {
		if settings, _ := s.Input(known.bounded); !strings.Contains(settings, `"core"`) && !strings.Contains(settings, `"coreTools"`) {
			a.Unbounded = "its default, every tool"
		}
	}
	return []Agent{a}
}

// anyShell finds the tool that runs any command in a list of allowed tools; Bash(git:*) is only git.
func anyShell(tools string) string {
	for _, tool := range strings.FieldsFunc(tools, func(r rune) bool { return strings.ContainsRune(" ,\"'\n=", r) }) {
		if slices.Contains([]string{"Bash", "Bash(*)", "Bash(:*)", "Bash(*:*)"}, tool) {
			return tool
		}
	}
	return ""
}

func (s *Step) agentPrograms(scope scope) []Agent {
	var out []Agent
	for _, c := range s.commands() {
		program, is := agentPrograms[c.Name()]
		if !is || !slices.ContainsFunc(program.starts, c.Has) {
			continue
		}
		a := Agent{Path: s.Path.Append("run"), Text: c.Text, Name: c.Name()}
		for _, w := range c.Words {
			for _, e := range w.Exprs {
				if x, _, tainted := scope.exposedBy(e); tainted && x.Reach == ReachOutsider {
					a.Fed = firstText(a.Fed, x.Context)
				}
			}
			if slices.Contains(program.unbounded, w.Text) {
				a.Unbounded = firstText(a.Unbounded, w.Text)
			}
		}
		if tools := c.ValueOf("--allowedTools", "--allowed-tools"); tools != "" {
			a.Unbounded = firstText(a.Unbounded, anyShell(tools))
		}
		out = append(out, a)
	}
	return out
}

func firstTaint(s scope, value, known string) string {
	for _, e := range expression.Find(value) {
		if x, _, tainted := s.exposedBy(e.Root); tainted && known == "" && x.Reach == ReachOutsider {
			known = x.Context
		}
	}
	return known
}

func firstText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// written lists what a grant lets the token change, sorted; "all" for write-all and for a default that is not known.
func (g Grant) written() []string {
	out := []string{}
	if g.Kind == GrantAbsent || g.Kind == GrantWriteAll {
		return append(out, "all")
	}
	for scope, level := range g.Scopes {
		if level == "write" {
			out = append(out, scope)
		}
	}
	slices.Sort(out)
	return out
}

// readsSecrets reports whether a job reads secrets other than its own token.
func (w *Workflow) readsSecrets(job *Job) bool {
	return readsSecrets(job.value) || readsSecrets(map[string]any(w.Env))
}
