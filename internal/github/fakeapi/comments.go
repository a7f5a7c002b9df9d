package fakeapi

import (
	"encoding/json"
	"net/http"
	"strconv"
)

func (c *comment) issueRow(host string) map[string]any {
	row := c.row(host)
	row["issue_url"] = row["url"]
	return row
}

func (s *Server) listComments(w http.ResponseWriter, r *http.Request, _ string, _ []byte) {
	rows := []map[string]any{}
	for _, c := range s.comments {
		if c.Path == "" {
			rows = append(rows, c.issueRow(r.Host))
		}
	}
	answer(w, http.StatusOK, paginate(w, r, rows))
}

// bodyOf reads a comment's text, and "" when GitHub would refuse it.
func bodyOf(data []byte) string {
	var request struct{ Body string }
	if json.Unmarshal(data, &request) != nil || len(request.Body) > 65536 {
		return ""
	}
	return request.Body
}

func (s *Server) createComment(w http.ResponseWriter, r *http.Request, _ string, data []byte) {
	body := bodyOf(data)
	if body == "" {
		refuse(w, http.StatusUnprocessableEntity, "Validation Failed")
		return
	}
	c := &comment{Comment: Comment{
		ID: s.nextComment(), Body: body, User: "github-actions[bot]", UserType: "Bot", Association: "NONE",
	}}
	s.comments = append(s.comments, c)
	answer(w, http.StatusCreated, c.issueRow(r.Host))
}

func (s *Server) updateComment(w http.ResponseWriter, r *http.Request, id string, data []byte) {
	body := bodyOf(data)
	if body == "" {
		refuse(w, http.StatusUnprocessableEntity, "Validation Failed")
		return
	}
	for _, c := range s.comments {
		if strconv.Itoa(c.ID) == id && c.Path == "" {
			c.Body = body
			answer(w, http.StatusOK, c.issueRow(r.Host))
			return
		}
	}
	refuse(w, http.StatusNotFound, "Not Found")
}
