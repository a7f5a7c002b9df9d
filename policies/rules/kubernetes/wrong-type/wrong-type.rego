# METADATA
# title: Kubernetes refuses the value
# description: >-
#   The value has a type that the field does not take: a number where text is wanted, text where a number or true or
#   false is. YAML makes a number of 8080 and a boolean of true, yes and on, which an environment variable or an
#   annotation does not take without quotes. The API server refuses the whole object, and whoever applies it meets the
#   error in the middle of a release. Objects of custom kinds are held to the CustomResourceDefinition where the
#   repository has one, and to the words that it lists for a field.
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

deny contains {"msg": msg, "path": misfit.path, "confidence": confidence(misfit)} if {
	some misfit in input.facts.kube.misfits
	misfit.wanted
	msg := sprintf("%s stands where %s takes %s, so %s the object", [
		misfit.found,
		object.get(misfit, "definition", "Kubernetes"),
		misfit.wanted,
		refuses(misfit),
	])
}

refuses(misfit) := "Kubernetes refuses" if {
	misfit.definition
} else := "it refuses"

# Another release of the definition, which is installed from elsewhere, may take the value.
confidence(misfit) := "medium" if {
	misfit.definition
} else := "high"
