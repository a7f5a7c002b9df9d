# METADATA
# title: Terraform keeps state for a folder without a lock file
# description: >-
#   The folder has a backend, so that what is here is applied for real, and no .terraform.lock.hcl is committed beside
#   it. Each init then takes the newest providers that the constraints admit, with no hash to compare them with:
#   whoever replaces a provider where it is published, or on the way, runs code with the credentials of the plan. For
#   the pedantic also a lock file that was written from a cache or a mirror and knows one platform's package alone.
# related_resources:
#   - ref: https://developer.hashicorp.com/terraform/language/files/dependency-lock
#     description: Dependency lock file
#   - ref: https://support.hashicorp.com/hc/en-us/articles/1500001362182-Failed-to-install-provider-after-upgrading-to-Terraform-0-14
#     description: What a lock file with the hashes of one platform does on another
# custom:
#   severity: medium
#   confidence: high
#   kinds: [terraform]
#   since: 0.1.0
#   remediation: >-
#     Take the file out of .gitignore, run `terraform providers lock` for the platforms that you use, and commit
#     .terraform.lock.hcl.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-3"]
#     ssdf-1.1: ["PW.4.1"]
#     s2c2f-1.1: ["ENF-1"]
package rules.terraform["missing-lock"]

deny contains {"msg": msg, "path": terraform.root.path} if {
	not terraform.lock.present
	msg := sprintf(
		"no .terraform.lock.hcl is committed beside this, %sso each init runs whatever providers are newest, unverified",
		[ignored],
	)
}

deny contains {"msg": msg, "path": terraform.root.path} if {
	some provider in terraform.lock.unhashed
	msg := sprintf("the lock file has no hash of %s, so whatever is served under its version is run", [provider])
}

deny contains {"msg": msg, "path": terraform.root.path, "severity": "low", "persona": "pedantic"} if {
	some provider in terraform.lock.onePlatform
	msg := sprintf(
		"the lock file has a hash of %s for one platform alone, so init refuses it on any other until someone locks it anew",
		[provider],
	)
}

terraform := input.facts.terraform if input.facts.terraform.root

default ignored := ""

ignored := sprintf("and %s keeps it out, ", [terraform.lock.ignoredBy])
