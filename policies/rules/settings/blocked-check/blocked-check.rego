# METADATA
# title: A required check is reported by nothing that runs
# description: >-
#   A required check that no job reports, or one whose workflow does not start for every pull request or not in
#   the merge queue, stays pending for ever. Such a pull request can only be merged by somebody who may pass
#   over the rules, which teaches people to do so; and the check may have been renamed, and no longer be what
#   was once required.
# related_resources:
#   - ref: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
#     description: Troubleshooting required checks
#   - ref: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue#triggering-merge-group-checks-with-github-actions
#     description: merge_group
# custom:
#   severity: medium
#   confidence: high
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Require the name that the job reports now; let its workflow start for every pull request, without path
#     filters, and on merge_group where there is a merge queue.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1]
#     scorecard-5: [Branch-Protection, CI-Tests]
#     ssdf-1.1: [PS.1.1]
package rules.settings["blocked-check"]

deny contains object.union(strength(check), {
	"msg": sprintf(
		"%s is required, and no job of the workflows here is called so; pull requests wait for it for ever",
		[check.name],
	),
	"path": check.path,
}) if {
	some check in checks
	count(check.reporters) == 0
}

deny contains {
	"msg": sprintf(
		"%s is required, and %s starts for no pull request, so they wait for it for ever",
		[check.name, check.reporters[0].file],
	),
	"path": check.path,
	"related": [reporter(check.reporters[0])],
} if {
	some check in checks
	count(check.reporters) > 0
	every r in check.reporters { not r.pullRequest }
}

deny contains {
	"msg": sprintf(
		"%s is required, and %s keeps its workflow from starting for other pull requests, which wait for it for ever",
		[check.name, filter.key],
	),
	"path": check.path,
	"related": [{"msg": "the filter", "file": check.reporters[0].file, "path": filter.path}],
	"severity": "low",
} if {
	some check in checks
	every r in check.reporters { count(r.filters) > 0 }
	filter := check.reporters[0].filters[0]
}

deny contains {
	"msg": sprintf(
		"%s is required, and does not run in the merge queue: merge_group is no trigger of %s",
		[check.name, check.reporters[0].file],
	),
	"path": check.path,
	"related": [reporter(check.reporters[0])],
} if {
	input.doc.branch["merge-queue"]
	some check in checks
	some r in check.reporters
	r.pullRequest
	every other in check.reporters { not other.mergeGroup }
}

checks := input.facts.settings.checks

reporter(r) := {"msg": "the job", "file": r.file, "path": r.path}

# What any app may report may be reported by one that no file shows.
strength(check) := {} if {
	check.bound
} else := {"confidence": "low"}
