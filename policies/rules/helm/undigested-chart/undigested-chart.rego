# METADATA
# title: Chart comes from a registry by its tag
# description: >-
#   In an OCI registry the version of a chart is a tag, and whoever can push there can move it: other templates are
#   deployed then without a change here. A digest names the content itself. Flux takes one through an OCIRepository,
#   or verifies the signature of the chart; Argo CD, K3s and Terraform take one with the version or the address. Helm
#   knows no digests of dependencies, and neither do the charts of a kustomization, so that of those only an audit
#   wants to hear: committing the fetched chart is what fixes them.
# related_resources:
#   - ref: https://helm.sh/docs/topics/registries/#using-an-oci-based-registry
#     description: Charts in OCI registries
#   - ref: https://fluxcd.io/flux/components/helm/helmreleases/#chart-reference
#     description: Reference of a HelmRelease to an OCIRepository
#   - ref: https://argo-cd.readthedocs.io/en/stable/user-guide/oci/
#     description: OCI sources of Argo CD
# custom:
#   severity: low
#   confidence: high
#   persona: pedantic
#   kinds: [chart, kustomization, manifest, requirements, terraform]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Name the digest and let an update bot move it: spec.chartRef to an OCIRepository with ref.digest in Flux, a digest
#     as targetRevision in Argo CD, the address with @sha256: behind it elsewhere. A dependency of a chart is fixed by
#     committing what is fetched under charts/.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-3"]
#     ssdf-1.1: ["PW.4.1"]
#     s2c2f-1.1: ["ENF-1"]
package rules.helm["undigested-chart"]

deny contains object.union(weight(ref), {"msg": msg, "path": ref.path}) if {
	not input.facts.gitops.signed
	some ref in input.refs
	ref.kind == "chart"
	ref.pin == "exact"
	in_registry(ref)
	not input.facts.chart.vendored[ref.name]
	msg := sprintf(
		"version %s of chart %s (%s) is a tag at %s, so whoever can push there can change what is deployed",
		[ref.version, ref.name, ref.context, ref.registry],
	)
}

in_registry(ref) if startswith(ref.registry, "oci://")

# Argo CD writes the registry of a chart without its scheme.
in_registry(ref) if {
	ref.context == "Argo CD release"
	regex.match(`^[a-z0-9][a-z0-9.-]*\.[a-z]+(?::\d+)?(?:/|$)`, ref.registry)
}

# Those that cannot name a digest.
weight(ref) := {"severity": "info", "persona": "auditor"} if {
	ref.context in {"chart dependency", "Helm chart"}
} else := {}
