# METADATA
# title: Tag and digest of an image contradict another reference
# description: >-
#   Where an image has both a tag and a digest, the digest decides what runs and the tag is only what people and
#   scanners read. Here the repository contradicts itself. One digest beside two full versions means that one of them
#   is not what it says it is: a version that should mend something may never have arrived. One tag beside two digests
#   means that two places run different content under one name.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/#image-names
#     description: Image names, tags and digests in Kubernetes
# custom:
#   severity: medium
#   confidence: medium
#   kinds: [repository]
#   since: 0.1.0
#   remediation: >-
#     Look up the digest of the tag, as with `docker buildx imagetools inspect IMAGE`, and write the same pair
#     everywhere. Let an update bot move tag and digest together.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-9]
#     s2c2f-1.1: [AUD-3]
package rules.image["digest-conflict"]

deny contains {
	"msg": msg,
	"path": array.concat(conflict.path, ["digest"]),
	"subject": conflict.name,
	"related": [{"msg": "says otherwise", "path": conflict.against}],
} if {
	some conflict in input.facts.conflicts
	conflict.kind == "version"
	msg := sprintf(
		"image %s:%s has the digest that stands beside %s elsewhere, so one of the two versions is not what runs",
		[conflict.name, conflict.version, conflict.other],
	)
}

deny contains {
	"msg": msg,
	"path": array.concat(conflict.path, ["digest"]),
	"subject": conflict.name,
	"severity": "low",
	"persona": persona(conflict),
	"related": [{"msg": "says otherwise", "path": conflict.against}],
} if {
	some conflict in input.facts.conflicts
	conflict.kind == "digest"
	msg := sprintf(
		"image %s:%s stands beside another digest elsewhere, %s, so two places run different content under one name",
		[conflict.name, conflict.version, substring(conflict.other, 0, 19)],
	)
}

# The digests of a tag that moves are those of different days, which an update bot evens out.
persona(conflict) := "pedantic" if {
	conflict.moves
} else := "regular"
