# METADATA
# title: Action or workflow of this repository is not there
# description: >-
#   A path in uses leads to no action or workflow of this repository, so the job fails when it comes to it. With ./ an
#   action is looked for in the workspace: where no file of the repository stands, whoever can write there before
#   decides what runs. Paths that another checkout, a submodule or a script of the job may fill are not reported.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses
#     description: How uses is resolved
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: Correct the path, which is relative to the root of the repository, or add the file that it names.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3]
#     ssdf-1.1: [PW.4.1]
package rules.workflow["missing-local-action"]

deny contains {"msg": msg, "path": use.path, "confidence": confidence[use.local.missing]} if {
	some use in input.facts.actions.uses
	msg := sprintf("%s leads to no %s of this repository, so %s", [use.raw, noun[use.kind], effect[use.local.missing]])
}

deny contains {"msg": msg, "path": missing.path, "confidence": "medium"} if {
	missing := input.facts.actions.noDockerfile
	msg := sprintf("the action is built from %s, which is not in this repository, so it cannot run", [missing.file])
}

noun := {"action": "action", "reusable": "workflow"}

confidence := {"certain": "high", "likely": "medium"}

effect := {
	"certain": "the job cannot run",
	"likely": "the step fails, or runs what something before it left there",
}
