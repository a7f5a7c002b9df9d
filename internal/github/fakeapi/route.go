package fakeapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// route is one path of the API: what it is called, and what it takes to use it.
type route struct {
	operation, method string
	path              *regexp.Regexp // after the repository; its group is the check run's or commit's id
	scope, level      string
	serve             func(s *Server, w http.ResponseWriter, r *http.Request, id string, body []byte)
}

var routes = append(settingRoutes(), []route{
	{"checks/create", "POST", regexp.MustCompile(`^/check-runs$`), "checks", "write", (*Server).create},
	{"checks/update", "PATCH", regexp.MustCompile(`^/check-runs/(\d+)$`), "checks", "write", (*Server).update},
	{"checks/get", "GET", regexp.MustCompile(`^/check-runs/(\d+)$`), "checks", "read", (*Server).get},
	{
		"checks/list-annotations", "GET", regexp.MustCompile(`^/check-runs/(\d+)/annotations$`), "checks", "read",
		(*Server).listAnnotations,
	},
	{
		"checks/list-for-ref", "GET", regexp.MustCompile(`^/commits/([^/]+)/check-runs$`), "checks", "read",
		(*Server).listForRef,
	},
	{"git/get-tree", "GET", regexp.MustCompile(`^/git/trees/([0-9a-f]+)$`), "contents", "read", (*Server).getTree},
	{"git/get-blob", "GET", regexp.MustCompile(`^/git/blobs/([0-9a-f]+)$`), "contents", "read", (*Server).getBlob},
	{
		"repos/compare-commits-with-basehead", "GET", regexp.MustCompile(`^/compare/(.+\.\.\..+)$`), "contents", "read",
		(*Server).compare,
	},
	{"pulls/get", "GET", regexp.MustCompile(`^/pulls/(\d+)$`), "pull-requests", "read", (*Server).getPull},
	{"issues/list-for-repo", "GET", regexp.MustCompile(`^/issues$`), "issues", "read", (*Server).listIssues},
	{"issues/create", "POST", regexp.MustCompile(`^/issues$`), "issues", "write", (*Server).createIssue},
	{"issues/update", "PATCH", regexp.MustCompile(`^/issues/(\d+)$`), "issues", "write", (*Server).updateIssue},
	{graphQL, "POST", regexp.MustCompile(`^$`), "metadata", "read", (*Server).query},
	{"pulls/list-files", "GET", regexp.MustCompile(`^/pulls/(\d+)/files$`), "pull-requests", "read", (*Server).listFiles},
	{
		"pulls/list-review-comments", "GET", regexp.MustCompile(`^/pulls/(\d+)/comments$`), "pull-requests", "read",
		(*Server).listReviewComments,
	},
	{"pulls/create-review", "POST", regexp.MustCompile(`^/pulls/(\d+)/reviews$`), "pull-requests", "write", (*Server).createReview},
	{
		"pulls/delete-review-comment", "DELETE", regexp.MustCompile(`^/pulls/comments/(\d+)$`), "pull-requests", "write",
		(*Server).deleteReviewComment,
	},
	{
		"issues/list-comments", "GET", regexp.MustCompile(`^/issues/(\d+)/comments$`), "pull-requests", "read",
		(*Server).listComments,
	},
	{
		"issues/create-comment", "POST", regexp.MustCompile(`^/issues/(\d+)/comments$`), "pull-requests", "write",
		(*Server).createComment,
	},
	{
		"issues/update-comment", "PATCH", regexp.MustCompile(`^/issues/comments/(\d+)$`), "pull-requests", "write",
		(*Server).updateComment,
	},
	{
		"code-scanning/upload-sarif", "POST", regexp.MustCompile(`^/code-scanning/sarifs$`), "security-events", "write",
		(*Server).uploadSARIF,
	},
	{
		"code-scanning/get-sarif", "GET", regexp.MustCompile(`^/code-scanning/sarifs/([0-9a-f-]+)$`), "security-events", "read",
		(*Server).getSARIF,
	},
}...)

func (s *Server) route(method, path string) (operation, id string) {
	rest, ok := strings.CutPrefix(path, "/repos/"+s.Repository)
	for _, route := range routes {
		if m := route.path.FindStringSubmatch(rest); ok && m != nil && route.method == method {
			return route.operation, strings.Join(m[1:], "")
		}
	}
	return "", ""
}

// answer checks the token, then its permissions, then serves.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, operation, id string, body []byte) {
	i := slices.IndexFunc(routes, func(r route) bool { return r.operation == operation })
	granted := ""
	if i >= 0 {
		granted = s.Permissions[routes[i].scope]
	}
	if i >= 0 && routes[i].scope == "metadata" {
		granted = "read" // which every token has
	}
	switch {
	case r.Header.Get("Authorization") != "Bearer "+s.Token:
		refuse(w, http.StatusUnauthorized, "Bad credentials")
	case i < 0:
		refuse(w, http.StatusNotFound, "Not Found")
	case s.Private && granted == "":
		refuse(w, http.StatusNotFound, "Not Found")
	case granted != "write" && granted != routes[i].level:
		refuse(w, http.StatusForbidden, "Resource not accessible by integration")
	default:
		s.mu.Lock()
		defer s.mu.Unlock()
		routes[i].serve(s, w, r, id, body)
	}
}

// paginate cuts out the page that is asked for and links to the next.
func paginate[T any](w http.ResponseWriter, r *http.Request, all []T) []T {
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(r.URL.Query().Get(name)); err == nil && n > 0 {
			return n
		}
		return otherwise
	}
	size, page := min(100, number("per_page", 30)), number("page", 1)
	start := min(len(all), (page-1)*size)
	end := min(len(all), start+size)
	if end < len(all) {
		next := *r.URL
		query := next.Query()
		query.Set("page", strconv.Itoa(page+1))
		next.RawQuery = query.Encode()
		w.Header().Set("Link", fmt.Sprintf(`<http://%s%s>; rel="next"`, r.Host, next.RequestURI()))
	}
	return append([]T{}, all[start:end]...)
}

func refuse(w http.ResponseWriter, status int, message string) {
	answer(w, status, map[string]string{"message": message, "documentation_url": "https://docs.github.com/rest"})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // into memory
}
