# METADATA
# title: Action is not allowed
# description: >-
#   The configuration lists which actions and reusable workflows may be used, or which may not, and this one is not to
#   be. The parameters allow and deny hold patterns: owner/repo and owner/repo/folder as they stand, owner/* and
#   owner/repo/* with all that lies below, owner/deploy-* with * for any part of a name, ** for any path. What is
#   denied stays so whatever else is allowed. The rule is silent until one of them is configured. Paths in this
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

import data.lib.params as parameters
import data.lib.pattern as patterns

params := input.params["workflow/action-not-allowed"]

deny contains {"msg": msg, "path": use.path} if {
	some use in foreign
	some pattern in params.deny
	patterns.fits(pattern, use.name)
	msg := sprintf("%s is denied by the pattern %s of the configuration", [use.name, pattern])
}

deny contains {"msg": msg, "path": use.path} if {
	params.allow
	some use in foreign
	not allowed(use.name)
	msg := sprintf("%s is not among the actions that the configuration allows", [use.name])
}

foreign := [use | some use in input.facts.actions.uses; use.pin != "local"]

allowed(name) if {
	some pattern in params.allow
	patterns.fits(pattern, name)
}

misconfigured contains msg if some msg in parameters.unknown(params, {"allow", "deny"})

misconfigured contains msg if some msg in parameters.unlisted(params, {"allow", "deny"})

misconfigured contains msg if {
	some name in ["allow", "deny"]
	some msg in patterns.misspelt(params[name])
}
