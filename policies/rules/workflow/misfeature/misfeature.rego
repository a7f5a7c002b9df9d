# METADATA
# title: A feature is used that is better left alone
# description: >-
#   Some features do less than they seem to. pip-install of actions/setup-python installs into the runner's Python
#   without a lock file or an environment. The shell cmd knows neither quoting that holds nor an exit at the first
#   error, so a script goes on after a failure and text of others becomes commands. A composed shell runs the script
#   through a program of its own, past every linter of shells.
# related_resources:
#   - ref: https://github.com/actions/setup-python/blob/main/docs/advanced-usage.md
#     description: Inputs of actions/setup-python
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
#     description: shell
# custom:
#   severity: low
#   confidence: high
#   persona: pedantic
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Install with pip and a file of hashes in a step of its own; use bash or pwsh as shell.
package rules.workflow.misfeature

deny contains {
	"msg": "pip-install installs into the runner's Python without a lock; install in a step of its own",
	"path": array.concat(step.path, ["with", "pip-install"]),
} if {
	some job in input.facts.workflow.jobs
	some step in job.steps
	step.action == "actions/setup-python"
	step["with"]["pip-install"]
}

deny contains {
	"msg": "cmd goes on after a command that fails, and its quoting does not hold; use pwsh or bash",
	"path": array.concat(step.path, ["run"]),
	"text": split(step.run, "\n")[0],
} if {
	some job in input.facts.workflow.jobs
	some step in job.steps
	step.run
	lower(split(step.shell, " ")[0]) == "cmd"
}

deny contains {
	"msg": sprintf("the script is run by %s, which no linter of shells reads", [step.shell]),
	"path": array.concat(step.path, ["run"]),
	"text": split(step.run, "\n")[0],
	"severity": "info",
} if {
	some job in input.facts.workflow.jobs
	some step in job.steps
	step.run
	contains(step.shell, "{0}")
	words := split(step.shell, " ")
	lower(words[0]) != "cmd" # which is spoken of above
	not well_known(words)
}

# The shell itself, or env with what it is to run.
well_known(words) if readable(words[0])

well_known(words) if {
	base(words[0]) == "env"
	some word in words
	readable(word)
}

readable(word) if base(word) in {"bash", "sh", "pwsh", "powershell", "python", "python3", "zsh"}

base(word) := name if {
	parts := split(word, "/")
	name := parts[count(parts) - 1]
}
