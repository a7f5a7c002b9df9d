package token

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const notKnown = "not known"

const expr = expressionMark + "0_"

var commandCases = []struct{ command, want string }{
	{"git push origin HEAD", "contents: write"},
	{"git -C sub -c user.name=x push --tags", "contents: write"},
	{"git push --dry-run", ""},
	{"git push https://x-access-token:$T@github.com/a/b HEAD", "contents: write, contents: write?"},
	{"git remote set-url origin https://x:${GITHUB_TOKEN}@github.com/$GITHUB_REPOSITORY", "contents: read, contents: write?"},
	{"git config --global url.https://" + expr + "@github.com/.insteadOf https://github.com/", "contents: write?"},
	{"git remote add up https://github.com/a/b", "contents: read"},
	{"xargs -n 1 gh issue close", "issues|pull-requests: write"},
	{"xargs", ""},
	{"git commit -m push", ""},
	{"git fetch --all", "contents: read"},
	{"gh pr create --title x --body y", "contents: read, contents: write?, issues: write?, pull-requests: write"},
	{"gh pr comment 5 --body x", "pull-requests|issues: write"},
	{"gh pr comment 5 --repo kubernetes/kubernetes", "pull-requests|issues: write?"},
	{"gh pr comment 5 --repo=$GITHUB_REPOSITORY", "pull-requests|issues: write"},
	{"gh -R " + expr + " pr comment 5", "pull-requests|issues: write"},
	{"gh pr merge --auto --squash $URL", "contents: write, pull-requests: write"},
	{"gh release upload v1 file", "contents: write"},
	{"gh release create v1 --discussion-category News", "contents: write, discussions: write"},
	{"gh run list", "actions: read, checks: read?, contents: read?, pull-requests: read?"},
	{"gh workflow run x.yml", "actions: write, contents: read?"},
	{"gh secret set X", ""},
	{"gh auth setup-git", ""},
	{"gh co 5", notKnown},
	{"gh api graphql -f query=x", notKnown},
	{"gh api $URL", notKnown},
	{"gh api repos/{owner}/{repo}/issues", "issues: read"},
	{"gh api repos/{owner}/{repo}/issues -f title=x", "issues: write"},
	{"gh api repos/{owner}/{repo}/issues -f state=all --method GET", "issues: read"},
	{"gh api -H Accept:x -X PUT /repos/$GITHUB_REPOSITORY/pulls/5/merge", "contents: write, pull-requests: write?"},
	{"gh api -XPOST repos/" + expr + "/issues/" + expr + "/labels", "issues|pull-requests: write"},
	{"gh api repos/" + expr + "/" + expr + "/commits/" + expr + "/check-runs --jq .x", "checks: read"},
	{"gh api --paginate repos/$OWNER/plimsoll/pulls?state=open", "pull-requests: read"},
	{"gh api repos/cli/cli/releases/latest", "contents: read?, contents: write?"},
	{"gh api -X DELETE repos/$R/git/refs/heads/a/b", "contents: write"},
	{"gh api -X DELETE /orgs/o/packages/container/p/versions/5", "packages: write?"},
	{"gh api user", ""},
	{"gh api repos/$R/$WHAT/5", notKnown},
	{"curl -sSfL https://example.com", ""},
	{"curl https://api.github.com/repos/$GITHUB_REPOSITORY/issues", ""},
	{"curl -X POST -H|Authorization: Bearer $GITHUB_TOKEN|https://api.github.com/repos/$GITHUB_REPOSITORY/statuses/$SHA -d|{}", "statuses: write"},
	{"curl -d {} -H|authorization: token $T|$GITHUB_API_URL/repos/" + expr + "/dispatches", "contents: write"},
	{"curl -H|Authorization: token $T|https://api.github.com/graphql -d x", notKnown},
	{"curl -H|Authorization: token $T|https://example.com/graphql -d x", notKnown},
	{"docker push ghcr.io/a/b", "packages: write"},
	{"docker push $IMAGE", "packages: write?"},
	{"docker push quay.io/a/b", ""},
	{"docker build -t ghcr.io/a/b .", "packages: read?"},
	{"docker --config x buildx build --push --tag=ghcr.io/a/b .", "packages: read?, packages: write"},
	{"docker buildx build --push=false --tag=ghcr.io/a/b .", "packages: read?"},
	{"helm push chart.tgz oci://ghcr.io/a/charts", "packages: write"},
	{"helm install x ./chart", ""},
	{"crane cp docker.io/a ghcr.io/a", "packages: write"},
	{"cosign sign --yes ghcr.io/a/b@sha256:0", "id-token: write, packages: write"},
	{"cosign sign --key k.pem quay.io/a/b", ""},
	{"cosign verify ghcr.io/a/b", ""},
	{"npm publish --provenance", "id-token: write, packages: write?"},
	{"npm publish", "id-token: write?, packages: write?"},
	{"npm ci", notKnown},
	{"goreleaser release --clean", "contents: write, discussions: write?, id-token: write?, issues: write?, packages: write?, pull-requests: write?"},
	{"goreleaser release --snapshot", ""},
	{"gh pr merge --squash $URL", "contents: write, pull-requests: write?"},
	{"gh issue create --title x --body y", "issues: write"},
	{"goreleaser --config x.yml check", ""},
	{"npx -y semantic-release@24", "contents: write, id-token: write?, issues: write?, packages: write?, pull-requests: write?"},
	{"npx --no-install something", notKnown},
	{"./goreleaser release", notKnown},
	{"make release", notKnown},
	{"$TOOL push", notKnown},
	{"/usr/bin/jq .x", ""},
	{"echo git push", ""},
}

func TestNeedsOfCommands(t *testing.T) {
	for _, c := range commandCases {
		got := notKnown
		if needs, known := Actions().Command(words(c.command)); known {
			s := with(map[string]string{"$KO_DOCKER_REPO": "ghcr.io/a"})
			s.Registry = ghcr
			got = strings.Join(told(needs, s), ", ")
		}
		if got != c.want {
			t.Errorf("%s needs %q, want %q", c.command, got, c.want)
		}
	}
}

// words splits at spaces, but for what stands between two bars.
func words(command string) []string {
	var out []string
	for i, part := range strings.Split(command, "|") {
		if i%2 == 1 {
			out = append(out, part)
			continue
		}
		out = append(out, strings.Fields(part)...)
	}
	return out
}

func TestCommandsSayHowTheyGetTheToken(t *testing.T) {
	gh := Token{Env: []string{"GH_TOKEN", "GITHUB_TOKEN"}}
	for command, want := range map[string]Token{
		"git push":                 {Checkout: true, Env: gh.Env},
		"gh pr comment 5":          gh,
		"gh api repos/$R/issues/5": gh,
		"docker push ghcr.io/a":    {Registry: "ghcr.io"},
		"curl -H|Authorization: Bearer ${T}|https://api.github.com/repos/$R/issues": {Words: true, Env: []string{"T"}},
		"cosign sign quay.io/a":                 {},
		"git clone https://x:$T@github.com/a/b": {Words: true, Env: []string{"T"}},
	} {
		needs, known := Actions().Command(words(command))
		if !known || len(needs) == 0 {
			t.Errorf("%s needs nothing", command)
			continue
		}
		if diff := cmp.Diff(want, needs[0].Token); diff != "" {
			t.Errorf("%s (-want +got):\n%s", command, diff)
		}
	}
}

func TestCall(t *testing.T) {
	for _, c := range []struct{ namespace, method, want string }{
		{"issues", "createComment", "issues|pull-requests: write"},
		{"issues", "addLabels", "issues|pull-requests: write"},
		{"pulls", "get", "pull-requests: read"},
		{"pulls", "merge", "contents: write, pull-requests: write?"},
		{"repos", "createCommitStatus", "statuses: write"},
		{"repos", "createStatus", "statuses: write"},
		{"repos", "getCollaboratorPermissionLevel", ""},
		{"repos", "createDispatchEvent", "contents: write"},
		{"actions", "createWorkflowDispatch", "actions: write"},
		{"checks", "create", "checks: write"},
		{"git", "createRef", "contents: write"},
		{"repos", "compareCommits", "contents: read"},
		{"repos", "uploadReleaseAsset", "contents: write"},
		{"teams", "listMembersInOrg", ""},
		{"reactions", "createForIssueComment", "issues|pull-requests: write"},
		{"dependencyGraph", "createRepositorySnapshot", "contents: write"},
		{"issues", "inventSomething", notKnown},
	} {
		got := notKnown
		if needs, known := Actions().Call(c.namespace, c.method); known {
			got = strings.Join(told(needs, with(nil)), ", ")
		}
		if got != c.want {
			t.Errorf("%s.%s needs %q, want %q", c.namespace, c.method, got, c.want)
		}
	}
}
