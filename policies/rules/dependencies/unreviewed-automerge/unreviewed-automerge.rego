# METADATA
# title: Updates are merged without a look and without a wait
# description: >-
#   Renovate merges what is set to automerge as soon as the tests are green. Tests do not show what a hijacked release
#   does, and with no minimum age such a release is merged within hours of being published, long before it is found
#   out. Updates of everything, or of code that runs in workflows and builds, are medium; of a few packages by name,
#   low.
# related_resources:
#   - ref: https://docs.renovatebot.com/key-concepts/automerge/
#     description: How Renovate merges
#   - ref: https://docs.renovatebot.com/key-concepts/minimum-release-age/
#     description: minimumReleaseAge
# custom:
#   severity: medium
#   confidence: medium
#   kinds: [renovate]
#   since: 0.1.0
#   remediation: >-
#     Set "minimumReleaseAge": "7 days" beside automerge, or merge only digests and patches of what you publish
#     yourself.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1, CICD-SEC-3]
#     scorecard-5: [Code-Review]
#     ssdf-1.1: [PS.1.1]
package rules.dependencies["unreviewed-automerge"]

deny contains {
	"msg": sprintf(
		"%s are merged once tests are green, without a minimumReleaseAge in which a hijacked release could be found",
		[what(section)],
	),
	"path": path,
	"severity": severity(section),
	"confidence": confidence,
} if {
	is_object(input.doc)
	not input.doc.minimumReleaseAge
	walk(input.doc, [path, true])
	path[count(path) - 1] == "automerge"
	owner := array.slice(path, 0, count(path) - 1)
	not owner[0] in {"vulnerabilityAlerts", "osvVulnerabilityAlerts"}
	section := object.get(input.doc, owner, input.doc)
	is_object(section)
	object.get(section, "enabled", true) != false
	not section.minimumReleaseAge
}

deny contains {
	"msg": sprintf(
		"the preset %s merges updates once tests are green, without a minimumReleaseAge that lets a hijacked one be found",
		[preset],
	),
	"path": ["extends", i],
	"confidence": confidence,
} if {
	not input.doc.minimumReleaseAge
	some i, preset in input.doc.extends
	preset in {
		":automergeAll", ":automergeMajor", ":automergeMinor", ":automergePatch", ":automergeStableNonMajor",
		"default:automergeAll", "default:automergeMajor", "default:automergeMinor", "default:automergePatch",
	}
}

default confidence := "medium"

# What a preset of another repository sets is not known here.
confidence := "low" if {
	some preset in texts(input.doc.extends)
	regex.match(`^[\w-]+>|^https?:|^npm:|^security:|^config:best-practices$|^[\w-]+/`, preset)
}

severity(section) := "low" if {
	by_name(section)
} else := "medium"

# Names without a wildcard: somebody has chosen whom to trust.
by_name(section) if {
	some key in ["matchPackageNames", "matchDepNames"]
	names := texts(section[key])
	count(names) > 0
	every name in names {
		not regex.match(`[*/]$|^/|\*\*|^!`, name)
	}
}

what(section) := sprintf("updates of %s", [concat(", ", array.slice(names, 0, 3))]) if {
	names := texts(section.matchPackageNames)
	count(names) > 0
} else := sprintf("%s updates", [concat(" and ", types)]) if {
	types := texts(section.matchUpdateTypes)
	count(types) > 0
} else := "updates"

texts(list) := [text | some text in list; is_string(text)]
