# METADATA
# title: A security scan may fail without anybody noticing
# description: >-
#   The scan finds something, fails, and the job goes on and is green: continue-on-error or || true says so. Where
#   nothing reads the result afterwards, what the scan is for does not happen. Scans whose report a later step uploads
#   or whose outcome it asks for are for the pedantic, since the report may be judged elsewhere, as are those of a job
#   with continue-on-error, whose own check is red although the run is green.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepscontinue-on-error
#     description: continue-on-error
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Let the scan fail its job, and put what is accepted in the scanner's own list of exceptions.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-1]
#     ssdf-1.1: [RV.1.1]
package rules.workflow["ignored-scan"]

deny contains object.union(
	{"msg": message(scan), "path": scan.path, "text": scan.text},
	milder(scan),
) if {
	some scan in input.facts.workflow.scans
}

message(scan) := sprintf(
	"%s may find anything and the run is green all the same: continue-on-error of job %s leaves its own check alone red",
	[scan.tool, scan.job],
) if {
	scan.how == "job"
} else := sprintf("%s may find anything and job %s is green all the same: %s", [scan.tool, scan.job, how[scan.how]])

how := {
	"step": "continue-on-error passes over its failure",
	"shell": "the script goes on when it fails",
}

# The check of a job that may fail is red all the same, and holds up a merge where it is required.
milder(scan) := {"severity": "low", "persona": "pedantic"} if {
	scan.how == "job"
} else := {"severity": "low", "persona": "pedantic"} if {
	scan.shown
} else := {}
