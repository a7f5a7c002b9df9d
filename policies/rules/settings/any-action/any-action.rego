# METADATA
# title: Any action of anybody may be used
# description: >-
#   Where all actions are allowed, a mistyped name or a taken-over account brings in code that nobody chose to
#   trust, and no setting stands between a workflow's author and the whole of GitHub.
# related_resources:
#   - ref: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository#allowing-select-actions-and-reusable-workflows-to-run
#     description: Allowing selected actions
# custom:
#   severity: low
#   confidence: high
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Allow selected actions: those of GitHub, of your own organisation, and of the owners whom you have looked
#     at.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3, CICD-SEC-8]
#     ssdf-1.1: [PW.4.1]
#     s2c2f-1.1: [ENF-1]
package rules.settings["any-action"]

deny contains {
	"msg": "workflows may use any action of anybody",
	"path": ["actions", "allowed"],
	"persona": "pedantic",
} if {
	input.doc.actions.allowed == "all"
}

deny contains {
	"msg": sprintf(
		"%s allows any action of anybody, so the list of allowed actions holds nobody back",
		[pattern],
	),
	"path": ["actions", "patterns", i],
} if {
	some i, pattern in input.doc.actions.patterns
	pattern in {"*", "*/*", "*/*@*", "*@*"}
}
