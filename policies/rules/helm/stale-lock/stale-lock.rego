# METADATA
# title: Chart.lock is not that of the dependencies
# description: >-
#   The lock beside the chart was made for other dependencies than Chart.yaml asks for: it lacks one, or holds a
#   version or a repository that is not asked for. The command that keeps to the lock refuses it, and the one that
#   does not takes whatever is newest: the review of the lock was for nothing.
# related_resources:
#   - ref: https://helm.sh/docs/helm/helm_dependency_build/
#     description: helm dependency build, which keeps to Chart.lock
# custom:
#   severity: medium
#   confidence: high
#   kinds: [chart]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Run `helm dependency update`, look at what it changed, and commit Chart.lock together with Chart.yaml.
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

differs(drift) := sprintf("Chart.lock does not know the dependency %s", [drift.name]) if {
	drift.field == "name"
} else := sprintf(
	"Chart.lock holds %s %s, which %s does not admit",
	[drift.name, drift.locked, drift.asked],
) if {
	drift.field == "version"
} else := sprintf("Chart.lock holds %s of %q and not of %q", [drift.name, drift.locked, drift.asked])
