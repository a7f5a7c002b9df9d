# METADATA
# title: Chart dependency is not one version
# description: >-
#   The dependency is named by a range of versions, or by none. Unless a committed Chart.lock holds it, the newest
#   chart that fits is fetched at the next update: templates that nobody reviewed decide what is deployed.
# related_resources:
#   - ref: https://helm.sh/docs/topics/charts/#chart-dependencies
#     description: Chart dependencies
#   - ref: https://helm.sh/docs/helm/helm_dependency_build/
#     description: helm dependency build, which keeps to Chart.lock
# custom:
#   severity: low
#   confidence: medium
#   kinds: [chart]
#   since: 0.1.0
#   remediation: >-
#     Name one full version, such as 12.5.8, commit Chart.lock, and fetch with `helm dependency build`. Let an update
#     bot move the version.
package rules.helm["unpinned-dependency"]

deny contains {"msg": msg, "path": ref.path} if {
	some ref in input.refs
	ref.kind == "chart"
	ref.pin == "floating"
	msg := sprintf(
		"chart %s may be any version in %q, so the next update takes whatever is newest unless Chart.lock holds it",
		[ref.name, ref.version],
	)
}

deny contains {"msg": msg, "path": ref.path} if {
	some ref in input.refs
	ref.kind == "chart"
	ref.pin == "none"
	msg := sprintf(
		"chart %s names no version, so the next update takes whatever is newest unless Chart.lock holds it",
		[ref.name],
	)
}
