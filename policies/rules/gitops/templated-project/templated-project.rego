# METADATA
# title: Generated applications choose their own project
# description: >-
#   The project of an Argo CD application is what limits where it deploys and what. An ApplicationSet takes it from
#   what its generators find, so that whoever writes that – a file in a repository, the name of one – chooses the
#   limits that hold for them.
# related_resources:
#   - ref: https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Security/#templated-project-field
#     description: Templated project field
# custom:
#   severity: medium
#   confidence: medium
#   persona: pedantic
#   kinds: [manifest]
#   deployed: true
#   since: 0.1.0
#   remediation: >-
#     Write the project down in the template, with one ApplicationSet for each project.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-5"]
package rules.gitops["templated-project"]

deny contains {"msg": msg, "path": project.path} if {
	project := input.facts.gitops.project
	msg := sprintf(
		"the project is %s, so whoever writes what the generators read chooses which limits hold for their applications",
		[project.value],
	)
}
