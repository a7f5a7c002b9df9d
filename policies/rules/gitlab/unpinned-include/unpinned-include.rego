# METADATA
# title: Pipeline includes what can change
# description: >-
#   A GitLab pipeline takes jobs from another project, a component or a URL, and nothing says which version of them.
#   Whoever can push there, or serves that URL, decides what the pipeline runs with its variables, its tokens and its
#   runners, without a change in this repository.
# related_resources:
#   - ref: https://docs.gitlab.com/ci/yaml/#include
#     description: What include takes, with ref and integrity
#   - ref: https://docs.gitlab.com/ci/components/#component-versions
#     description: Versions of components
# custom:
#   severity: high
#   confidence: high
#   kinds: [gitlab-ci]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Name a full commit: ref of a project, the version of a component. Give a file at a URL its integrity, as
#     sha256-….
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3, CICD-SEC-8]
#     s2c2f-1.1: [ENF-1]
#     ssdf-1.1: [PW.4.1]
package rules.gitlab["unpinned-include"]

# Whoever owns the host decides by himself; nobody has to be deceived.
deny contains {"msg": msg, "path": ref.path, "subject": ref.name} if {
	some ref in input.refs
	ref.kind == "include"
	ref.served
	not ref.pinned
	msg := sprintf("the pipeline runs what %s serves at that time, with all that it may reach", [ref.name])
}

deny contains {"msg": msg, "path": ref.path, "subject": ref.name, "severity": severity(ref)} if {
	some ref in input.refs
	ref.kind == "include"
	not ref.served
	ref.pin in {"none", "floating", "branch", "exact", "invalid"}
	msg := sprintf("the pipeline includes %s (%s), which can change: %s", [ref.name, ref.context, ref.note])
}

deny contains {"msg": msg, "path": ref.path, "subject": ref.name, "severity": "info", "confidence": "low"} if {
	some ref in input.refs
	ref.kind == "include"
	ref.pin == "unknown"
	msg := sprintf("the pipeline includes %s (%s), which this file does not pin: %s", [ref.name, ref.context, ref.note])
}

severity(ref) := "low" if {
	ref.pin in {"exact", "invalid"}
} else := "medium"
