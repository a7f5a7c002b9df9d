package fakeapi

import (
	"net/http"
	"strconv"
	"strings"
)

// Pull is the pull request that may be asked for by its number.
type Pull struct {
	Number         int
	HeadSHA        string
	HeadRepository string // "" for one that is gone
	MergeSHA       string
	State          string // open or closed; "" is open
}

func (s *Server) getPull(w http.ResponseWriter, r *http.Request, id string, _ []byte) {
	if strings.Contains(r.Header.Get("Accept"), "diff") && len(s.Diff) > maxDiffFiles {
		refuse(w, http.StatusNotAcceptable, "Sorry, the diff exceeded the maximum number of files (300). Consider using 'List pull requests files' API.")
		return
	}
	p := s.Pull
	if p == nil || id != strconv.Itoa(p.Number) {
		refuse(w, http.StatusNotFound, "Not Found")
		return
	}
	page := "https://" + r.Host + "/pull/" + id
	state := p.State
	if state == "" {
		state = "open"
	}
	row := map[string]any{
		"id": 1, "node_id": "PR_1", "number": p.Number, "state": state, "title": "t", "user": user("ann", "User"),
		"author_association": "NONE", "mergeable_state": "clean", "labels": []any{}, "merge_commit_sha": p.MergeSHA,
		"head": s.side(p.HeadSHA, p.HeadRepository), "base": s.side(strings.Repeat("b", 40), s.Repository),
	}
	fill(row, page, "comments_url", "commits_url", "diff_url", "html_url", "issue_url", "patch_url", "review_comments_url",
		"statuses_url", "url", "review_comment_url")
	fill(row, 0, "additions", "changed_files", "comments", "commits", "deletions", "review_comments")
	fill(row, false, "locked", "merged", "maintainer_can_modify")
	fill(row, someTime, "created_at", "updated_at")
	fill(row, nil, "assignee", "merged_by", "body", "closed_at", "merged_at", "milestone", "auto_merge", "mergeable")
	links := map[string]any{}
	fill(links, map[string]any{"href": page}, "comments", "commits", "statuses", "html", "issue", "review_comments",
		"review_comment", "self")
	row["_links"] = links
	answer(w, http.StatusOK, row)
}

// maxDiffFiles is how many files a diff may have to be given as one text.
const maxDiffFiles = 300

// side is the head or base of a pull request.
func (s *Server) side(sha, repository string) map[string]any {
	row := map[string]any{"label": "l", "ref": "f", "sha": sha, "user": user("ann", "User"), "repo": nil}
	if repository != "" {
		row["repo"] = repositoryRow(repository)
	}
	return row
}

func repositoryRow(name string) map[string]any {
	owner, short, _ := strings.Cut(name, "/")
	row := map[string]any{"id": 1, "name": short, "full_name": name, "owner": user(owner, "User"), "node_id": "R_1"}
	fill(row, "https://github.com/"+name,
		"archive_url", "assignees_url", "blobs_url", "branches_url", "collaborators_url", "comments_url", "commits_url",
		"compare_url", "contents_url", "git_commits_url", "git_refs_url", "git_tags_url", "issue_comment_url", "issue_events_url",
		"issues_url", "keys_url", "labels_url", "milestones_url", "notifications_url", "pulls_url", "releases_url", "statuses_url",
		"trees_url", "clone_url", "default_branch", "git_url", "ssh_url", "contributors_url", "deployments_url", "downloads_url",
		"events_url", "forks_url", "hooks_url", "html_url", "languages_url", "merges_url", "stargazers_url", "subscribers_url",
		"subscription_url", "tags_url", "teams_url", "url", "svn_url")
	fill(row, false, "fork", "private", "has_downloads", "has_issues", "has_projects", "has_wiki", "has_pages", "archived", "disabled")
	fill(row, 0, "forks", "forks_count", "open_issues", "open_issues_count", "size", "stargazers_count", "watchers", "watchers_count")
	fill(row, nil, "description", "language", "homepage", "mirror_url", "license")
	fill(row, someTime, "pushed_at", "created_at", "updated_at")
	return row
}
