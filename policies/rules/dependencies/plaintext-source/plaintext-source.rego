# METADATA
# title: Code or packages come over a connection that anybody can change
# description: >-
#   Over http or git without encryption, whoever stands between – a network, a proxy, a hijacked name – sends other
#   code than was asked for, and reads the credentials that are sent. Hooks at a full commit are safe from the first
#   of it.
# related_resources:
#   - ref: https://pre-commit.com/#repos-repo
#     description: repo of pre-commit
#   - ref: https://docs.github.com/en/code-security/reference/supply-chain-security/dependabot-options-reference#top-level-registries-key
#     description: registries of Dependabot
# custom:
#   severity: medium
#   confidence: high
#   kinds: [pre-commit, dependabot, renovate]
#   since: 0.1.0
#   remediation: Use the https address.
package rules.dependencies["plaintext-source"]

deny contains {
	"msg": sprintf(
		"hooks are fetched from %s without encryption, so whoever is on the way decides what runs",
		[repo.repo],
	),
	"path": ["repos", i, "repo"],
} if {
	input.file.kind == "pre-commit"
	some i, repo in input.doc.repos
	plain(repo.repo)
	not regex.match(`^[0-9a-fA-F]{40}$`, object.get(repo, "rev", ""))
}

deny contains {
	"msg": sprintf("packages and credentials go to and from %s without encryption", [registry.url]),
	"path": ["registries", name, "url"],
} if {
	input.file.kind == "dependabot"
	some name, registry in input.doc.registries
	plain(registry.url)
}

deny contains {
	"msg": sprintf("packages come from %s without encryption", [url]),
	"path": path,
} if {
	input.file.kind == "renovate"
	walk(input.doc, [path, url])
	some key in path
	key in {"registryUrls", "npmrc", "defaultRegistryUrls"}
	plain(url)
}

plain(url) if {
	is_string(url)
	regex.match(`^(?:http|git)://`, url)
	not regex.match(`^\w+://(?:localhost|127\.0\.0\.1)(?:[:/]|$)`, url)
}
