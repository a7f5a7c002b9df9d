# METADATA
# title: A public repository has runners of its own
# description: >-
#   Anybody can open a pull request against a public repository, and a workflow that runs it on a machine of
#   your own runs the code of a stranger in your network; what it leaves behind there meets the next job.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use#hardening-for-self-hosted-runners
#     description: Hardening for self-hosted runners
# custom:
#   severity: high
#   confidence: medium
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Use runners of GitHub, or ephemeral ones that nothing else can be reached from, and ask for approval for all
#     outside collaborators.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-5, CICD-SEC-7]
#     scorecard-5: [Dangerous-Workflow]
#     ssdf-1.1: [PO.5.1]
package rules.settings["public-runner"]

deny contains {
	"msg": sprintf(
		"the repository is public and has self-hosted runners (%d), and a pull request from a stranger can run code there%s",
		[input.doc.actions.runners, unasked],
	),
	"path": ["actions", "runners"],
	"severity": strength,
} if {
	input.doc.visibility == "public"
	input.doc.actions.runners > 0
}

# Somebody looks at what strangers send before it runs.
asked if input.doc.actions["fork-approval"] == "all_external_contributors"

default unasked := " without anybody approving it"

unasked := "" if asked

default strength := "high"

strength := "medium" if asked
