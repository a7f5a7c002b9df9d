# METADATA
# title: Debug output is always on
# description: >-
#   Actions and tools that see debugging switched on print requests, responses and their environment. GitHub masks the
#   secrets it knows, but not what was derived from them: a session, a signed address, an encoded header. Logs of a
#   public repository are public. Debugging is meant to be switched on for one run: "Enable debug logging" on its
#   re-run.
# related_resources:
#   - ref: https://docs.github.com/en/actions/how-tos/monitor-workflows/enable-debug-logging
#     description: Enabling debug logging
# custom:
#   severity: low
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   persona: pedantic
#   remediation: Remove the variable, and re-run a run with debug logging where it is needed.
package rules.workflow["debug-enabled"]

deny contains {"msg": msg, "path": s.path} if {
	some s in input.facts.workflow.switches
	s.name in {"ACTIONS_RUNNER_DEBUG", "ACTIONS_STEP_DEBUG", "RUNNER_DEBUG"}
	lower(s.value) in {"1", "true"}
	msg := sprintf(
		"%s switches debugging on in every run, so that what is printed holds more than anybody checked",
		[s.name],
	)
}
