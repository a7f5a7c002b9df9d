# METADATA
# title: A permission is granted and nothing says why
# description: >-
#   Whoever reads the workflow later cannot tell which step needs the permission, so nobody dares to take it away. A
#   comment on the line, or above it, says so. contents: read, which almost every job needs, needs none.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
#     description: permissions
# custom:
#   severity: info
#   confidence: high
#   persona: pedantic
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: "Say on the line which step needs it: packages: write # pushes the image."
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-5]
#     scorecard-5: [Token-Permissions]
#     ssdf-1.1: [PO.5.1]
package rules.workflow["undocumented-permission"]

deny contains {
	"msg": sprintf("%s: %s is granted, and no comment says which step needs it", [scope.name, scope.level]),
	"path": scope.path,
} if {
	some scope in input.facts.workflow.undocumented
	not harmless(scope)
}

harmless(scope) if {
	scope.name == "contents"
	scope.level == "read"
}

harmless(scope) if scope.level == "none"
