package fakeapi

import (
	"maps"
	"net/http"
	"regexp"
	"strings"
)

// settingRoutes are the paths that tell what is enforced on the repository. Where they are read with less than they take,
// GitHub refuses.
func settingRoutes() []route {
	read := func(operation, path, scope string) route {
		return route{operation, http.MethodGet, regexp.MustCompile(path), scope, "read", (*Server).setting}
	}
	return []route{
		read("repos/get", `^$`, "metadata"),
		read("repos/get-branch-rules", `^/rules/branches/[^/]+$`, "metadata"),
		read("repos/get-repo-ruleset", `^/rulesets/\d+$`, "metadata"),
		read("repos/get-branch", `^/branches/[^/]+$`, "contents"),
		read("repos/get-branch-protection", `^/branches/[^/]+/protection$`, "administration"),
		read("actions/get-github-actions-permissions-repository", `^/actions/permissions$`, "administration"),
		read("actions/get-allowed-actions-repository", `^/actions/permissions/selected-actions$`, "administration"),
		read("actions/get-github-actions-default-workflow-permissions-repository", `^/actions/permissions/workflow$`, "administration"),
		read("actions/get-fork-pr-contributor-approval-permissions-repository", `^/actions/permissions/fork-pr-contributor-approval$`, "administration"),
		read("actions/get-private-repo-fork-pr-workflows-settings-repository", `^/actions/permissions/fork-pr-workflows-private-repos$`, "administration"),
		read("actions/list-self-hosted-runners-for-repo", `^/actions/runners$`, "administration"),
		read("repos/get-all-environments", `^/environments$`, "actions"),
		read("repos/codeowners-errors", `^/codeowners/errors$`, "contents"),
		read("repos/check-vulnerability-alerts", `^/vulnerability-alerts$`, "administration"),
		read("repos/check-private-vulnerability-reporting", `^/private-vulnerability-reporting$`, "administration"),
		read("repos/check-immutable-releases", `^/immutable-releases$`, "administration"),
		read("repos/list-releases", `^/releases$`, "contents"),
	}
}

// NoContent answers with a status alone, which says yes to some questions.
type NoContent struct{}

func (s *Server) setting(w http.ResponseWriter, r *http.Request, _ string, _ []byte) {
	path := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, s.BasePath), "/repos/"+s.Repository)
	switch value := s.Settings[strings.TrimPrefix(path, "/")].(type) {
	case nil:
		refuse(w, http.StatusNotFound, "Not Found")
	case NoContent:
		w.WriteHeader(http.StatusNoContent)
	case Fault:
		value(w, r, nil)
	case []any:
		answer(w, http.StatusOK, paginate(w, r, value))
	default:
		answer(w, http.StatusOK, value)
	}
}

// RepositoryAnswer is a whole answer about a repository, as far as GitHub's description requires, with what a test is about.
func RepositoryAnswer(with map[string]any) map[string]any {
	repo := map[string]any{
		"id": 1, "node_id": "R_1", "name": "shop", "full_name": "acme/shop", "private": false, "fork": false, "archived": false,
		"disabled": false, "has_issues": true, "has_projects": false, "has_wiki": false, "has_pages": false, "has_discussions": false,
		"default_branch": "main", "visibility": "public", "description": nil, "homepage": nil, "language": nil, "license": nil, "mirror_url": nil,
		"created_at": "2026-01-01T00:00:00Z", "pushed_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
		"owner": user("acme", "Organization"),
	}
	for count := range strings.FieldsSeq("forks forks_count open_issues open_issues_count size stargazers_count watchers watchers_count network_count subscribers_count") {
		repo[count] = 0
	}
	for link := range strings.FieldsSeq(repositoryLinks) {
		repo[link] = "https://api.github.com/repos/acme/shop"
	}
	maps.Copy(repo, with)
	return repo
}

const repositoryLinks = "archive_url assignees_url blobs_url branches_url clone_url collaborators_url comments_url commits_url compare_url contents_url " +
	"contributors_url deployments_url downloads_url events_url forks_url git_commits_url git_refs_url git_tags_url git_url hooks_url html_url " +
	"issue_comment_url issue_events_url issues_url keys_url labels_url languages_url merges_url milestones_url notifications_url pulls_url " +
	"releases_url ssh_url stargazers_url statuses_url subscribers_url subscription_url svn_url tags_url teams_url trees_url url"

// BranchAnswer is an answer about a branch.
func BranchAnswer(name, sha string, protected bool) map[string]any {
	const url = "https://api.github.com/repos/acme/shop"
	person := map[string]any{"name": "a", "email": "a@b.test", "date": "2026-01-01T00:00:00Z"}
	return map[string]any{
		"name": name, "protected": protected, "protection": map[string]any{"enabled": protected}, "protection_url": url,
		"_links": map[string]any{"html": url, "self": url},
		"commit": map[string]any{
			"sha": sha, "node_id": "C_1", "url": url, "html_url": url, "comments_url": url, "author": nil, "committer": nil, "parents": []any{},
			"commit": map[string]any{
				"url": url, "author": person, "committer": person, "message": "m", "comment_count": 0,
				"tree": map[string]any{"sha": sha, "url": url},
			},
		},
	}
}

// EnvironmentAnswer is an answer about a deployment environment; rules are its protection rules.
func EnvironmentAnswer(name string, policy any, bypass bool, rules ...map[string]any) map[string]any {
	const url = "https://api.github.com/repos/acme/shop/environments"
	list := []any{}
	for i, rule := range rules {
		list = append(list, rule)
		rule["id"], rule["node_id"] = i, "G_1"
	}
	return map[string]any{
		"id": 1, "node_id": "E_1", "name": name, "url": url, "html_url": url, "created_at": "2026-01-01T00:00:00Z",
		"updated_at": "2026-01-01T00:00:00Z", "deployment_branch_policy": policy, "protection_rules": list, "can_admins_bypass": bypass,
	}
}
