package fakeapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// Issue is one of the repository's.
type Issue struct {
	Number             int
	Title, Body, State string // open or closed
	Author             string // login
	Labels             []string
	Reason             string // state_reason
	Pull               bool   // it is a pull request
}

// Issues lists all, oldest first.
func (s *Server) Issues() []Issue {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Issue
	for _, i := range s.issues {
		all = append(all, *i)
	}
	return all
}

// AddIssue puts an issue there that somebody else wrote, and returns its number.
func (s *Server) AddIssue(i Issue) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	i.Number = len(s.issues) + 1
	s.issues = append(s.issues, &i)
	return i.Number
}

func (s *Server) issueRow(host string, i *Issue) map[string]any {
	page := fmt.Sprintf("https://%s/%s/issues/%d", host, s.Repository, i.Number)
	labels := []any{}
	for _, name := range i.Labels {
		labels = append(labels, map[string]any{"id": 1, "node_id": "L_1", "url": page, "name": name, "color": "ffffff", "default": false, "description": ""})
	}
	row := map[string]any{
		"id": i.Number, "node_id": fmt.Sprintf("I_%d", i.Number), "number": i.Number, "title": i.Title, "body": i.Body,
		"state": i.State, "user": user(i.Author, "Bot"), "labels": labels, "assignee": nil, "milestone": nil, "closed_at": nil,
		"comments": 0, "locked": false, "created_at": someTime, "updated_at": someTime, "author_association": "NONE",
		"html_url": page,
	}
	fill(row, page, "url", "comments_url", "events_url", "repository_url", "labels_url")
	if i.Pull {
		row["pull_request"] = map[string]any{"diff_url": page, "html_url": page, "patch_url": page, "url": page}
	}
	return row
}

// listIssues gives the newest first, as they all change last where nothing says otherwise.
func (s *Server) listIssues(w http.ResponseWriter, r *http.Request, _ string, _ []byte) {
	query := r.URL.Query()
	rows := []map[string]any{}
	for _, i := range slices.Backward(s.issues) {
		state := query.Get("state")
		if (state == "all" || state == i.State || state == "" && i.State == "open") && (!query.Has("creator") || query.Get("creator") == i.Author) {
			rows = append(rows, s.issueRow(r.Host, i))
		}
	}
	answer(w, http.StatusOK, paginate(w, r, rows))
}

// issueChange is the body of a request to create or update an issue.
type issueChange struct {
	Title, Body, State *string
	Reason             *string `json:"state_reason"`
	Labels             []string
}

func (s *Server) createIssue(w http.ResponseWriter, r *http.Request, _ string, data []byte) {
	var c issueChange
	if err := json.Unmarshal(data, &c); err != nil || c.Title == nil || len(text(c.Body)) > 65536 {
		refuse(w, http.StatusUnprocessableEntity, "Validation Failed")
		return
	}
	i := &Issue{Number: len(s.issues) + 1, Title: *c.Title, Body: text(c.Body), State: "open", Author: s.Login, Labels: c.Labels}
	s.issues = append(s.issues, i)
	answer(w, http.StatusCreated, s.issueRow(r.Host, i))
}

func (s *Server) updateIssue(w http.ResponseWriter, r *http.Request, id string, data []byte) {
	n, err := strconv.Atoi(id)
	var c issueChange
	switch {
	case err != nil || n < 1 || n > len(s.issues):
		refuse(w, http.StatusNotFound, "Not Found")
		return
	case json.Unmarshal(data, &c) != nil || len(text(c.Body)) > 65536:
		refuse(w, http.StatusUnprocessableEntity, "Validation Failed")
		return
	}
	i := s.issues[n-1]
	set(&i.Title, c.Title)
	set(&i.Body, c.Body)
	set(&i.State, c.State)
	i.Reason = text(c.Reason)
	answer(w, http.StatusOK, s.issueRow(r.Host, i))
}

const someTime = "2000-01-01T00:00:00Z"

// fill sets what an answer must have and nobody reads.
func fill(row map[string]any, value any, names ...string) {
	for _, name := range names {
		row[name] = value
	}
}
