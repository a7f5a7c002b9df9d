# METADATA
# title: Role creates persistent volumes
# description: >-
#   A PersistentVolume may be a hostPath, and Pod Security judges pods and not volumes: whoever creates one, and a pod
#   that claims it, has the files of a node. Controllers that need it are many, so it is told to those who look at more
#   than what must be gated on.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#persistent-volume-creation
#     description: RBAC good practices, persistent volumes
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Leave the making of volumes to a storage driver and grant persistentvolumeclaims instead.
#   frameworks:
#     cis-1.10: ["5.1.9"]
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["rbac-volumes"]

import data.lib.rbac

words := {"create-volumes": {
	"all": "makes volumes of any folder of a node",
	"named": "makes volume %s",
	"milder": true,
}}

deny contains finding if {
	some power in input.facts.kube.role.powers
	finding := rbac.finding(power, words[power.name])
}
