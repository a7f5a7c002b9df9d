# METADATA
# title: Role writes what a controller acts on
# description: >-
#   Argo CD, Flux, Crossplane, Kyverno, Gatekeeper and External Secrets do with great rights what their objects say.
#   Whoever writes an Application, a HelmRelease or a Provider deploys by them what it could not deploy itself; whoever
#   writes their policies switches off what would forbid it; whoever writes a SecretStore or an ExternalSecret has
#   secrets brought to it. Controllers that need it are many, so it is told to those who look at more than what must be
#   gated on.
# related_resources:
#   - ref: https://argo-cd.readthedocs.io/en/stable/operator-manual/security/
#     description: Security of Argo CD
#   - ref: https://fluxcd.io/flux/security/
#     description: Security of Flux
#   - ref: https://external-secrets.io/latest/guides/security-best-practices/
#     description: Security of External Secrets
# custom:
#   severity: high
#   confidence: high
#   kinds: [manifest]
#   since: 0.1.0
#   deployed: true
#   remediation: >-
#     Grant it to nobody who may not do the same without the controller; keep the objects in Git and let the controller
#     alone write them.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     nsa-cisa-1.2: ["Authentication and authorization"]
#     ssdf-1.1: ["PS.1.1", "PO.5.1"]
package rules.kubernetes["rbac-delivery"]

import data.lib.rbac

words := {
	"deploy": {
		"all": "deploys with the rights of the delivery controller",
		"named": "deploys with the rights of the delivery controller by %s",
		"milder": true,
	},
	"change-policies": {
		"all": "switches off what admission policies forbid",
		"named": "changes policy %s",
		"milder": true,
	},
	"fetch-secrets": {
		"all": "has the secrets of external stores brought to it",
		"named": "has secrets brought to it by %s",
		"milder": true,
	},
}

deny contains finding if {
	some power in input.facts.kube.role.powers
	finding := rbac.finding(power, words[power.name])
}
