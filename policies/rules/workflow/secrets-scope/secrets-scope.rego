# METADATA
# title: Secret is in the environment of steps that do not need it
# description: >-
#   What stands in env of a workflow is in the environment of every step of every job, and what stands in that of a
#   job in every step of it: in actions of others, and in whatever a build or a package installation runs. Each of
#   them can read the secret there. In env or with of the one step that uses it, only that step gets it. Reported to
#   everybody is a secret that is seen to be used by one step while an action of others, which is not, gets it too;
#   the rest is for reviews.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information
#     description: Use secrets for sensitive information
# custom:
#   severity: medium
#   confidence: medium
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: Move the variable to env of the steps that use it.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-6]
#     ssdf-1.1: [PS.1.1]
package rules.workflow["secrets-scope"]

deny contains {
	"msg": msg,
	"path": use.path,
	"text": use.text,
	"related": [{"msg": sprintf("uses %s", [variable(use)]), "path": step.path} | some step in using],
} if {
	some [use, jobs, steps] in wide
	using := [step | some step in steps; needs(step, use)]
	strange := strangers(use, steps)
	needless(use, using, strange)
	msg := sprintf(
		"secret %s is in the environment of each of the %d steps of %s, of %s too; %s",
		[use.name, count(steps), named(jobs), some_of(strange), used_by(using)],
	)
}

deny contains {"msg": msg, "path": use.path, "text": use.text, "severity": "low", "persona": "pedantic"} if {
	some [use, jobs, steps] in wide
	using := [step | some step in steps; needs(step, use)]
	not needless(use, using, strangers(use, steps))
	msg := sprintf(
		"secret %s is in the environment of each of the %d steps of %s: whatever runs there can read it",
		[use.name, count(steps), named(jobs)],
	)
}

deny contains {"msg": msg, "path": s.path, "text": s.text, "severity": "low", "persona": "pedantic"} if {
	some s in input.facts.workflow.spills
	s.kind == "env"
	msg := sprintf("%s puts secret %s into the environment of every later step of the job", [s.how, s.name])
}

# Somebody is seen to need it, and somebody else gets it.
needless(use, using, strange) if {
	count(using) > 0
	count(strange) > 0
	telling(use)
}

# The uses that reach more than one step, with the jobs and steps that they reach.
wide contains [use, jobs, steps] if {
	some use in input.facts.workflow.secrets
	use.place in {"workflow-env", "job-env"}
	use.form == "named"
	use.yields
	not use.name in {"ACTIONS_RUNNER_DEBUG", "ACTIONS_STEP_DEBUG", "GITHUB_TOKEN"}
	jobs := [job | some job in input.facts.workflow.jobs; count(job.steps) > 0; reaches(use, job)]
	steps := [step | some job in jobs; some step in job.steps]
	count(steps) > 1
}

reaches(use, job) if use.job == job.id

reaches(use, _) if use.place == "workflow-env"

variable(use) := use.path[count(use.path) - 1]

# Names of users, roles, registries and numbers of accounts are kept as secrets too, and tell an attacker little.
telling(use) if {
	regex.match(`(?i)TOKEN|SECRET|PASS|CREDENTIAL|PRIVATE|KUBECONFIG|WEBHOOK|KEY(STORE|S|\d+)?(_|$)`, use.name)
	not plain(use)
}

telling(use) if {
	regex.match(`(?i)(^|_)(AUTH|B64|BASE64|CERT|CERTIFICATE|CREDS|DSN|JSON|P12|PAT|PEM|PFX|PSW|PW|PWD)(_|$)`, use.name)
	not plain(use)
}

plain(use) if {
	regex.match(`(?i)(^|_)(USR|USER|USERNAME|ID|EMAIL|URL|HOST|REGION|NAME|ALIAS|ACCOUNT|PROJECT|ORG|ARN)$`, use.name)
}

# By the variable, or because the step is given the secret by itself too.
needs(step, use) if mentions(step, variable(use))

needs(step, use) if {
	some value in step["with"]
	contains(value, sprintf("secrets.%s", [use.name]))
}

needs(step, use) if {
	some value in step.env
	contains(value, sprintf("secrets.%s", [use.name]))
}

mentions(step, name) if contains(step.run, name)

mentions(step, name) if {
	some value in step["with"]
	contains(value, sprintf("env.%s", [name]))
}

mentions(step, name) if {
	some value in step.env
	contains(value, sprintf("env.%s", [name]))
}

# Actions of others that neither mention the variable nor share a word with it, as snyk/actions does with SNYK_TOKEN.
strangers(use, steps) := sort({step.action |
	some step in steps
	owner := split(step.action, "/")[0]
	not owner in {".", "$", "", "actions", "github", "docker:"}
	not needs(step, use)
	not kindred(step, use)
	not kindred(step, {"name": variable(use)})
})

kindred(step, use) if {
	some word in split(lower(use.name), "_")
	count(word) > 3
	contains(step.action, word)
}

some_of(actions) := actions[0] if {
	count(actions) == 1
} else := sprintf("%s and %d more actions of others", [actions[0], count(actions) - 1])

used_by(steps) := "one step uses it" if {
	count(steps) == 1
} else := sprintf("%d of them use it", [count(steps)])

named(jobs) := sprintf("job %s", [jobs[0].id]) if {
	count(jobs) == 1
} else := sprintf("%d jobs", [count(jobs)])
