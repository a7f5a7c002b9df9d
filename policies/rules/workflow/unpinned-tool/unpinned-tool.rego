# METADATA
# title: Action installs whatever version of a tool is newest
# description: >-
#   The action downloads a program, and no version is named, so that its newest release runs here soon after it is
#   published, with this job's token and secrets: a bad one, or one by an intruder, arrives without a change in this
#   repository. That the action itself is pinned does not help. Actions that carry a fixed version of their tool are
#   not reported.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions
#     description: What runs beside your secrets
#   - ref: https://slsa.dev/spec/v1.0/threats
#     description: Threats to what a build depends on
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Give the input that names the version one full version, and let an update bot move it. Where the action takes a
#     checksum too, give it.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3]
#     scorecard-5: [Pinned-Dependencies]
#     ssdf-1.1: [PW.4.1]
package rules.workflow["unpinned-tool"]

deny contains {"msg": msg, "path": tool.path} if {
	some tool in input.facts.fetch.tools
	not tool.range
	msg := sprintf(
		"%s installs whatever version of %s is newest: %s, so a bad release runs here without a change",
		[tool.action, tool.tool, cause(tool)],
	)
}

deny contains {"msg": msg, "path": tool.path, "severity": "low", "confidence": "medium", "persona": "pedantic"} if {
	some tool in input.facts.fetch.tools
	tool.range
	msg := sprintf(
		"%s installs the newest version of %s in a range: %s, so another one runs here without a change",
		[tool.action, tool.tool, cause(tool)],
	)
}

cause(tool) := sprintf("its input %s is left out", [tool.input]) if {
	tool.value == ""
} else := sprintf("its input %s is %s", [tool.input, tool.value])
