# METADATA
# title: Kubernetes misses a field
# description: >-
#   The CustomResourceDefinition in the repository asks for a field that the object does not have, and gives no
#   default for it. Unless a webhook fills it in first, the API server refuses the whole object, and whoever applies
#   it meets the error in the middle of a release. A patch, or what a test compares with, may well be a part of an
#   object: it is for the pedantic.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation
#     description: What the API server asks of custom objects
# custom:
#   severity: low
#   confidence: medium
#   persona: pedantic
#   kinds: [manifest]
#   since: 0.1.0
#   remediation: Add the field, or look whether it stands elsewhere in the object, one level too deep or too high.
package rules.kubernetes["missing-field"]

deny contains {"msg": msg, "path": misfit.path} if {
	some misfit in input.facts.kube.misfits
	misfit.missing
	msg := sprintf("%s has no %s, which %s asks for, so Kubernetes refuses the object unless a webhook fills it in", [
		misfit.holder,
		misfit.missing,
		misfit.definition,
	])
}
