# METADATA
# title: Chart depends on a folder outside of the repository
# description: >-
#   The dependency is a path that leads out of the repository. What lies there differs from one computer to the next,
#   is not reviewed here, and on a build server may be put there by whoever else uses it.
# related_resources:
#   - ref: https://helm.sh/docs/helm/helm_dependency/
#     description: Dependencies by file://
# custom:
#   severity: low
#   confidence: high
#   kinds: [chart, requirements]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Bring the chart into this repository, or publish it and name a version.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-3"]
#     ssdf-1.1: ["PW.4.1"]
#     s2c2f-1.1: ["ENF-1"]
package rules.helm["outside-dependency"]

deny contains {"msg": msg, "path": dependency.path} if {
	some dependency in input.facts.chart.outside
	msg := sprintf(
		"chart %s is taken from %s, which is not in this repository, so who builds decides what it is",
		[dependency.name, dependency.repository],
	)
}
