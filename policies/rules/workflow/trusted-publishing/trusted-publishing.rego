# METADATA
# title: Package is published with a stored token
# description: >-
#   The token lies in the repository's settings and publishes from anywhere until it is revoked; stolen ones have put
#   malware into many a package. PyPI, npm, crates.io, RubyGems and NuGet trust a workflow's own identity instead:
#   nothing is stored, the credential is good for minutes, and npm and PyPI record in which workflow a package was
#   built.
# related_resources:
#   - ref: https://docs.pypi.org/trusted-publishers/
#     description: PyPI
#   - ref: https://docs.npmjs.com/trusted-publishers
#     description: npm
#   - ref: https://crates.io/docs/trusted-publishing
#     description: crates.io
#   - ref: https://guides.rubygems.org/trusted-publishing/
#     description: RubyGems
#   - ref: https://learn.microsoft.com/nuget/nuget-org/trusted-publishing
#     description: NuGet
# custom:
#   severity: info
#   confidence: medium
#   kinds: [workflow]
#   since: 0.1.0
#   persona: pedantic
#   remediation: >-
#     Declare the workflow as a trusted publisher of the package, give the job id-token: write, and delete the token.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-6, CICD-SEC-2]
#     ssdf-1.1: [PO.5.2]
package rules.workflow["trusted-publishing"]

# The variables that clients read a token from, and what publishes with it.
variables := {
	"CARGO_REGISTRY_TOKEN": "crates.io",
	"FLIT_PASSWORD": "PyPI",
	"GEM_HOST_API_KEY": "RubyGems",
	"HATCH_INDEX_AUTH": "PyPI",
	"MATURIN_PYPI_TOKEN": "PyPI",
	"NODE_AUTH_TOKEN": "npm",
	"NPM_TOKEN": "npm",
	"PDM_PUBLISH_PASSWORD": "PyPI",
	"POETRY_PYPI_TOKEN_PYPI": "PyPI",
	"TWINE_PASSWORD": "PyPI",
	"UV_PUBLISH_TOKEN": "PyPI",
}

commands := {
	"NuGet": {"dotnet nuget push", "nuget push"},
	"PyPI": {
		"flit publish",
		"hatch publish",
		"maturin publish",
		"maturin upload",
		"pdm publish",
		"poetry publish",
		"python -m twine upload",
		"twine upload",
		"uv publish",
	},
	"RubyGems": {"bundle exec rake release", "gem push", "rake release"},
	"crates.io": {"cargo publish", "cargo release"},
	"npm": {
		"bun publish",
		"bunx npm publish",
		"npm publish",
		"npx semantic-release",
		"pnpm publish",
		"semantic-release",
		"yarn npm publish",
		"yarn publish",
	},
}

inputs := {
	"js-devtools/npm-publish": {"token": "npm"},
	"katyo/publish-crates": {"registry-token": "crates.io"},
	"pypa/gh-action-pypi-publish": {"password": "PyPI"},
	"rubygems/configure-rubygems-credentials": {"api-token": "RubyGems"},
}

deny contains {"msg": message(registry, use), "path": use.path, "text": use.text} if {
	some use in stored
	use.place == "input"
	some job in input.facts.workflow.jobs
	some step in job.steps
	use.step == step.path
	registry := inputs[step.action][use.path[count(use.path) - 1]]
	not elsewhere(job, step)
}

deny contains {"msg": message(registry, use), "path": use.path, "text": use.text} if {
	some use in stored
	registry := variables[use.path[count(use.path) - 1]]
	some job in input.facts.workflow.jobs
	some step in job.steps
	sees(step, job, use)
	publishes(step, registry)
	not elsewhere(job, step)
}

# A token on the command line itself.
deny contains {"msg": message(registry, use), "path": use.path, "text": use.text} if {
	some use in stored
	use.place == "run"
	some job in input.facts.workflow.jobs
	some step in job.steps
	use.step == step.path
	some command in step.commands
	contains(command.text, use.text)
	some registry, beginnings in commands
	starts(command, beginnings)
	not elsewhere(job, step)
}

stored contains use if {
	some use in input.facts.workflow.secrets
	use.form == "named"
	use.yields
	use.name != "GITHUB_TOKEN"
}

sees(step, _, use) if use.step == step.path

sees(_, job, use) if {
	use.place == "job-env"
	use.job == job.id
}

sees(_, _, use) if use.place == "workflow-env"

publishes(step, registry) if {
	some command in step.commands
	starts(command, commands[registry])
}

publishes(step, "PyPI") if {
	step.action == "pyo3/maturin-action"
	step["with"].command in {"publish", "upload"}
}

starts(command, beginnings) if {
	some beginning in beginnings
	startswith(concat(" ", array.concat(command.words, [""])), concat("", [beginning, " "]))
}

# A registry of one's own has no trusted publishers.
elsewhere(_, step) if {
	some name in ["repository-url", "registry"]
	not public(step["with"][name])
	step["with"][name]
}

elsewhere(_, step) if {
	some command in step.commands
	some word in command.words
	regex.match(`^--?(repository-url|registry|source|index-url|host|s|publish-url|dry-run)\b`, word)
	not public(command.text)
}

elsewhere(job, step) if {
	some env in [step.env, job.env, input.facts.workflow.env]
	some name in ["TWINE_REPOSITORY_URL", "UV_PUBLISH_URL", "FLIT_INDEX_URL", "HATCH_INDEX_REPO", "NPM_CONFIG_REGISTRY"]
	not public(env[name])
}

# What the last setup-node before the step has written into .npmrc.
elsewhere(job, step) if {
	before := [other["with"]["registry-url"] |
		some i, other in job.steps
		other.action == "actions/setup-node"
		other["with"]["registry-url"]
		some step_at, same in job.steps
		same.path == step.path
		i < step_at
	]
	count(before) > 0
	not public(before[count(before) - 1])
}

public(url) if regex.match(`(^|[/.])(pypi\.org|registry\.npmjs\.org|crates\.io|rubygems\.org|nuget\.org)\b`, url)

message(registry, use) := sprintf(
	"secret %s publishes to %s from anywhere until it is revoked; %s can trust this workflow's own identity instead",
	[use.name, registry, registry],
)
