package actions

import (
	"slices"
	"strings"
)

// Three lists of actions whose owners have given them up, as of November 2026: nobody mends them any more. Each in lower
// case, sorted.
var (
	// disowned are those whose README says so: archived, unmaintained, deprecated, or superseded by another action.
	disowned = words(`
	8398a7/action-slack
	actions-rs/components-nightly
	actions/create-release
	actions/setup-elixir
	actions/setup-haskell
	actions/setup-ruby
	actions/upload-release-asset
	aslafy-z/conventional-pr-title-action
	azure/appconfiguration-sync
	azure/appservice-actions
	azure/container-actions
	azure/container-scan
	azure/data-factory-export-action
	azure/data-factory-validate-action
	azure/get-keyvault-secrets
	azure/k8s-actions
	azure/manage-azure-policy
	azure/publish-security-assessments
	azure/spring-cloud-deploy
	azure/webapps-container-deploy
	cedrickring/golang-action
	contributor-assistant/github-action
	convictional/trigger-workflow-and-wait
	crazy-max/ghaction-docker-buildx
	delaguardo/setup-graalvm
	expo/expo-preview-action
	gradle/gradle-build-action
	grafana/k6-action
	hashicorp/terraform-cdk-action
	helaili/jekyll-action
	ilshidur/action-slack
	marvinpinto/actions
	maxheld83/ghpages
	meilcli/danger-action
	paambaati/codeclimate-action
	repo-sync/pull-request
	scottbrenner/generate-changelog-action
	semgrep/semgrep-action
	sonarsource/sonarcloud-github-action
	stefanprodan/kube-tools
	svenstaro/upx-action
	technote-space/auto-cancel-redundant-workflow
	tibdex/github-app-token`)

	// reportedArchived are those whose README does not say it. Others write of the banner that their repository shows:
	// sigstore/sigstore-rs#414 (all of actions-rs), eclipse-linuxtools/org.eclipse.linuxtools#500, jobovy/galpy#868,
	// modelica/fmi-standard.org#714, Witiko/expltools#82, repo-sync/github-sync#131, Point72/csp#116, kmartins/groveman#76,
	// liquibase/liquibase-cassandra#426.
	reportedArchived = words(`
	actions-rs/audit-check
	actions-rs/cargo
	actions-rs/clippy-check
	actions-rs/grcov
	actions-rs/install
	actions-rs/tarpaulin
	actions-rs/toolchain
	cirrus-actions/rebase
	jakejarvis/hugo-build-action
	jakejarvis/s3-sync-action
	marvinpinto/action-automatic-releases
	repo-sync/github-sync
	swiftdocorg/github-wiki-publish-action
	verygoodopensource/very_good_coverage
	whelk-io/maven-settings-xml-action`)

	// listedArchived are those that a linter's list of archived repositories has, as of August 2026. Nothing in the
	// repository itself confirms it, or contradicts it.
	listedArchived = words(`
	artichoke/setup-rust
	azure/data-factory-deploy-action
	azure/run-sqlpackage-action
	crazy-max/ghaction-hugo
	facebook/pysa-action
	google/mirror-branch-action
	helaili/github-graphql-action
	jakejarvis/backblaze-b2-action
	jakejarvis/cloudflare-purge-action
	jakejarvis/firebase-deploy-action
	jakejarvis/lighthouse-action
	machine-learning-apps/wandb-action
	repo-sync/repo-sync
	secrethub/actions
	technote-space/get-diff-action
	youyo/aws-cdk-github-actions
	z0al/dependent-issues`)
)

// archivedBy tells what is known of an action's repository being given up; "" where nothing is.
func archivedBy(repository string) Basis {
	name := strings.ToLower(repository)
	for _, list := range []struct {
		names []string
		basis Basis
	}{{disowned, BasisText}, {reportedArchived, BasisCited}, {listedArchived, BasisListed}} {
		if _, found := slices.BinarySearch(list.names, name); found {
			return list.basis
		}
	}
	return ""
}
