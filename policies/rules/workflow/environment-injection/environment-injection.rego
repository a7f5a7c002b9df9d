# METADATA
# title: Text from outside reaches the environment of later steps
# description: >-
#   What a script writes to GITHUB_ENV, GITHUB_PATH or GITHUB_OUTPUT is read line by line. Text that holds a line break
#   of its own begins another entry, so whoever writes it sets variables that no one meant to set: BASH_ENV or
#   NODE_OPTIONS make every later step run their code. A fixed word such as EOF around the text does not help, for the
#   text can hold that word too. A line of GITHUB_PATH is a directory in which programs are looked for first. Text that
#   cannot hold a line break, such as a title or a branch, is no danger as a value.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
#     description: Multiline strings, and a delimiter that is made up for each
#   - ref: https://docs.github.com/en/actions/concepts/security/script-injections
#     description: Script injections
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Hand the text on in env: of the step that needs it. Where it must be written, put it between two lines of a random
#     word: D=$(openssl rand -hex 16); { echo "BODY<<$D"; echo "$BODY"; echo "$D"; } >> "$GITHUB_ENV". Keep one line
#     of it where one is enough, and check what a downloaded file holds before you write it.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-4]
#     scorecard-5: [Dangerous-Workflow]
#     ssdf-1.1: [PO.5.1, PW.5.1]
package rules.workflow["environment-injection"]

deny contains object.union(
	{
		"msg": sprintf("%s is written to %s, where %s: %s", [e.context, e.file, effect(e), who(e)]),
		"path": e.path,
		"text": e.text,
		"severity": severity(e),
		"confidence": confidence(e),
		"related": e.way,
	},
	data.rules.workflow["template-injection"].persona(e),
) if {
	some e in input.facts.workflow.environmentWrites
}

who(e) := data.rules.workflow["template-injection"].who(e)

effect(e) := "a line break in it sets any other output of the step" if {
	e.how == "lines"
	e.file == "GITHUB_OUTPUT"
} else := "a line break in it sets any variable of the later steps" if {
	e.how == "lines"
} else := "it can hold the line that ends its entry, and more entries behind that" if {
	e.how == "delimiter"
} else := "it names what is set" if {
	e.how == "name"
} else := sprintf("programs take code from %s", [e.name]) if {
	e.how == "code"
} else := "programs are looked for first"

# Another output is only as dangerous as what is done with it.
severity(e) := "low" if {
	e.file == "GITHUB_OUTPUT"
} else := data.rules.workflow["template-injection"].grave(e)

confidence(e) := "low" if {
	e.file == "GITHUB_OUTPUT"
} else := data.rules.workflow["template-injection"].sure(e)
