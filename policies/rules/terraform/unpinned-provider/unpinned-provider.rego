# METADATA
# title: Terraform provider has no version constraint
# description: >-
#   The provider is asked for at every version, and no lock file beside it holds one. The next init takes whatever is
#   newest, a release with breaking changes or by an intruder alike, and runs it with the credentials of the plan.
# related_resources:
#   - ref: https://developer.hashicorp.com/terraform/language/providers/requirements#version-constraints
#     description: Version constraints of providers
# custom:
#   severity: low
#   confidence: high
#   kinds: [terraform]
#   since: 0.1.0
#   remediation: >-
#     Add a version constraint, such as ~> 6.0, and commit .terraform.lock.hcl where state is kept.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-3"]
#     ssdf-1.1: ["PW.4.1"]
#     s2c2f-1.1: ["ENF-1"]
package rules.terraform["unpinned-provider"]

deny contains {"msg": msg, "path": provider.path} if {
	not input.facts.terraform.lock.present
	some provider in input.facts.terraform.providers
	not provider.version
	msg := sprintf("provider %s may be any version, so the next init runs whatever is newest", [provider.name])
}
