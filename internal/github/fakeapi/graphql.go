package fakeapi

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// graphQL is the operation of all queries, which no description covers.
const graphQL = "graphql"

// isGraphQL reports whether a path is that of the GraphQL API: on an Enterprise Server it stands beside that of REST.
func (s *Server) isGraphQL(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Path == strings.TrimSuffix(s.BasePath, "/v3")+"/graphql"
}

// query answers the few queries that Plimsoll has. As the real API it answers 200 for errors too.
func (s *Server) query(w http.ResponseWriter, _ *http.Request, _ string, body []byte) {
	var request struct {
		Query     string
		Variables map[string]any
	}
	if err := json.Unmarshal(body, &request); err != nil {
		refuse(w, http.StatusBadRequest, "Problems parsing JSON")
		return
	}
	switch {
	case strings.Contains(request.Query, "viewer { login }"):
		data(w, map[string]any{"viewer": map[string]any{"login": s.Login}})
	case strings.Contains(request.Query, "reviewThreads("):
		data(w, s.reviewThreads(request.Variables))
	case strings.Contains(request.Query, "resolveReviewThread("):
		s.resolveThread(w, request.Variables)
	default:
		answer(w, http.StatusOK, map[string]any{"errors": []any{map[string]any{"type": "UNKNOWN", "message": "no such query"}}})
	}
}

func data(w http.ResponseWriter, value any) { answer(w, http.StatusOK, map[string]any{"data": value}) }

// reviewThreads gives a page of them: each comment that is no reply begins one.
func (s *Server) reviewThreads(variables map[string]any) any {
	const size = 100
	var nodes []any
	for _, c := range s.comments {
		if c.Path == "" || c.ReplyTo > 0 {
			continue
		}
		nodes = append(nodes, map[string]any{
			"id": "T_" + strconv.Itoa(c.ID), "isResolved": c.Resolved, "viewerCanResolve": true,
			"comments": map[string]any{"nodes": []any{map[string]any{"databaseId": c.ID}}},
		})
	}
	after, _ := variables["after"].(string)
	start, _ := strconv.Atoi(after) // none is 0
	start = min(start, len(nodes))
	end := min(start+size, len(nodes))
	return map[string]any{"repository": map[string]any{"pullRequest": map[string]any{"reviewThreads": map[string]any{
		"nodes":    append([]any{}, nodes[start:end]...),
		"pageInfo": map[string]any{"hasNextPage": end < len(nodes), "endCursor": strconv.Itoa(end)},
	}}}}
}

func (s *Server) resolveThread(w http.ResponseWriter, variables map[string]any) {
	thread, _ := variables["thread"].(string)
	if s.Permissions["pull-requests"] != "write" || s.Permissions["contents"] != "write" {
		answer(w, http.StatusOK, map[string]any{"errors": []any{
			map[string]any{"type": "FORBIDDEN", "message": "Resource not accessible by integration"},
		}})
		return
	}
	for _, c := range s.comments {
		if thread == "T_"+strconv.Itoa(c.ID) {
			c.Resolved = true
		}
	}
	data(w, map[string]any{"resolveReviewThread": map[string]any{"thread": map[string]any{"isResolved": true}}})
}
