# METADATA
# title: The update bot may run code of what it updates
# description: >-
#   To work out an update, a package manager may run code that packages bring along. Dependabot switches that off when
#   it holds credentials of private registries, and Renovate by default; where it is allowed again, a hijacked package
#   reads those credentials, or whatever else the bot's environment holds, before anybody has looked at the update.
# related_resources:
#   - ref: https://docs.github.com/en/code-security/reference/supply-chain-security/dependabot-options-reference#insecure-external-code-execution--
#     description: insecure-external-code-execution
#   - ref: https://docs.renovatebot.com/self-hosted-configuration/#allowscripts
#     description: Renovate's allowScripts and its kin
# custom:
#   severity: medium
#   confidence: high
#   kinds: [dependabot, renovate]
#   since: 0.1.0
#   remediation: >-
#     Remove the setting. Where a manager cannot do without, give that entry no registries, and Renovate's commands a
#     pattern that admits only what is needed.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3, CICD-SEC-4]
#     ssdf-1.1: [PO.5.1]
package rules.dependencies["insecure-code-execution"]

deny contains {
	"msg": sprintf("Dependabot runs code of the packages of %s, %s", [entry["package-ecosystem"], gain(entry)]),
	"path": ["updates", i, "insecure-external-code-execution"],
} if {
	some i, entry in letting
	entry.registries
}

# Without registries Dependabot runs it all the same, unless it is told to deny it.
deny contains {
	"msg": sprintf("Dependabot runs code of the packages of %s, %s", [entry["package-ecosystem"], gain(entry)]),
	"path": ["updates", i, "insecure-external-code-execution"],
	"severity": "low",
	"persona": "pedantic",
} if {
	some i, entry in letting
	not entry.registries
}

# Renovate takes these from the bot's own configuration alone, which some repositories keep under the same name.
deny contains {"msg": msg, "path": [key], "confidence": "low"} if {
	input.file.kind == "renovate"
	some key, msg in loose
	input.doc[key] == true
}

deny contains {
	"msg": "packages may run their scripts while Renovate updates lock files, if the bot's own configuration lets them",
	"path": path,
	"confidence": "low",
} if {
	input.file.kind == "renovate"
	walk(input.doc, [path, false])
	path[count(path) - 1] == "ignoreScripts"
}

deny contains {
	"msg": sprintf("the pattern %s lets any repository that Renovate updates run any command on it", [pattern]),
	"path": [key, i],
	"confidence": "medium",
} if {
	input.file.kind == "renovate"
	some key in ["allowedCommands", "allowedPostUpgradeCommands"]
	some i, pattern in input.doc[key]
	pattern in {".*", ".+", "^.*", "^.+", "^.*$", "^.+$", "", "^", "."}
}

# The package managers that run code of manifests; for the others the setting says nothing.
letting[i] := entry if {
	input.file.kind == "dependabot"
	some i, entry in input.doc.updates
	entry["insecure-external-code-execution"] == "allow"
	entry["package-ecosystem"] in {"bundler", "mix", "pip"}
}

loose := {
	"allowScripts": "packages may run their scripts while Renovate updates lock files",
	"exposeAllEnv": "package managers that Renovate runs get all of its environment, its tokens among it",
}

gain(entry) := "which can read the credentials of the private registries that it is given" if {
	entry.registries
} else := "which runs before anybody has looked at the update"
