# METADATA
# title: Code or packages come over a connection that anybody can change
# description: >-
#   Over http or git without encryption, whoever stands between – a network, a proxy, a hijacked name – sends other
#   code than was asked for, and reads the credentials that are sent. What is fetched at a full commit or digest is
#   safe from the first of it. Charts, bases and modules are deployed with what the cluster or the cloud gives them.
# related_resources:
#   - ref: https://pre-commit.com/#repos-repo
#     description: repo of pre-commit
#   - ref: https://docs.github.com/en/code-security/reference/supply-chain-security/dependabot-options-reference#top-level-registries-key
#     description: registries of Dependabot
# custom:
#   severity: medium
#   confidence: high
#   kinds:
#     - action
#     - chart
#     - dependabot
#     - dockerfile
#     - kustomization
#     - manifest
#     - pre-commit
#     - renovate
#     - requirements
#     - terraform
#     - workflow
#   deployed: true
#   since: 0.1.0
#   remediation: Use the https address.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-3"]
#     cwe: ["CWE-319", "CWE-494"]
package rules.dependencies["plaintext-source"]

deny contains object.union(weight(repo.repo), {
	"msg": sprintf(
		"hooks are fetched from %s without encryption, so whoever is on the way decides what runs",
		[repo.repo],
	),
	"path": ["repos", i, "repo"],
}) if {
	input.file.kind == "pre-commit"
	some i, repo in input.doc.repos
	plain(repo.repo)
	not regex.match(`^[0-9a-fA-F]{40}$`, sprintf("%v", [object.get(repo, "rev", "")]))
}

deny contains object.union(weight(registry.url), {
	"msg": sprintf("packages and credentials go to and from %s without encryption", [registry.url]),
	"path": ["registries", name, "url"],
}) if {
	input.file.kind == "dependabot"
	some name, registry in input.doc.registries
	plain(registry.url)
}

deny contains object.union(weight(url), {
	"msg": sprintf(
		"Renovate asks %s for versions without encryption, so whoever is on the way decides which it proposes",
		[url],
	),
	"path": path,
}) if {
	input.file.kind == "renovate"
	walk(input.doc, [path, value])
	some key in path
	some url in addresses(key, value)
	plain(url)
}

deny contains object.union(weight(ref.raw), {
	"msg": sprintf(
		"%s %s is fetched without encryption, so whoever is on the way decides what is deployed",
		[ref.context, ref.raw],
	),
	"path": object.get(ref, "from", ref.path),
}) if {
	some ref in input.refs
	ref.kind in {"base", "module", "source"}
	ref.pin != "digest"
	plain(ref.raw)
}

deny contains object.union(weight(ref.registry), {
	"msg": sprintf(
		"%s %s is asked for at %s without encryption, so whoever is on the way decides what runs",
		[ref.context, ref.name, ref.registry],
	),
	"path": object.get(ref, "from", ref.path),
}) if {
	some ref in input.refs
	ref.kind == "source"
	plain(ref.registry)
}

deny contains object.union(weight(ref.registry), {
	"msg": sprintf(
		"%s %s is fetched from %s without encryption, so whoever is on the way decides what is deployed",
		[ref.context, ref.name, ref.registry],
	),
	"path": object.get(ref, "from", ref.path),
}) if {
	some ref in input.refs
	ref.kind == "chart"
	ref.pin != "digest"
	ref.context != "Flux release" # whose HelmRepository is told of
	plain(ref.registry)
}

deny contains object.union(weight(url), {
	"msg": sprintf(
		"%s are fetched from %s without encryption, so whoever is on the way decides what is deployed",
		[what, url],
	),
	"path": input.facts.gitops.repository.path,
}) if {
	url := input.facts.gitops.repository.value
	plain(url)
}

deny contains object.union(weight(charts.url), {
	"msg": sprintf(
		"charts are fetched from %s without encryption, so whoever is on the way decides what is deployed",
		[charts.url],
	),
	"path": charts.path,
	"text": charts.text,
}) if {
	some charts in input.facts.fetch.plainCharts
	plain(charts.url)
}

deny contains object.union(weight(artifact.value), {
	"msg": sprintf(
		"%s is fetched without encryption, so whoever is on the way decides what is deployed",
		[artifact.value],
	),
	"path": artifact.insecure,
}) if {
	artifact := input.facts.gitops.artifact
	not local(artifact.value)
}

default what := "manifests"

what := "charts" if input.facts.gitops.charts

# The addresses in a setting of Renovate's: one of a list of registries, or those in the text of an .npmrc.
addresses(key, text) := [text] if key in {"registryUrls", "defaultRegistryUrls"}

addresses(key, text) := urls if {
	key == "npmrc"
	is_string(text)
	urls := [found[1] | some found in regex.find_all_string_submatch_n(`(?m)^[^#;=]*\bregistry\s*=\s*(\S+)`, text, -1)]
}

plain(url) if {
	is_string(url)
	regex.match(`^(?:git::)?(?:http|git)://`, url)
	not local(url)
}

# Within the computer, or the cluster, whose network is another matter.
local(url) if {
	regex.match(
		`^(?:git::)?\w+://(?:[^@/]*@)?(?:localhost|127\.0\.0\.1|host\.[a-z0-9]+\.internal|[^/:@]+\.svc(?:\.cluster\.local)?)(?::\d+)?(?:/|$)`,
		url,
	)
}

# Who is on the way in a network of one's own got in there first: a private address, or a name without a dot.
# See https://www.rfc-editor.org/rfc/rfc1918.
weight(url) := {"severity": "low", "persona": "pedantic"} if {
	regex.match(`://(?:[^@/]*@)?(?:(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.[\d.]+|[^/:.]+)(?:[:/]|$)`, url)
} else := {}
