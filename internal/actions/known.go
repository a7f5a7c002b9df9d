package actions

import (
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

func words(text string) []string { return strings.Fields(text) }

// popular are actions that so many use that it pays to register a name which looks like theirs. In lower case.
var popular = words(`
	actions/attest-build-provenance actions/cache actions/checkout actions/configure-pages
	actions/create-github-app-token actions/dependency-review-action actions/deploy-pages actions/download-artifact
	actions/github-script actions/labeler actions/setup-dotnet actions/setup-go actions/setup-java actions/setup-node
	actions/setup-python actions/stale actions/upload-artifact actions/upload-pages-artifact aquasecurity/trivy-action
	astral-sh/setup-uv aws-actions/amazon-ecr-login aws-actions/configure-aws-credentials azure/login azure/setup-helm
	codecov/codecov-action dependabot/fetch-metadata docker/build-push-action docker/login-action docker/metadata-action
	docker/setup-buildx-action docker/setup-qemu-action dorny/paths-filter dtolnay/rust-toolchain github/codeql-action
	golangci/golangci-lint-action google-github-actions/auth google-github-actions/setup-gcloud
	goreleaser/goreleaser-action gradle/actions hashicorp/setup-terraform hashicorp/vault-action helm/kind-action
	jamesives/github-pages-deploy-action mikefarah/yq ncipollo/release-action ossf/scorecard-action
	peaceiris/actions-gh-pages peter-evans/create-pull-request pnpm/action-setup pre-commit/action
	pypa/gh-action-pypi-publish release-drafter/release-drafter renovatebot/github-action ruby/setup-ruby
	shivammathur/setup-php sigstore/cosign-installer slackapi/slack-github-action softprops/action-gh-release
	step-security/harden-runner swatinem/rust-cache tj-actions/changed-files`)

// resembles gives the popular action whose name a repository's is one slip of the keyboard away from, under another owner;
// "" where there is none.
func resembles(repository string) string {
	name := strings.ToLower(repository)
	if slices.Contains(popular, name) {
		return ""
	}
	owner, _, _ := strings.Cut(name, "/")
	for _, known := range popular {
		knownOwner, _, _ := strings.Cut(known, "/")
		if owner != knownOwner && max(len(name), len(known))-min(len(name), len(known)) <= 1 && oneSlip(name, known) {
			return known
		}
	}
	return ""
}

// oneSlip reports whether two texts differ by one letter too many, missing or wrong, or by two that changed places.
func oneSlip(a, b string) bool {
	if len(a) != len(b) || levenshtein.Distance(a, b, nil) <= 1 {
		return levenshtein.Distance(a, b, nil) == 1
	}
	for i := range len(a) - 1 {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}
