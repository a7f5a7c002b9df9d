# METADATA
# title: Outsiders can tell an AI agent what to do
# description: >-
#   A language model cannot tell its instructions from the text that it is given to read. Here an outsider starts the
#   run and the model reads an issue, a comment or a pull request of theirs, so that their words steer it with the
#   tools, the token and the secrets that the job gives it. Actions that ask for write access before they start are not
#   reported, unless an input opens them to everybody.
# related_resources:
#   - ref: https://github.com/anthropics/claude-code-action/blob/main/docs/security.md
#     description: Access control of claude-code-action
#   - ref: https://github.com/openai/codex-action/blob/main/docs/security.md
#     description: Security of codex-action
#   - ref: https://genai.owasp.org/llmrisk/llm01-prompt-injection/
#     description: Prompt injection
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Start the agent only for people with write access, by a condition on author_association or the action's own check.
#     Else give it no tool that runs commands, a token that at most labels, no secret but its own key, and let a later
#     job without the model act on its answer.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-4]
#     ssdf-1.1: [PO.5.1]
package rules.workflow["agent-injection"]

deny contains {
	"msg": msg,
	"path": a.path,
	"text": a.text,
	"severity": severity(a),
	"confidence": confidence(a),
} if {
	some a in input.facts.workflow.agents
	a.protection != "person"
	msg := sprintf(
		"job %s lets anybody steer %s on %s%s%s%s: %s",
		[a.job, a.name, a.event, opened(a), fed(a), unless(a), gain(a)],
	)
}

opened(a) := sprintf(", since %s opens it to everybody", [a.opened]) if {
	a.opened != ""
} else := ""

fed(a) := sprintf(" by %s", [a.fed]) if {
	a.fed != ""
} else := ""

unless(a) := ", unless the environment asks for approval" if {
	a.protection == "environment"
} else := " once the label is set" if {
	a.protection == "label"
} else := ", unless an earlier step says no" if {
	a.protection == "output"
} else := ""

gain(a) := sprintf("it may run any command (%s) with %s", [a.unbounded, holds(a)]) if {
	a.unbounded != ""
} else := sprintf("it acts with %s", [holds(a)])

holds(a) := "a token that may write whatever the default lets it" if {
	"all" in a.writes
} else := sprintf("a token that may write %s", [concat(", ", a.writes)]) if {
	count(a.writes) > 0
} else := "the job's secrets" if {
	a.secrets
} else := "no token that may write"

# What words on issues can do is less than what changes code, releases or clouds.
graver(a) if {
	some scope in a.writes
	not scope in {"issues", "discussions", "models", "checks", "statuses"}
}

severity(a) := "medium" if {
	a.protection != "none"
} else := "high" if {
	a.unbounded != ""
} else := "high" if {
	graver(a)
} else := "medium"

confidence(a) := "low" if {
	a.protection != "none"
} else := "high" if {
	a.opened != ""
} else := "high" if {
	a.fed != ""
} else := "medium"
