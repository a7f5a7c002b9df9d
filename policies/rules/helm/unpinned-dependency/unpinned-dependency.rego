# METADATA
# title: Chart dependency is not one version
# description: >-
#   The chart is named by a range of versions, or by none: templates that nobody reviewed decide what is deployed. In
#   a Chart.yaml the newest chart that fits is fetched at the next update, unless a committed Chart.lock holds it,
#   which the rule does not see; under helmCharts of a kustomization it is fetched at every build.
# related_resources:
#   - ref: https://helm.sh/docs/topics/charts/#chart-dependencies
#     description: Chart dependencies
#   - ref: https://helm.sh/docs/helm/helm_dependency_build/
#     description: helm dependency build, which keeps to Chart.lock
# custom:
#   severity: medium
#   confidence: medium
#   kinds: [chart, kustomization]
#   since: 0.1.0
#   remediation: >-
#     Name one full version, such as 12.5.8, commit Chart.lock, and fetch with `helm dependency build`. Let an update
#     bot move the version.
package rules.helm["unpinned-dependency"]

deny contains {"msg": msg, "path": ref.path, "severity": severity} if {
	some ref in input.refs
	ref.kind == "chart"
	ref.pin == "floating"
	msg := sprintf("chart %s may be any version in %q, so %s", [ref.name, ref.version, consequence])
}

deny contains {"msg": msg, "path": ref.path, "severity": severity} if {
	some ref in input.refs
	ref.kind == "chart"
	ref.pin == "none"
	msg := sprintf("chart %s names no version, so %s", [ref.name, consequence])
}

# A Chart.lock beside Chart.yaml may hold the version; a kustomization has nothing of the kind.
default severity := "low"

severity := "medium" if input.file.kind == "kustomization"

default consequence := "the next update takes whatever is newest, unless Chart.lock holds it"

consequence := "every build deploys whatever is newest then" if input.file.kind == "kustomization"
