# METADATA
# title: Download is run without being verified
# description: >-
#   A script downloads a program and runs it, or puts it where programs are found, and nothing compares it with a
#   checksum or checks a signature. Whoever controls the address, or has taken it over, runs their code here with this
#   job's secrets, or builds it into the image. Over http:// everybody on the way can, which is high. An address that
#   names one full version is reported as low: only who published it can replace it. A URL that holds a full commit is
#   not reported.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/security/secure-use
#     description: Secure use of GitHub Actions
#   - ref: https://about.codecov.io/security-update/
#     description: Codecov's upload script, changed on the server, sent the secrets of those who piped it into bash
# custom:
#   severity: high
#   confidence: high
#   kinds: [workflow, action, dockerfile]
#   since: 0.1.0
#   remediation: >-
#     Download one version to a file, compare it with a checksum that is kept in this repository (sha256sum --check) or
#     check its signature (cosign verify-blob, gh attestation verify), and only then run it.
#   frameworks:
#     owasp-cicd-2022: [CICD-SEC-3, CICD-SEC-9]
#     scorecard-5: [Pinned-Dependencies]
#     ssdf-1.1: [PW.4.4]
package rules.workflow["unverified-download"]

deny contains {
	"msg": msg,
	"path": d.path,
	"text": d.text,
	"severity": severity(d),
	"related": [related(d.then) | d.then],
} if {
	some d in input.facts.fetch.downloads
	msg := sprintf("what %s serves is %s and nothing verifies it, so %s", [d.host, d.how, who(d)])
}

who(d) := "everybody on the way, which is not encrypted, decides what runs" if {
	d.plain
} else := "whoever can replace that release decides what runs" if {
	d.fixed
} else := "whoever controls that address decides what runs, and when it changes"

severity(d) := "high" if {
	d.plain
} else := "low" if {
	d.fixed
} else := "medium"

related(place) := {"msg": "here it is made to run", "path": place.path, "text": object.get(place, "text", "")}
