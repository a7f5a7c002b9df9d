# METADATA
# title: Action is not allowed
# description: >-
#   The configuration lists which actions and reusable workflows may be used, or which may not, and this one is not to
#   be. The parameters allow and deny hold patterns: owner/repo/folder, owner/repo, owner/repo/*, owner/* or *; what
#   is denied stays so whatever else is allowed. The rule is silent until one of them is configured. Paths in this
#   repository are always allowed.
# related_resources:
#   - ref: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository
#     description: GitHub's own list of allowed actions
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: Use an action that is allowed, or add a pattern for this one to the rule's parameter allow.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-8]
#     ssdf-1.1: [PW.4.1]
package rules.workflow["action-not-allowed"]

params := input.params["workflow/action-not-allowed"]

deny contains {"msg": msg, "path": use.path} if {
	some use in foreign
	some pattern in params.deny
	fits(lower(pattern), lower(use.name))
	msg := sprintf("%s is denied by the pattern %s of the configuration", [use.name, pattern])
}

deny contains {"msg": msg, "path": use.path} if {
	params.allow
	some use in foreign
	not allowed(lower(use.name))
	msg := sprintf("%s is not among the actions that the configuration allows", [use.name])
}

foreign := [use | some use in input.facts.actions.uses; use.pin != "local"]

allowed(name) if {
	some pattern in params.allow
	fits(lower(pattern), name)
}

fits("*", _)

fits(pattern, name) if pattern == name

fits(pattern, name) if {
	endswith(pattern, "/*")
	startswith(sprintf("%s/", [name]), trim_suffix(pattern, "*"))
}
