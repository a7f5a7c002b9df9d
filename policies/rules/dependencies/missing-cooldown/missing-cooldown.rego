# METADATA
# title: New releases are proposed without a wait
# description: >-
#   Most releases that somebody has hijacked are found and withdrawn within days. A bot that proposes a release as
#   soon as it appears, and a test run or a hasty approval that follows, brings exactly those in. Waiting a few days
#   costs little: neither Dependabot nor Renovate waits with a release that mends a known vulnerability.
# related_resources:
#   - ref: https://docs.github.com/en/code-security/reference/supply-chain-security/dependabot-options-reference#cooldown-
#     description: Dependabot's cooldown
#   - ref: https://docs.renovatebot.com/key-concepts/minimum-release-age/
#     description: Renovate's minimumReleaseAge
# custom:
#   severity: low
#   confidence: high
#   kinds: [dependabot, renovate]
#   since: 0.1.0
#   remediation: >-
#     Set cooldown with default-days: 7 in each entry of dependabot.yml, or "minimumReleaseAge": "7 days" in
#     Renovate's configuration. The parameter days of this rule says how long is long enough.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3]
#     scorecard-5: [Dependency-Update-Tool]
#     ssdf-1.1: [PW.4.1]
package rules.dependencies["missing-cooldown"]

import data.lib.params as parameters

params := object.get(input, ["params", "dependencies/missing-cooldown"], {})

days := object.get(params, "days", 7)

# One finding for a file, at its first entry without: where nobody thought of it, one answer serves them all.
deny contains {
	"msg": sprintf("updates of %s may be proposed within hours of their release: no cooldown is set", [listed(hasty)]),
	"path": place(hasty[0].index),
	"related": [{"msg": "nor here", "path": place(entry.index)} | some i, entry in hasty; i > 0],
	"fix": {"description": sprintf("wait %d days", [days]), "edits": [edit(entry.index) | some entry in hasty]},
} if {
	input.file.kind == "dependabot"
	count(hasty) > 0
}

# A cooldown that leaves out what it would be for.
deny contains {
	"msg": sprintf(
		"the cooldown of %s has no default-days, so only what is listed beside it waits",
		[entry["package-ecosystem"]],
	),
	"path": ["updates", i, "cooldown"],
} if {
	some i, entry in proposing
	is_object(entry.cooldown)
	not entry.cooldown["default-days"]
	not waits_by_version(entry.cooldown)
}

deny contains {
	"msg": sprintf(
		"updates of %s wait %d days, fewer than the %d in which hijacked releases are mostly found",
		[entry["package-ecosystem"], entry.cooldown["default-days"], days],
	),
	"path": ["updates", i, "cooldown", "default-days"],
	"persona": "pedantic",
} if {
	some i, entry in proposing
	entry.cooldown["default-days"] < days
}

deny contains {
	"msg": "every release may be proposed within hours of its appearance: no minimumReleaseAge is set",
	"path": place,
	"confidence": "medium",
} if {
	input.file.kind == "renovate"
	not input.doc.enabled == false
	count(ages) == 0
	every preset in presets {
		is_plain(preset)
	}
	place := [["extends"] | input.doc.extends][0]
}

hasty := [{"index": i, "ecosystem": entry["package-ecosystem"]} | some i, entry in proposing; not entry.cooldown]

place(i) := ["updates", i, "package-ecosystem"]

edit(i) := {"path": ["updates", i, "cooldown"], "block": sprintf("cooldown:\n  default-days: %d", [days])}

listed(entries) := concat(" and ", names) if {
	names := sort({entry.ecosystem | some entry in entries})
	count(names) < 3
} else := sprintf("%s, %s and %s", names) if {
	names := sort({entry.ecosystem | some entry in entries})
	count(names) == 3
} else := sprintf("%s, %s and %d more ecosystems", [names[0], names[1], count(names) - 2]) if {
	names := sort({entry.ecosystem | some entry in entries})
}

# What Dependabot opens pull requests for. With a limit of none only vulnerabilities make it act, which do not wait.
proposing[i] := entry if {
	input.file.kind == "dependabot"
	some i, entry in input.doc.updates
	is_string(entry["package-ecosystem"])
	object.get(entry, "open-pull-requests-limit", 5) != 0
}

waits_by_version(cooldown) if {
	cooldown["semver-major-days"] > 0
	cooldown["semver-minor-days"] > 0
	cooldown["semver-patch-days"] > 0
}

ages contains path if {
	input.file.kind == "renovate"
	walk(input.doc, [path, value])
	path[count(path) - 1] == "minimumReleaseAge"
	value
}

presets := [preset | some preset in input.doc.extends]

# A preset of Renovate's own that sets no age; what another repository's preset says is not known here.
is_plain(preset) if {
	is_string(preset)
	regex.match(`^(?:config:(?:recommended|base|js-app|js-lib|semverAllMonthly|semverAllWeekly)|:|group:|schedule:|helpers:|docker:|workarounds:|replacements:|monorepo:|default:|customManagers:)`, preset)
	not contains(lower(preset), "releaseage")
}

misconfigured contains msg if some msg in parameters.unknown(params, {"days"})

misconfigured contains "days is no number of days above zero" if not whole(days)

whole(number) if {
	is_number(number)
	number == floor(number)
	number > 0
}
