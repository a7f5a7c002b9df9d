# METADATA
# title: Checkout leaves its credentials to every later step
# description: >-
#   actions/checkout keeps the token or key that it fetched with, so that later steps may push. Any of them can read
#   it: up to v5 in .git/config of the tree, since v6 in a file outside of the workspace to which Git's configuration
#   leads. A tree that is stored with its .git while the job runs takes the credential of v5 and before along, and
#   whoever downloads the artifact in time has it. Reported to everybody is that, and a secret that is kept although
#   nothing after it uses Git; the rest is for those who want every checkout tidy, and a token that may only read, kept
#   outside of the tree, for a review. A job that pushes or fetches later needs what is kept, and is passed over.
# related_resources:
#   - ref: https://github.com/actions/checkout#usage
#     description: persist-credentials of actions/checkout
#   - ref: https://unit42.paloaltonetworks.com/github-repo-artifacts-leak-tokens/
#     description: Tokens in the artifacts of well-known projects
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Set persist-credentials: false. Where a later step pushes, give it the credential for that one command.
package rules.workflow["persisted-credentials"]

deny contains {
	"msg": msg,
	"path": path(c),
	"severity": severity(c),
	"related": [{"msg": sprintf("stores the tree as %s", [noun[u.what]]), "path": u.path} | some u in c.uploads],
} if {
	some c in input.facts.workflow.persisted
	count(c.uploads) > 0
	msg := sprintf(
		"checkout keeps %s in .git/config, and a later step stores that file as %s",
		[credential(c), noun[c.uploads[0].what]],
	)
}

deny contains object.union({"msg": msg, "path": path(c), "severity": "medium", "confidence": "medium"}, fix(c)) if {
	some c in input.facts.workflow.persisted
	count(c.uploads) == 0
	c.use == "unneeded"
	c.secret != ""
	msg := sprintf(
		"checkout keeps %s %s, where every later step can read it, and none of them needs it",
		[credential(c), place(c)],
	)
}

deny contains object.union({"msg": msg, "path": path(c), "severity": "low", "persona": "pedantic"}, fix(c)) if {
	some c in input.facts.workflow.persisted
	count(c.uploads) == 0
	c.use == "unneeded"
	not c.secret
	msg := sprintf(
		"checkout keeps %s %s, where every later step can read it, and none of them needs it",
		[credential(c), place(c)],
	)
}

deny contains {"msg": msg, "path": path(c), "severity": "low", "confidence": "low", "persona": audience(c)} if {
	some c in input.facts.workflow.persisted
	count(c.uploads) == 0
	c.use == "unknown"
	msg := sprintf(
		"checkout keeps %s %s, where every later step can read it; nothing is seen to need it, unless %s does",
		[credential(c), place(c), c.user],
	)
}

# A token that may only read, kept beside the tree, for a step that may be there to use it: worth a review at most.
audience(c) := "auditor" if {
	not c.writes
	not c.inTree
} else := "pedantic"

path(c) := array.concat(c.path, ["uses"])

noun := {"artifact": "an artifact", "cache": "a cache"}

credential(c) := c.secret if {
	c.secret != ""
} else := "the job's token, which may write," if {
	c.writes
} else := "the job's token"

place(c) := "in .git/config" if {
	c.inTree
} else := "for Git to use"

severity(c) := "high" if {
	c.writes
} else := "medium"

# Certain only where every later step is known to leave Git alone.
fix(c) := {"fix": {"description": "do not keep the credentials", "edits": [edit(c)]}} if {
	c.use == "unneeded"
} else := {}

edit(c) := {"path": array.concat(c.path, ["with"]), "block": "with:\n  persist-credentials: false"} if {
	not c.inputs
} else := {"path": array.concat(c.path, ["with", "persist-credentials"]), "block": "persist-credentials: false"}
