# METADATA
# title: Package is installed in whatever version is newest
# description: >-
#   A script installs a package from a registry, or fetches and runs one, and neither a lock file, a hash nor a full
#   version fixes which. A release by an intruder, as of ua-parser-js, ctx or chalk, then runs in this job hours after
#   it is published, with its token and secrets. One full version is what npm, PyPI and the like do not let anybody
#   replace, but what it depends on still floats: that is reported as low to those who ask for more than the regular
#   findings, and so is the habit of bringing pip or npm itself up to date first. For Go one full version is enough,
#   since the checksum database and the module's own go.sum fix the rest.
#   What apt, dnf and apk install is signed by the distribution and not reported.
# related_resources:
#   - ref: https://docs.npmjs.com/cli/commands/npm-ci
#     description: npm ci keeps to the lock file
#   - ref: https://pip.pypa.io/en/stable/topics/secure-installs/
#     description: pip's mode that checks hashes
#   - ref: https://go.dev/ref/mod#checksum-database
#     description: What fixes the content of a Go module
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Install from a lock file that is kept in this repository: npm ci, pip install --require-hashes -r, cargo install
#     --locked --version, helm with --version, go install with a full version. Let an update bot move the versions.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3]
#     scorecard-5: [Pinned-Dependencies]
#     ssdf-1.1: [PW.4.4]
package rules.workflow["unpinned-install"]

deny contains object.union(weight(i), {"msg": msg, "path": i.path, "text": i.text, "confidence": "medium"}) if {
	some i in input.facts.fetch.installs
	i.pin in {"none", "floating", "branch"}
	msg := sprintf("%s %s: %s, so a release by an intruder runs here at once", [subject(i), verb(i), i.reason])
}

deny contains {
	"msg": msg,
	"path": i.path,
	"text": i.text,
	"severity": "low",
	"confidence": "low",
	"persona": "pedantic",
} if {
	some i in input.facts.fetch.installs
	i.pin == "exact"
	msg := sprintf("%s %s without a lock: %s", [subject(i), verb(i), i.reason])
}

subject(i) := sprintf("what %s lists", [manifest[i.manager]]) if {
	i["package"] == ""
	manifest[i.manager]
} else := sprintf("what this %s command names", [i.manager]) if {
	i["package"] == ""
} else := sprintf("%s (%s)", [i["package"], i.manager])

manifest := {"npm": "package.json", "yarn": "package.json", "pnpm": "package.json", "bun": "package.json"}

verb(i) := "is fetched and run" if {
	i.runs
} else := "is installed"

# The installers themselves, which everybody brings up to date first.
weight(i) := {"severity": "low", "persona": "pedantic"} if {
	i.manager in {"pip", "npm", "pnpm", "yarn"}
	lower(i["package"]) in {"pip", "setuptools", "wheel", "build", "npm", "npm@latest"}
} else := {"severity": "medium"}
