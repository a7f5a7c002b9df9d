# METADATA
# title: Terraform provider has no version constraint
# description: >-
#   The provider is asked for at every version, and no lock file beside it holds one. The next init takes whatever is
#   newest, a release with breaking changes or by an intruder alike, and runs it with the credentials of the plan. A
#   constraint of a module in the repository that the folder calls counts; one that comes from elsewhere may have one
#   too, which lowers the confidence.
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

deny contains {"msg": msg, "path": provider.path, "confidence": confidence(provider)} if {
	not input.facts.terraform.lock.present
	some provider in input.facts.terraform.providers
	not provider.version
	not provider.constrained == "yes"
	msg := sprintf("provider %s may be any version, so the next init runs whatever is newest%s", [
		provider.name,
		unless(provider),
	])
}

unless(provider) := ", unless a module that is called from here says otherwise" if {
	provider.constrained
} else := ""

confidence(provider) := "low" if {
	provider.constrained
} else := "high"
