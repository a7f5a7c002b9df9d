# METADATA
# title: Workflow approves or merges a pull request that an outsider can make pass
# description: >-
#   The workflow approves or merges the pull request that it runs for, in the name of the repository. Nothing in it asks
#   who wrote that pull request, or it asks github.actor, which names whoever acted last: an outsider has Dependabot
#   push to a branch in their fork and adds a commit of their own. Their code is then merged by the very token that was
#   to spare people the review.
# related_resources:
#   - ref: https://docs.github.com/en/code-security/dependabot/working-with-dependabot/automating-dependabot-with-github-actions
#     description: Dependabot's pull requests in workflows
#   - ref: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches
#     description: Required reviews and checks
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Require github.event.pull_request.user.login == 'dependabot[bot]' and let dependabot/fetch-metadata verify the
#     commits in a step before; trigger on pull_request, where a fork's token cannot merge.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1, CICD-SEC-4]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["auto-merge"]

deny contains {
	"msg": msg,
	"path": m.path,
	"text": m.text,
	"severity": severity(m),
	"confidence": confidence(m),
} if {
	some m in input.facts.workflow.merges
	m.protection in {"none", "label", "environment", "output"}
	msg := sprintf("job %s %s on %s (%s): %s", [m.job, does(m), m.event, m.what, gap(m)])
}

does(m) := "approves the pull request" if {
	m.approves
} else := "merges the pull request"

gap(m) := sprintf("it asks whether %s acted last, which an outsider can bring about on their own", [m.bot]) if {
	m.bot != ""
	m.protection == "none"
} else := "nothing asks who wrote it, so anybody's code gets in" if {
	m.protection == "none"
} else := "the label, while it stays, lets in what is pushed after it was set" if {
	m.protection == "label"
} else := "only a deployment environment stands before it, and whether that waits for anybody is a setting" if {
	m.protection == "environment"
} else := "only what an earlier step or job says stands before it, which cannot be judged from here"

severity(m) := "medium" if {
	m.protection != "none"
} else := "medium" if {
	m.approves
} else := "high"

confidence(m) := "low" if {
	m.protection != "none"
} else := "medium" if {
	m.event == "workflow_run"
} else := "high"
