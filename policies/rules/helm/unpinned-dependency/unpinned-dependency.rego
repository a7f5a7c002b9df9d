# METADATA
# title: Chart dependency is not one version
# description: >-
#   The chart is named by a range of versions, or by none: templates that nobody reviewed decide what is deployed. In
#   a Chart.yaml, or the older requirements.yaml, the newest chart that fits is fetched when dependencies are, unless a
#   committed lock holds one version; under helmCharts of a kustomization it is fetched at every build.
# related_resources:
#   - ref: https://helm.sh/docs/topics/charts/#chart-dependencies
#     description: Chart dependencies
#   - ref: https://helm.sh/docs/helm/helm_dependency_build/
#     description: helm dependency build, which keeps to Chart.lock
# custom:
#   severity: medium
#   confidence: high
#   kinds: [chart, requirements, kustomization]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Name one full version, such as 12.5.8, commit the lock, and fetch with `helm dependency build`. Let an update
#     bot move the version.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3]
#     scorecard-5: [Pinned-Dependencies]
#     ssdf-1.1: [PW.4.1]
package rules.helm["unpinned-dependency"]

deny contains {"msg": msg, "path": ref.path} if {
	some ref in input.refs
	ref.kind == "chart"
	ref.pin == "floating"
	not locked(ref)
	msg := sprintf("chart %s may be any version in %q, so %s", [ref.name, ref.version, consequence])
}

deny contains {"msg": msg, "path": ref.path} if {
	some ref in input.refs
	ref.kind == "chart"
	ref.pin == "none"
	not locked(ref)
	msg := sprintf("chart %s names no version, so %s", [ref.name, consequence])
}

locked(ref) if input.facts.chart.locked[ref.name]

# What is committed with the chart is what is deployed.
locked(ref) if input.facts.chart.vendored[ref.name]

consequence := "every build deploys whatever is newest then" if {
	input.file.kind == "kustomization"
} else := sprintf("without a %s whatever is newest is fetched", [input.facts.chart.lock])
