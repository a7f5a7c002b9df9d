# METADATA
# title: Release installs no one version of a chart
# description: >-
#   A controller in the cluster, or Terraform, installs the chart at a range of versions or at whatever is newest. A
#   new version of the chart, or one by an intruder, is deployed without a change in this repository and without
#   review. Flux takes the newest version where none is named, and so do K3s and Terraform.
# related_resources:
#   - ref: https://fluxcd.io/flux/components/helm/helmreleases/#chart-template
#     description: Chart template of a HelmRelease
#   - ref: https://argo-cd.readthedocs.io/en/stable/user-guide/tracking_strategies/#helm
#     description: Tracking of Helm charts by Argo CD
#   - ref: https://github.com/hashicorp/terraform-provider-helm/blob/main/docs/resources/release.md
#     description: helm_release of Terraform
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest, terraform]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Name one full version, such as 12.5.8, and let an update bot move it.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-3"]
#     ssdf-1.1: ["PW.4.1"]
#     s2c2f-1.1: ["ENF-1"]
package rules.helm["unpinned-release"]

deny contains {"msg": msg, "path": ref.path} if {
	some ref in input.refs
	ref.kind == "chart"
	ref.pin == "floating"
	msg := sprintf(
		"chart %s (%s) may be any version in %q, so new templates are deployed without a change here",
		[ref.name, ref.context, ref.version],
	)
}

deny contains {"msg": msg, "path": ref.path} if {
	some ref in input.refs
	ref.kind == "chart"
	ref.pin == "none"
	msg := sprintf("chart %s (%s) names no version, so whatever is newest is deployed", [ref.name, ref.context])
}
