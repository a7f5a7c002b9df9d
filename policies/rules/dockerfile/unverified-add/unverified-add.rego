# METADATA
# title: ADD fetches what nothing holds to its content
# description: >-
#   ADD takes a file from a URL, or a repository at a branch or tag, and nothing compares it with what was reviewed.
#   Whoever can change what is served there, or push there, decides what goes into the image.
# related_resources:
#   - ref: https://docs.docker.com/reference/dockerfile/#add---checksum
#     description: ADD --checksum
#   - ref: https://docs.docker.com/reference/dockerfile/#adding-files-from-a-git-repository
#     description: ADD of a Git repository
# custom:
#   severity: medium
#   confidence: high
#   kinds: [dockerfile]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Add --checksum=sha256:…, or for a repository its full commit behind the #; or fetch with RUN and compare the
#     checksum there.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-3", "CICD-SEC-9"]
#     ssdf-1.1: ["PW.4.4"]
#     s2c2f-1.1: ["AUD-3", "ING-1"]
#     cwe: ["CWE-494"]
package rules.dockerfile["unverified-add"]

deny contains {"msg": msg, "path": add.path, "severity": severity(add)} if {
	some add in input.facts.build.adds
	not add.git
	msg := sprintf(
		"%s is added without a checksum, so whoever can change what is served there decides what is in the image",
		[add.url],
	)
}

deny contains {"msg": msg, "path": add.path, "severity": severity(add)} if {
	some add in input.facts.build.adds
	add.git
	msg := sprintf("%s is added at no full commit, so whoever can push there decides what is in the image", [add.url])
}

# A full version is meant to stay what it is, and what an argument of the build decides is mostly one.
severity(add) := "low" if {
	add.pin in {"exact", "unknown"}
} else := "medium"
