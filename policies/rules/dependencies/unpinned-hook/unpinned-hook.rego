# METADATA
# title: A pre-commit hook is taken from a place that moves
# description: >-
#   Hooks run on every developer's machine, with all that it holds, and often in workflows. A branch as rev is
#   whatever was pushed there when the hook was installed, on each machine another thing; a tag can be moved by
#   whoever controls the hook's repository; a package without a version is the newest. Branches are medium, the rest
#   is for the pedantic.
# related_resources:
#   - ref: https://pre-commit.com/#using-the-latest-version-for-a-repository
#     description: Why rev is no branch
#   - ref: https://pre-commit.com/#pre-commit-autoupdate
#     description: pre-commit autoupdate --freeze writes commits
# custom:
#   severity: medium
#   confidence: high
#   kinds: [pre-commit]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Run pre-commit autoupdate --freeze: it writes full commits, with the tag as a comment. Give each package under
#     additional_dependencies one version.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3]
#     scorecard-5: [Pinned-Dependencies]
#     ssdf-1.1: [PW.4.1]
package rules.dependencies["unpinned-hook"]

deny contains {"msg": msg, "path": ref.path} if {
	some ref in repositories
	lower(ref.version) in {"main", "master", "head", "develop", "dev", "trunk", "latest", "stable"}
	msg := sprintf(
		"hooks of %s come from %s, which is whatever was pushed there last, and they run on developers' machines",
		[ref.name, ref.version],
	)
}

deny contains {"msg": msg, "path": ref.path, "severity": "low", "persona": "pedantic"} if {
	some ref in repositories
	ref.version != ""
	not lower(ref.version) in {"main", "master", "head", "develop", "dev", "trunk", "latest", "stable"}
	not ref.pinned
	msg := sprintf(
		"hooks of %s come from %s, a name that whoever controls that repository can move to other code",
		[ref.name, ref.version],
	)
}

deny contains {"msg": msg, "path": ref.path, "severity": "low", "persona": "pedantic"} if {
	some ref in input.refs
	ref.context == "additional dependency"
	ref.pin in {"none", "floating"}
	msg := sprintf("a hook installs %s at the newest version that fits, which changes without this file", [ref.name])
}

repositories contains ref if {
	some ref in input.refs
	ref.context == "pre-commit repository"
}
