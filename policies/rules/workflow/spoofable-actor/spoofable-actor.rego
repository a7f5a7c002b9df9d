# METADATA
# title: Condition asks who acted last, not who wrote the change
# description: >-
#   github.actor is whoever caused this run, and that need not be the author of the pull request. An outsider lets a bot
#   push to the branch in their own fork, where the bot does as they ask, and the run of their pull request then has the
#   bot as its actor. A condition such as github.actor == 'dependabot[bot]' lets their code, or their pull request,
#   through. On pull_request a fork gets no secrets and a token that only reads, so that little follows there.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#github-context
#     description: github.actor and github.triggering_actor
#   - ref: https://docs.github.com/en/code-security/dependabot/working-with-dependabot/automating-dependabot-with-github-actions
#     description: Dependabot's pull requests in workflows
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Ask who opened the pull request, github.event.pull_request.user.login == 'dependabot[bot]', or let
#     dependabot/fetch-metadata verify it in a step before.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1, CICD-SEC-4]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["spoofable-actor"]

deny contains object.union(found(s), fix(s)) if {
	some s in input.facts.workflow.spoofs
	matters(s)
	not s.merges # the rule workflow/auto-merge says so
}

deny contains object.union(found(s), {"severity": "low", "confidence": "low", "persona": "pedantic"}) if {
	some s in input.facts.workflow.spoofs
	not matters(s)
	s.protection != "person"
}

found(s) := {"msg": msg, "path": s.path, "text": s.text} if {
	msg := sprintf(
		"%s is whoever acted last, which an outsider can let %s do on a pull request of theirs, and job %s %s",
		[s.text, s.bot, s.job, follows(s)],
	)
}

follows(s) := sprintf("then runs for it on %s with the repository's token or secrets", [s.event]) if {
	s.event != "pull_request"
	s.privileged
} else := sprintf("then runs for it on %s", [s.event])

matters(s) if {
	s.event != "pull_request"
	s.privileged
	s.protection == "none"
}

# The author is in the event's payload only where a pull request is what started the run.
fix(s) := {"fix": {
	"description": "ask who opened the pull request",
	"edits": [{"path": s.path, "text": s.text, "with": "github.event.pull_request.user.login"}],
}} if {
	s.only
} else := {}
