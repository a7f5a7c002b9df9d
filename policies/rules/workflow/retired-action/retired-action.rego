# METADATA
# title: GitHub refuses this version of the action
# description: >-
#   GitHub fails every job that asks for these versions before its first step: the services that they speak to are
#   gone. A check that fails is soon taken for noise, and what it looked for goes unseen. GitHub Enterprise Server
#   still runs them.
# related_resources:
#   - ref: https://github.blog/changelog/2024-04-16-deprecation-notice-v3-of-the-artifact-actions/
#     description: The artifact actions before v4
#   - ref: https://github.blog/changelog/2024-12-05-notice-of-upcoming-releases-and-breaking-changes-for-github-actions/
#     description: actions/cache before v4.2.0 and v3.4.0
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: Move to the newest major version; v4 of the artifact actions no longer merges uploads under one name.
package rules.workflow["retired-action"]

deny contains {
	"msg": sprintf("GitHub fails every job that uses %s at %s: %s", [ref.name, ref.version, row.why]),
	"path": ref.path,
} if {
	some ref in input.refs
	ref.kind == "action"
	not ref.pinned
	row := retired[base(ref)]
	regex.match(sprintf(`^v(?:%s)(?:\.\d+)*$`, [row.majors]), ref.version)
}

deny contains {
	"msg": sprintf(
		"GitHub fails every job that uses %s at %s: that release speaks to a cache service that is gone",
		[ref.name, ref.version],
	),
	"path": ref.path,
	"confidence": "medium",
} if {
	some ref in input.refs
	ref.kind == "action"
	regex.match(`^v(?:3\.[0-3]|4\.[01])\.\d+$`, ref.version)
	base(ref) == "actions/cache"
}

base(ref) := concat("/", array.slice(split(lower(ref.name), "/"), 0, 2))

retired := {
	"actions/cache": {"majors": "1|2", "why": "the cache service that it speaks to is gone"},
	"actions/download-artifact": artifacts,
	"actions/upload-artifact": artifacts,
	"actions/upload-pages-artifact": {
		"majors": "0|1|2",
		"why": "it uses a version of actions/upload-artifact whose service is gone",
	},
}

artifacts := {"majors": "1|2|3", "why": "the artifact service that it speaks to is gone"}
