# METADATA
# title: Action has a known vulnerability
# description: >-
#   GitHub's advisory database says that this version of the action can be turned against the workflow that uses it. The
#   version is told by the tag, by the lock file, or by the comment behind a commit. A tag that moves, such as v4, is
#   reported only where all versions that it can mean are affected. Where an attacker had moved tags, a commit is
#   reported only if it is theirs. Where only a step with certain inputs is open to it, other steps are not reported.
#   The database is the one that this release was built with.
# related_resources:
#   - ref: https://github.com/advisories?query=type%3Areviewed+ecosystem%3Aactions
#     description: Reviewed advisories about actions
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: Update to a version in which it is fixed, and pin that by its commit.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3]
#     scorecard-5: [Vulnerabilities]
#     ssdf-1.1: [PW.4.4, RV.1.1]
package rules.workflow["known-vulnerable-action"]

deny contains {"msg": msg, "path": use.path, "severity": worst.severity, "confidence": confidence(use)} if {
	some use in input.facts.actions.uses
	worst := use.advisories[0]
	msg := sprintf(
		"%s %s is affected by %s, %s%s%s",
		[use.name, version(use), worst.id, worst.what, fixed(use), more(use)],
	)
}

version(use) := object.get(use, "release", use.version)

fixed(use) := sprintf("; fixed in %s", [use.advisories[0].fixed]) if {
	use.advisories[0].fixed != ""
} else := ""

more(use) := sprintf(" (and by %s)", [concat(", ", ids)]) if {
	ids := [advisory.id | some advisory in array.slice(use.advisories, 1, count(use.advisories))]
	count(ids) > 0
} else := ""

# An entry that could not be checked against the advisory's own text.
confidence(use) := "low" if {
	use.advisories[0].basis == "listed"
} else := "medium" if {
	use.releaseBy == "comment"
	not use.advisories[0].moved
} else := "high"
