# METADATA
# title: Terraform module is not one version
# description: >-
#   The module comes from another repository at a branch or at whatever its default branch holds, or from a registry
#   at a range of versions. Whoever publishes there decides what the next plan does with the credentials of this one,
#   and the lock file of Terraform holds providers alone, never modules.
# related_resources:
#   - ref: https://developer.hashicorp.com/terraform/language/modules/sources
#     description: Module sources
#   - ref: https://developer.hashicorp.com/terraform/language/files/dependency-lock
#     description: Dependency lock file, which tracks only providers
# custom:
#   severity: medium
#   confidence: high
#   kinds: [terraform]
#   since: 0.1.0
#   remediation: >-
#     Name the full commit of a repository in ref, or one exact version of a module of a registry, and let an update
#     bot move it.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-3"]
#     ssdf-1.1: ["PW.4.1"]
#     s2c2f-1.1: ["ENF-1"]
package rules.terraform["unpinned-module"]

deny contains {
	"msg": msg,
	"path": ref.path,
	"severity": severity(ref),
	"persona": persona(ref),
} if {
	some ref in input.refs
	ref.kind == "module"
	reason := reasons[kind(ref)][ref.pin]
	msg := sprintf("module %s %s", [ref.name, replace(reason, "VERSION", object.get(ref, "version", ""))])
}

# What a registry serves for a version stays what it is; a repository's tag need not.
reasons := {
	"registry": {
		"none": "names no version, so the next init takes whatever is newest",
		"floating": "may be any version in \"VERSION\", so the next init may take code that nobody reviewed",
	},
	"repository": {
		"none": "names no ref, so whoever can push to its default branch decides what is applied",
		"branch": "is at VERSION, so whoever can push there decides what is applied",
		"floating": "is at VERSION, which moves, so what is applied can change unreviewed",
		"exact": "is at the tag VERSION, which whoever can push there can move",
		"invalid": "is at VERSION, which is no full commit: whoever can push there may take it as a branch's name",
	},
	"archive": {
		"none": "is an archive without a checksum, so whoever can replace it decides what is applied",
		"branch": "is an archive of a branch, so whoever can push there decides what is applied",
		"floating": "is an archive of what moves, so what is applied can change unreviewed",
		"exact": "is an archive of VERSION without a checksum, so whoever can replace it decides what is applied",
	},
}

kind(ref) := "archive" if {
	ref.served
} else := "registry" if {
	ref.registry
} else := "repository"

severity(ref) := "low" if {
	ref.pin in {"exact", "invalid"}
} else := "low" if {
	ref.registry
	ref.pin == "floating"
} else := "medium"

persona(ref) := "pedantic" if {
	ref.pin == "exact"
} else := "regular"
