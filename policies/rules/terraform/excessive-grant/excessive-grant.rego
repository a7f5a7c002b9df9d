# METADATA
# title: Terraform makes an administrator
# description: >-
#   The policy or role gives every action on every resource: of the account, the project or the subscription. Whoever
#   gets hold of the identity that has it – a workflow, a workload, a key – has all of it. So has who may write or
#   attach the policies of every user or role. For the pedantic also every action of one service on all of its
#   resources.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
#     description: Least privilege in AWS IAM
#   - ref: https://cloud.google.com/iam/docs/roles-overview#basic
#     description: Basic roles of Google Cloud
#   - ref: https://learn.microsoft.com/azure/role-based-access-control/best-practices
#     description: Best practices for Azure RBAC
# custom:
#   severity: medium
#   confidence: high
#   kinds: [terraform]
#   since: 0.1.0
#   remediation: >-
#     Name the actions that are used and the resources that they are used on. Where an administrator is meant, ignore
#     the finding with that reason.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-2", "CICD-SEC-5"]
#     cwe: ["CWE-250"]
package rules.terraform["excessive-grant"]

deny contains {"msg": msg, "path": grant.path, "text": object.get(grant, "text", "")} if {
	some grant in input.facts.terraform.grants
	grant.all
	msg := sprintf("%s %s, so whoever gets hold of who has it has %s", [grant.what, gives(grant), everything[grant.cloud]])
}

deny contains {"msg": msg, "path": grant.path, "text": object.get(grant, "text", "")} if {
	some grant in input.facts.terraform.grants
	grant.spreads
	msg := sprintf(
		"%s on every resource gives rights to anyone, so whoever gets hold of who has it can make an administrator of %s",
		[grant.what, everything[grant.cloud]],
	)
}

deny contains {
	"msg": msg,
	"path": grant.path,
	"text": object.get(grant, "text", ""),
	"severity": "low",
	"persona": "pedantic",
} if {
	some grant in input.facts.terraform.grants
	not grant.all
	not grant.spreads
	msg := sprintf("%s on every resource gives all that there is of the service", [grant.what])
}

everything := {"AWS": "the account", "Google Cloud": "the project", "Azure": "the subscription"}

gives(grant) := "on every resource makes an administrator" if {
	contains(grant.what, "*")
} else := "makes an administrator"
