# METADATA
# title: Object is deployed to the namespace default
# description: >-
#   Roles, quotas, network policies and Pod Security levels are given by namespace. In default lies whatever nobody gave
#   a place, so what is granted or limited there is so for all of it. What a chart is installed into is not judged: that
#   is decided at the installation.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
#     description: Namespaces
# custom:
#   severity: low
#   confidence: high
#   persona: pedantic
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Make a namespace for what belongs together and name it in metadata.namespace.
#   frameworks:
#     cis-1.10: ["5.7.4"]
package rules.kubernetes["default-namespace"]

deny contains {"msg": msg, "path": ["metadata", "namespace"]} if {
	input.facts.kube.namespace == "default"
	object.get(object.get(input, "origin", {}), "renderer", "") != "helm"
	count(input.facts.kube.pods) > 0
	msg := sprintf(
		"%s %s is deployed to the namespace default, where what is granted or limited is so for all that nobody gave a place",
		[input.facts.kube.kind, input.facts.kube.name],
	)
}
