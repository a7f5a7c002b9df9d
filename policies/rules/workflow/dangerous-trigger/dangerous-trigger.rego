# METADATA
# title: Outsiders start a job that holds credentials
# description: >-
#   pull_request_target, workflow_run and issue_comment run in the name of the repository, with its token and secrets,
#   for whoever opens a pull request or comments. What the job does is judged by other rules, which tell when outsiders'
#   code, text or files get into it. This one says that a job is worth a look whenever it is changed: the next step
#   added to it may let them in.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/security/securely-using-pull_request_target
#     description: Securely using pull_request_target
# custom:
#   severity: low
#   confidence: medium
#   kinds: [workflow]
#   since: 0.1.0
#   persona: pedantic
#   remediation: >-
#     Use pull_request where no credentials are needed. Else grant each job only what its steps use, and check nothing
#     of the pull request out beside them.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-4]
#     scorecard-5: [Dangerous-Workflow]
#     ssdf-1.1: [PO.5.1]
package rules.workflow["dangerous-trigger"]

deny contains {"msg": msg, "path": e.path, "persona": persona(e)} if {
	some e in input.facts.workflow.triggers
	not judged[e.job]
	msg := sprintf("job %s runs on %s %s and holds %s", [e.job, e.event, who[e.protection], holds(e)])
}

who := {
	"none": "for anybody",
	"output": "for whom an earlier step lets through",
	"environment": "for anybody, unless the environment asks for approval,",
	"label": "for whoever has got a label set",
	"person": "once somebody with rights here has acted",
}

# What a stronger rule says of a job is said there.
judged contains c.job if some c in input.facts.workflow.checkouts

judged contains a.job if some a in input.facts.workflow.agents

judged contains d.job if some d in input.facts.workflow.deeds

judged contains m.job if some m in input.facts.workflow.merges

judged contains a.job if {
	some a in input.facts.workflow.artifacts
	count(a.executed) > 0
}

# A token that labels and comments is what these events are for.
harmless(e) if {
	not e.secrets
	every scope in e.writes {
		scope in {"checks", "discussions", "issues", "pull-requests", "statuses"}
	}
}

persona(e) := "auditor" if {
	e.protection != "none"
} else := "auditor" if {
	harmless(e)
} else := "pedantic"

holds(e) := sprintf("%s, and secrets", [token(e)]) if {
	e.secrets
} else := token(e)

token(e) := "a token that may write whatever the default lets it" if {
	"all" in e.writes
} else := sprintf("a token that may write %s", [concat(", ", e.writes)]) if {
	count(e.writes) > 0
} else := "a token that only reads"
