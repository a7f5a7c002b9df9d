# METADATA
# title: Lock of a chart is not that of its dependencies
# description: >-
#   The lock beside the chart was made for other dependencies than are asked for: it lacks one, or holds a version or a
#   repository that is not asked for. Chart.lock is that of a Chart.yaml, and requirements.lock that of the older
#   requirements.yaml. The command that keeps to the lock refuses it, and the one that
#   does not takes whatever is newest: the review of the lock was for nothing.
# related_resources:
#   - ref: https://helm.sh/docs/helm/helm_dependency_build/
#     description: helm dependency build, which keeps to Chart.lock
# custom:
#   severity: medium
#   confidence: high
#   kinds: [chart, requirements]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Run `helm dependency update`, look at what it changed, and commit the lock together with the
#     list.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-3"]
#     ssdf-1.1: ["PW.4.1"]
#     s2c2f-1.1: ["ENF-1"]
package rules.helm["stale-lock"]

deny contains {"msg": msg, "path": drift.path} if {
	some drift in input.facts.chart.drift
	msg := sprintf("%s, so %s", [differs(drift), consequence])
}

# Which dependency it is cannot always be told: a condition or an alias takes part in the lock's digest too.
deny contains {"msg": msg, "path": ["dependencies"], "severity": "low"} if {
	input.facts.chart.outOfSync
	not input.facts.chart.drift
	msg := sprintf("Chart.lock was made before these dependencies were last changed, so %s", [consequence])
}

consequence := "helm dependency build refuses it, and helm dependency update takes what is newest"

lock := input.facts.chart.lock

differs(drift) := sprintf("%s does not know the dependency %s", [lock, drift.name]) if {
	drift.field == "name"
} else := sprintf("%s holds %s %s, which %s does not admit", [lock, drift.name, drift.locked, drift.asked]) if {
	drift.field == "version"
} else := sprintf("%s holds %s of %q and not of %q", [lock, drift.name, drift.locked, drift.asked])
