# METADATA
# title: Called workflow asks for more than its caller has
# description: >-
#   A job cannot give a workflow that it calls more than it has itself. GitHub compares what all jobs of the called
#   workflow declare with what the calling job has before anything runs, whatever their conditions, and refuses the
#   whole run: no job starts, and no check is reported on a pull request, the security checks among them.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations
#     description: What a called workflow gets of its caller
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: Grant the calling job what the called workflow declares, or declare less there.
package rules.workflow["permission-ceiling"]

deny contains {
	"msg": msg,
	"path": call.path,
	"confidence": confidence(call),
	"severity": severity(call),
	"related": [{"msg": "declared here", "path": at, "file": call.callee} | at := call.askedAt],
} if {
	some call in input.facts.token.ceilings
	msg := sprintf(
		"%s asks for %s, which job %s %s, so GitHub refuses the whole run",
		[asking(call), listed(call.wants), call.job, lacks(call)],
	)
}

listed(wants) := sprintf("%s and %d more", [concat(", ", array.slice(wants, 0, 2)), count(wants) - 2]) if {
	count(wants) > 3
} else := concat(", ", wants)

asking(call) := call.callee if call.asking == ""

else := sprintf("job %s of %s", [call.asking, call.callee])

lacks(call) := "has only where the repository's default is permissive" if call["default"]

else := "does not have"

# What another repository asks for may be different at the version that is called, and a default is a setting.
confidence(call) := "low" if call.remote

else := "low" if call.default

else := "high"

severity(call) := "low" if confidence(call) == "low"

else := "medium"
