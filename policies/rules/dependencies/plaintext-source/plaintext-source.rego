# METADATA
# title: Code or packages come over a connection that anybody can change
# description: >-
#   Over http or git without encryption, whoever stands between – a network, a proxy, a hijacked name – sends other
#   code than was asked for, and reads the credentials that are sent. What is fetched at a full commit or digest is
#   safe from the first of it. Charts, bases and modules are deployed with what the cluster or the cloud gives them. A
#   private address is low, since only a part of the way is open to others.
# related_resources:
#   - ref: https://pre-commit.com/#repos-repo
#     description: repo of pre-commit
#   - ref: https://docs.github.com/en/code-security/reference/supply-chain-security/dependabot-options-reference#top-level-registries-key
#     description: registries of Dependabot
# custom:
#   severity: medium
#   confidence: high
#   kinds: [pre-commit, dependabot, renovate, chart, requirements, kustomization, manifest, terraform]
#   deployed: true
#   since: 0.1.0
#   remediation: Use the https address.
#   frameworks:
#     owasp-cicd-2022: ["CICD-SEC-3"]
#     cwe: ["CWE-319", "CWE-494"]
package rules.dependencies["plaintext-source"]

deny contains {"msg": taken.msg, "path": taken.path, "severity": severity(host(taken.url))} if {
	some taken in sources
	plain(taken.url)
}

deny contains {
	"msg": sprintf(
		"%s is fetched without encryption, so whoever is on the way decides what is deployed",
		[artifact.value],
	),
	"path": artifact.insecure,
	"severity": severity(host(artifact.value)),
} if {
	artifact := input.facts.gitops.artifact
	not local(host(artifact.value))
}

# What is taken from where: the address, the place that names it, and what follows when it is in plain text.
sources contains {
	"url": repo.repo,
	"path": ["repos", i, "repo"],
	"msg": sprintf(
		"hooks are fetched from %s without encryption, so whoever is on the way decides what runs",
		[repo.repo],
	),
} if {
	input.file.kind == "pre-commit"
	some i, repo in input.doc.repos
	not regex.match(`^[0-9a-fA-F]{40}$`, sprintf("%v", [object.get(repo, "rev", "")]))
}

sources contains {
	"url": registry.url,
	"path": ["registries", name, "url"],
	"msg": sprintf("packages and credentials go to and from %s without encryption", [registry.url]),
} if {
	input.file.kind == "dependabot"
	some name, registry in input.doc.registries
}

sources contains {"url": url, "path": path, "msg": sprintf("packages come from %s without encryption", [url])} if {
	input.file.kind == "renovate"
	walk(input.doc, [path, value])
	some key in path
	some url in addresses(key, value)
}

sources contains {
	"url": ref.raw,
	"path": object.get(ref, "from", ref.path),
	"msg": sprintf(
		"%s %s is fetched without encryption, so whoever is on the way decides what is deployed",
		[ref.context, ref.raw],
	),
} if {
	some ref in input.refs
	ref.kind in {"base", "module", "source"}
	ref.pin != "digest" # else it is checked against that on arrival
}

sources contains {
	"url": ref.registry,
	"path": object.get(ref, "from", ref.path),
	"msg": sprintf(
		"%s %s is asked for at %s without encryption, so whoever is on the way decides what runs",
		[ref.context, ref.name, ref.registry],
	),
} if {
	some ref in input.refs
	ref.kind == "source"
}

sources contains {
	"url": ref.registry,
	"path": object.get(ref, "from", ref.path),
	"msg": sprintf(
		"%s %s is fetched from %s without encryption, so whoever is on the way decides what is deployed",
		[ref.context, ref.name, ref.registry],
	),
} if {
	some ref in input.refs
	ref.kind == "chart"
	ref.pin != "digest" # else it is checked against that on arrival
}

sources contains {
	"url": repository.value,
	"path": repository.path,
	"msg": sprintf(
		"charts are fetched from %s without encryption, so whoever is on the way decides what is deployed",
		[repository.value],
	),
} if {
	repository := input.facts.gitops.repository
}

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
	not local(host(url))
}

# The host of an address, without who logs in and the port.
host(url) := lower(found) if {
	found := regex.find_all_string_submatch_n(`^(?:git::)?\w+://(?:[^/?#]*@)?(\[[^\]]*\]|[^/:?#]*)`, url, 1)[0][1]
} else := ""

# Within the computer, or the cluster, whose network is another matter; a name without a dot leads no further.
local(name) if name in {"localhost", "[::1]"}

local(name) if regex.match(`^127(?:\.\d+){3}$|^[^.:]+$`, name)

local(name) if {
	some end in [".localhost", ".svc", ".svc.cluster.local", ".docker.internal", ".minikube.internal", ".k3d.internal"]
	endswith(name, end)
}

# RFC 1918, shared and link-local addresses.
private := `^(?:10|172\.(?:1[6-9]|2\d|3[01])|192\.168|169\.254|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))(?:\.\d+)+$`

severity(name) := "low" if {
	regex.match(private, name)
} else := "medium"
