# METADATA
# title: Kubernetes does not know the field
# description: >-
#   The object has a field that its kind does not have. The API server drops it without a word unless it is asked to
#   be strict, so what the line was to achieve does not happen: a misspelt securityContext protects nothing, and the
#   object still looks as if it did. Objects of Kubernetes' own kinds are compared with the API of Kubernetes 1.37,
#   and those of custom kinds with the CustomResourceDefinition where the repository has one, with all of its releases
#   where there are several; a field that has a similar name to one that is known is medium, any other low.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
#     description: What the API server does with fields that it does not know
#   - ref: https://kubernetes.io/docs/reference/kubernetes-api/
#     description: The fields of each kind
#   - ref: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning
#     description: Which fields of custom objects are dropped
# custom:
#   severity: medium
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   remediation: >-
#     Correct the name, or move the field to the object that has it; take it out where it is not meant. The API server
#     tells of such fields with kubectl apply --dry-run=server --validate=strict.
package rules.kubernetes["unknown-field"]

deny contains {
	"msg": msg,
	"path": misfit.path,
	"severity": severity(misfit),
	"confidence": confidence(misfit),
} if {
	some misfit in input.facts.kube.misfits
	misfit.field != ""
	msg := sprintf("%s has no field %s%s, so Kubernetes drops it and what it was to do does not happen%s", [
		misfit.holder,
		misfit.field,
		source(misfit),
		meant(misfit),
	])
}

meant(misfit) := "" if {
	misfit.nearest == ""
} else := sprintf("; %s may be meant", [misfit.nearest])

severity(misfit) := "low" if {
	misfit.nearest == ""
} else := "medium"

# Another release of the definition, which is installed from elsewhere, may have the field.
source(misfit) := sprintf(" in %s", [misfit.definition]) if {
	misfit.definition
} else := ""

confidence(misfit) := "medium" if {
	misfit.definition
} else := "high"
