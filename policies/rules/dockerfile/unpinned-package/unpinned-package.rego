# METADATA
# title: Build installs a package in whatever version is newest
# description: >-
#   A build installs a package from a registry, and neither a lock file, a hash nor a full version fixes which. Two
#   builds of one commit give two images, and a release by an intruder is in the next of them. What apt, dnf and apk
#   install is signed by the distribution, which withdraws old versions, and is not reported.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#run
#     description: Best practices for RUN
# custom:
#   severity: low
#   confidence: medium
#   persona: pedantic
#   kinds: [dockerfile]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Copy a lock file into the build and install from it, or name one full version, and let an update bot move it.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-3"]
#     ssdf-1.1: ["PW.4.1"]
#     s2c2f-1.1: ["ENF-1"]
package rules.dockerfile["unpinned-package"]

deny contains {"msg": msg, "path": i.path, "text": i.text} if {
	some i in input.facts.fetch.installs
	i.pin in {"none", "floating", "branch"}
	not i["package"] in {"pip", "setuptools", "wheel", "npm"}
	msg := sprintf("%s is installed at build time: %s", [subject(i), i.reason])
}

subject(i) := sprintf("what %s is told to install", [i.manager]) if {
	i["package"] == ""
} else := sprintf("%s (%s)", [i["package"], i.manager])
