# METADATA
# title: Image runs as root
# description: >-
#   What the image runs has the rights of root, in the container and, where user namespaces are not used, on the node
#   as soon as it gets out. An attacker who takes over the program may write everywhere in it, and meets one defence
#   less. The last USER counts, of the last stage or of the stages that it is built upon; where none says, the base
#   image decides, which only the pedantic are told, as of development containers, whose user devcontainer.json names.
#   The image of a GitHub action has to run as root, and is left alone.
# related_resources:
#   - ref: https://docs.docker.com/reference/dockerfile/#user
#     description: USER
#   - ref: https://docs.docker.com/build/building/best-practices/#user
#     description: Best practices for USER
# custom:
#   severity: low
#   confidence: high
#   kinds: [dockerfile]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     End the last stage with USER and a number other than 0, such as USER 65532, and make what the program writes to
#     writable for it.
#   frameworks:
#     cis-docker-1.6: ["4.1"]
#     cwe: ["CWE-250"]
package rules.dockerfile["root-user"]

user := input.facts.build.user

deny contains {"msg": msg, "path": user.path, "persona": persona} if {
	user.root
	user.name
	not user.action
	msg := sprintf("the last USER is %s, so whoever takes over what runs is %s in the container", [user.name, holder])
}

deny contains {"msg": msg, "path": user.path, "persona": "pedantic"} if {
	user.root
	not user.name
	not user.action
	msg := "no stage names a USER and the base is empty, so whoever takes over what runs is root in the container"
}

deny contains {"msg": msg, "path": user.path, "confidence": "low"} if {
	user.base
	not regex.match(`nonroot|unprivileged|rootless|^cgr\.dev/`, user.base)
	msg := sprintf("no stage names a USER, so the image runs as root unless %s says otherwise", [user.base])
}

default holder := "root"

holder := "an administrator" if endswith(lower(user.name), "administrator")

default persona := "regular"

persona := "pedantic" if input.file.use == "development"
