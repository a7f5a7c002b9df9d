package actions

import (
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

func words(text string) []string { return strings.Fields(text) }

// archived are repositories of actions that GitHub's API calls archived as of August 2026: their owners have declared
// them finished, and nobody mends them any more. In lower case, sorted.
var archived = words(`
	8398a7/action-slack
	actions-rs/audit-check
	actions-rs/cargo
	actions-rs/clippy-check
	actions-rs/components-nightly
	actions-rs/grcov
	actions-rs/install
	actions-rs/tarpaulin
	actions-rs/toolchain
	actions/create-release
	actions/setup-elixir
	actions/setup-haskell
	actions/setup-ruby
	actions/upload-release-asset
	artichoke/setup-rust
	aslafy-z/conventional-pr-title-action
	azure/appconfiguration-sync
	azure/appservice-actions
	azure/container-actions
	azure/container-scan
	azure/data-factory-deploy-action
	azure/data-factory-export-action
	azure/data-factory-validate-action
	azure/get-keyvault-secrets
	azure/k8s-actions
	azure/manage-azure-policy
	azure/publish-security-assessments
	azure/run-sqlpackage-action
	azure/spring-cloud-deploy
	azure/webapps-container-deploy
	cedrickring/golang-action
	cirrus-actions/rebase
	contributor-assistant/github-action
	convictional/trigger-workflow-and-wait
	crazy-max/ghaction-docker-buildx
	crazy-max/ghaction-hugo
	delaguardo/setup-graalvm
	expo/expo-preview-action
	facebook/pysa-action
	google/mirror-branch-action
	gradle/gradle-build-action
	grafana/k6-action
	hashicorp/terraform-cdk-action
	helaili/github-graphql-action
	helaili/jekyll-action
	ilshidur/action-slack
	jakejarvis/backblaze-b2-action
	jakejarvis/cloudflare-purge-action
	jakejarvis/firebase-deploy-action
	jakejarvis/hugo-build-action
	jakejarvis/lighthouse-action
	jakejarvis/s3-sync-action
	machine-learning-apps/wandb-action
	marvinpinto/action-automatic-releases
	marvinpinto/actions
	maxheld83/ghpages
	meilcli/danger-action
	paambaati/codeclimate-action
	repo-sync/pull-request
	repo-sync/repo-sync
	scottbrenner/generate-changelog-action
	secrethub/actions
	semgrep/semgrep-action
	sonarsource/sonarcloud-github-action
	stefanprodan/kube-tools
	svenstaro/upx-action
	swiftdocorg/github-wiki-publish-action
	technote-space/auto-cancel-redundant-workflow
	technote-space/get-diff-action
	tibdex/github-app-token
	verygoodopensource/very_good_coverage
	whelk-io/maven-settings-xml-action
	youyo/aws-cdk-github-actions
	z0al/dependent-issues`)

// isArchived reports whether the repository of an action is archived.
func isArchived(repository string) bool {
	_, found := slices.BinarySearch(archived, strings.ToLower(repository))
	return found
}

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
