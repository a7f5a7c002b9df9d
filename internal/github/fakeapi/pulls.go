package fakeapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// DiffFile is a file of the pull request's diff.
type DiffFile struct {
	Path, Status string
	Patch        string // "" where GitHub gives none, as for a binary or a large file
}

// lines tells for each line of the right side that is shown the number of its hunk.
func (f DiffFile) lines() map[int]int {
	shown, hunk, line := map[int]int{}, 0, 0
	for text := range strings.Lines(f.Patch) {
		switch {
		case strings.HasPrefix(text, "@@ "):
			hunk++
			after := strings.Fields(text)[2]
			start, _, _ := strings.Cut(strings.TrimPrefix(after, "+"), ",")
			line, _ = strconv.Atoi(start) // the test's own text
		case strings.HasPrefix(text, "-"), strings.HasPrefix(text, `\`):
		default:
			shown[line] = hunk
			line++
		}
	}
	return shown
}

// Comment is one on the diff of the pull request, or under it.
type Comment struct {
	ID              int
	Path            string // "" for one that is not on the diff
	StartLine, Line int    // Line is 0 once it is outdated
	Body            string
	ReplyTo         int
	User, UserType  string
	Association     string
	Resolved        bool // the thread that it begins
}

type comment struct {
	Comment
	review int
}

// Review is one that was posted.
type Review struct {
	CommitID, Event, Body string
	Comments              int
}

// Comments lists what stands, oldest first.
func (s *Server) Comments() []Comment {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Comment
	for _, c := range s.comments {
		all = append(all, c.Comment)
	}
	return all
}

// Reviews lists all that were posted, oldest first.
func (s *Server) Reviews() []Review {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.reviews)
}

// AddComment puts a comment there that somebody else wrote, or one of ours into another state: an ID that is known is
// replaced. It returns the comment's ID.
func (s *Server) AddComment(c Comment) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, known := range s.comments {
		if known.ID == c.ID {
			known.Comment = c
			return c.ID
		}
	}
	c.ID = s.nextComment()
	s.comments = append(s.comments, &comment{Comment: c, review: 1})
	return c.ID
}

func (s *Server) nextComment() int {
	if n := len(s.comments); n > 0 {
		return s.comments[n-1].ID + 1
	}
	return 1
}

// maxFiles is how many files GitHub lists of a pull request; of one with more than ten thousand it lists none.
const maxFiles, tooManyFiles = 3000, 10_000

func (s *Server) listFiles(w http.ResponseWriter, r *http.Request, _ string, _ []byte) {
	if len(s.Diff) > tooManyFiles {
		refuse(w, http.StatusUnprocessableEntity, "Sorry, this diff is taking too long to generate.")
		return
	}
	rows := []map[string]any{}
	for _, f := range s.Diff[:min(maxFiles, len(s.Diff))] {
		page := "https://" + r.Host + "/" + f.Path
		row := map[string]any{
			"filename": f.Path, "status": f.Status, "sha": strings.Repeat("c", 40), "additions": 1, "deletions": 0, "changes": 1,
			"blob_url": page, "raw_url": page, "contents_url": page,
		}
		if f.Patch != "" {
			row["patch"] = f.Patch
		}
		rows = append(rows, row)
	}
	answer(w, http.StatusOK, paginate(w, r, rows))
}

func (s *Server) listReviewComments(w http.ResponseWriter, r *http.Request, _ string, _ []byte) {
	rows := []map[string]any{}
	for _, c := range s.comments {
		if c.Path == "" {
			continue
		}
		row := c.row(r.Host)
		row["path"], row["diff_hunk"], row["pull_request_review_id"] = c.Path, "@@", c.review
		row["commit_id"], row["original_commit_id"] = strings.Repeat("a", 40), strings.Repeat("a", 40)
		row["pull_request_url"] = row["url"]
		href := map[string]any{"href": row["url"]}
		row["_links"] = map[string]any{"self": href, "html": href, "pull_request": href}
		if c.Line > 0 {
			row["line"] = c.Line
		}
		if c.ReplyTo > 0 {
			row["in_reply_to_id"] = c.ReplyTo
		}
		rows = append(rows, row)
	}
	answer(w, http.StatusOK, paginate(w, r, rows))
}

// row is what comments of both sorts have.
func (c *comment) row(host string) map[string]any {
	address := fmt.Sprintf("https://%s/comments/%d", host, c.ID)
	return map[string]any{
		"id": c.ID, "node_id": fmt.Sprintf("C_%d", c.ID), "url": address, "html_url": address, "body": c.Body,
		"user": user(c.User, c.UserType), "created_at": "2000-01-01T00:00:00Z", "updated_at": "2000-01-01T00:00:00Z",
		"author_association": c.Association,
	}
}

func user(login, sort string) map[string]any {
	u := map[string]any{"login": login, "id": 1, "node_id": "U_1", "type": sort, "site_admin": false, "gravatar_id": nil}
	for _, name := range []string{
		"avatar_url", "events_url", "followers_url", "following_url", "gists_url", "html_url", "organizations_url",
		"received_events_url", "repos_url", "starred_url", "subscriptions_url", "url",
	} {
		u[name] = "https://github.com/" + login
	}
	return u
}

// createReview takes all comments or, when one is beside the diff, none, and does not say which.
func (s *Server) createReview(w http.ResponseWriter, r *http.Request, _ string, body []byte) {
	var review struct {
		CommitID    string `json:"commit_id"`
		Event, Body string
		Comments    []struct {
			Path, Body, Side string
			Line             int
			StartLine        *int   `json:"start_line"`
			StartSide        string `json:"start_side"`
		}
	}
	if err := json.Unmarshal(body, &review); err != nil || review.Event == "COMMENT" && review.Body == "" {
		refuse(w, http.StatusUnprocessableEntity, "Unprocessable Entity")
		return
	}
	var added []*comment
	for i, c := range review.Comments {
		at := slices.IndexFunc(s.Diff, func(f DiffFile) bool { return f.Path == c.Path })
		first := c.Line
		if c.StartLine != nil {
			first = *c.StartLine
		}
		if at < 0 || c.Side != "RIGHT" || c.StartLine != nil && (first >= c.Line || c.StartSide != "RIGHT") {
			refuse(w, http.StatusUnprocessableEntity, "Unprocessable Entity")
			return
		}
		shown := s.Diff[at].lines()
		if shown[first] == 0 || shown[first] != shown[c.Line] || len(c.Body) > 65536 {
			refuse(w, http.StatusUnprocessableEntity, "Unprocessable Entity")
			return
		}
		added = append(added, &comment{review: len(s.reviews) + 1, Comment: Comment{
			ID: s.nextComment() + i, Path: c.Path, StartLine: first, Line: c.Line, Body: c.Body,
			User: "github-actions[bot]", UserType: "Bot", Association: "NONE",
		}})
	}
	s.comments = append(s.comments, added...)
	s.reviews = append(s.reviews, Review{review.CommitID, review.Event, review.Body, len(added)})
	href := map[string]any{"href": "https://" + r.Host}
	answer(w, http.StatusOK, map[string]any{
		"id": len(s.reviews), "node_id": "R_1", "user": user("github-actions[bot]", "Bot"), "body": review.Body,
		"state": "COMMENTED", "commit_id": review.CommitID, "html_url": "https://" + r.Host, "pull_request_url": "https://" + r.Host,
		"_links": map[string]any{"html": href, "pull_request": href}, "author_association": "NONE",
	})
}

func (s *Server) deleteReviewComment(w http.ResponseWriter, _ *http.Request, id string, _ []byte) {
	before := len(s.comments)
	s.comments = slices.DeleteFunc(s.comments, func(c *comment) bool { return strconv.Itoa(c.ID) == id && c.Path != "" })
	if len(s.comments) == before {
		refuse(w, http.StatusNotFound, "Not Found")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
