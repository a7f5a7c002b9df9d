# METADATA
# title: Files that decide what runs have no owner
# description: >-
#   CODEOWNERS says who has to look at a change of which file. Without an owner for workflows, and for
#   CODEOWNERS itself, any reviewer lets through what runs with the secrets; without the rule that asks for
#   owners' reviews the file is a wish.
# related_resources:
#   - ref: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
#     description: About code owners
# custom:
#   severity: medium
#   confidence: high
#   kinds: [settings]
#   since: 0.1.0
#   remediation: >-
#     Give .github/ and the files that say what is deployed owners in .github/CODEOWNERS, and require reviews from
#     code owners in a ruleset.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1, CICD-SEC-5]
#     scorecard-5: [Branch-Protection, Code-Review]
#     ssdf-1.1: [PS.1.1]
package rules.settings["code-owners"]

deny contains {
	"msg": "no CODEOWNERS file says who has to look at changes of workflows, so any reviewer lets them through",
	"path": ["default-branch"],
	"severity": "low",
} if {
	owners.file == ""
	count(owners.workflows) > 0
}

deny contains {
	"msg": sprintf(
		"%s gives no owner to %s, so any reviewer lets a change of what runs with the secrets through",
		[owners.file, listed(owners.workflows)],
	),
	"path": ["default-branch"],
	"related": [{"msg": "the owners", "file": owners.file, "path": []}],
} if {
	owners.file != ""
	count(owners.workflows) > 0
}

deny contains {
	"msg": sprintf(
		"%s gives no owner to %s, so any reviewer lets a change of what is deployed through",
		[owners.file, listed(owners.deploys)],
	),
	"path": ["default-branch"],
	"related": [{"msg": "the owners", "file": owners.file, "path": []}],
	"severity": "low",
	"persona": "pedantic",
} if {
	owners.file != ""
	count(owners.deploys) > 0
}

deny contains {
	"msg": sprintf(
		"%s names owners, and their review is not required, so the file holds nobody back",
		[owners.file],
	),
	"path": ["branch", "pull-request", "code-owners"],
} if {
	owners.file != ""
	input.doc.branch["pull-request"]["code-owners"] == false
}

deny contains {
	"msg": sprintf(
		"GitHub passes over line %d of %s (%s), so the files that it means have no owner",
		[e.line, e.path, e.kind],
	),
	"path": ["code-owners", "errors", i, "line"],
} if {
	some i, e in input.doc["code-owners"].errors
}

owners := input.facts.settings.owners

# The first of them, and how many more there are.
listed(files) := files[0] if count(files) == 1

listed(files) := sprintf("%s and %d more", [files[0], count(files) - 1]) if count(files) > 1
