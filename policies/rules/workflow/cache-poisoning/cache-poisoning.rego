# METADATA
# title: What is published is built from a cache that others can write
# description: >-
#   A cache has no signature. Whatever runs for the default branch can save one under any key that is still free, and a
#   job that publishes then builds with what it finds there: a compiler's output, a package, an action's tool. Runs on
#   pull_request_target, issue_comment or workflow_run may only read caches, unless cache-mode lets them write: an
#   outsider who gets code to run in such a job thereby gets into releases. Where this repository has such a place, that
#   is reported; without one it is a defence missing.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/dependency-caching#restrictions-for-accessing-a-cache
#     description: Which runs can read and write which caches
#   - ref: https://github.blog/changelog/2026-09-10-control-github-actions-cache-access-with-cache-mode/
#     description: cache-mode, and what holds without it
#   - ref: https://adnanthekhan.com/2024/05/06/the-monsters-in-your-build-cache-github-actions-cache-poisoning/
#     description: Poisoned caches, from a pull request to a release
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Build what is published without a cache: cache-mode none for that job, or cache false, enable-cache false, no
#     cache-from and no actions/cache in it. Leave cache-mode read where outsiders start the run.
package rules.workflow["cache-poisoning"]

deny contains {
	"msg": msg,
	"path": c.path,
	"text": c.text,
	"related": array.concat(publishes(c), [poisons(p) | some p in c.poisoners]),
} if {
	some c in input.facts.workflow.caches
	not c.saves
	count(c.poisoners) > 0
	msg := sprintf(
		"job %s publishes (%s) what it builds with the cache of %s, which outsiders can write: %s runs their code",
		[c.job, c.publishes[0].what, c.what, c.poisoners[0].file],
	)
}

deny contains {
	"msg": msg,
	"path": c.path,
	"text": c.text,
	"severity": "medium",
	"confidence": "low",
	"persona": "pedantic",
	"related": publishes(c),
} if {
	some c in input.facts.workflow.caches
	not c.saves
	count(c.poisoners) == 0
	msg := sprintf(
		"job %s publishes (%s) what it builds with the cache of %s: whatever runs for the default branch can write it",
		[c.job, c.publishes[0].what, c.what],
	)
}

deny contains {"msg": msg, "path": c.path, "text": c.text, "severity": "medium", "confidence": "medium"} if {
	some c in input.facts.workflow.caches
	c.saves
	msg := sprintf(
		"job %s saves a pull request's files in a cache of the default branch on %s, which later runs restore and trust",
		[c.job, c.event],
	)
}

poisons(p) := {"msg": "an outsider's code runs here and can save caches", "path": p.path, "file": p.file}

publishes(c) := [{"msg": sprintf("publishes: %s", [p.what]), "path": p.path, "text": object.get(p, "text", "")} |
	some p in c.publishes
]
