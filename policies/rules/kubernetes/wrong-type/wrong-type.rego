# METADATA
# title: Kubernetes refuses the value
# description: >-
#   The value has a type that the field does not take: a number where text is wanted, text where a number or true or
#   false is. YAML makes a number of 8080 and a boolean of true, yes and on, which an environment variable or an
#   annotation does not take without quotes. The API server refuses the whole object, and whoever applies it meets the
#   error in the middle of a release.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/kubernetes-api/
#     description: The types of each field
# custom:
#   severity: low
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   remediation: Write the value in the type that the field takes; in a Helm template, pipe text through quote.
package rules.kubernetes["wrong-type"]

deny contains {"msg": msg, "path": misfit.path} if {
	some misfit in input.facts.kube.misfits
	misfit.field == ""
	msg := sprintf("%s stands where Kubernetes takes %s, so it refuses the object", [misfit.found, misfit.wanted])
}
