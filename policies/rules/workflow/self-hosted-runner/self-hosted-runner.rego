# METADATA
# title: Outsiders' code runs on a self-hosted runner
# description: >-
#   A self-hosted runner is a machine of yours, in your network, and unless it is thrown away after each job it keeps
#   what a job leaves behind. The code of a pull request from a fork runs there on pull_request, and the pull request
#   can change the workflow as well, so that conditions in it protect nothing: whoever opens one controls the machine,
#   its network and the jobs that run there later. In a private repository only those who can read it can do that. That
#   a job runs on a machine that is not GitHub's is told to an auditor in any case.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use#hardening-for-self-hosted-runners
#     description: Self-hosted runners and public repositories
# custom:
#   severity: high
#   confidence: medium
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Run what pull requests bring on GitHub's runners, or on runners that are made for one job and have no way into
#     your network, and require approval for every outside contributor's workflow runs.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-4, CICD-SEC-7]
#     slsa-1.2: [Build L3]
#     ssdf-1.1: [PO.5.1]
package rules.workflow["self-hosted-runner"]

deny contains {"msg": msg, "path": r.path, "text": r.text} if {
	some r in input.facts.workflow.runners
	open(r)
	msg := sprintf(
		"job %s runs pull requests on a self-hosted runner: whoever opens one can take over the machine and later jobs on it",
		[r.job],
	)
}

deny contains {
	"msg": msg,
	"path": r.path,
	"text": r.text,
	"severity": "low",
	"confidence": confidence(r),
	"persona": "auditor",
} if {
	some r in input.facts.workflow.runners
	not open(r)
	msg := sprintf("job %s runs on %s, %s%s", [r.job, r.label, what(r), reach(r)])
}

open(r) if {
	r.selfHosted
	r.event == "pull_request"
	r.protection in {"none", "environment", "output"}
}

what(r) := "which is a machine of your own" if {
	r.selfHosted
} else := "which is no label of GitHub's: a larger runner of theirs, somebody else's, or your own"

reach(r) := sprintf(", when an outsider causes %s", [r.event]) if {
	r.event != ""
} else := ""

confidence(r) := "high" if {
	r.selfHosted
} else := "low"
