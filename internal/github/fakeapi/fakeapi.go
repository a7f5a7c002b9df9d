// Package fakeapi is GitHub's API as far as Plimsoll uses it, for tests. It is strict where GitHub is: a token, a table
// of permissions, the limits that the documentation names. Requests and its own answers are held against GitHub's
// OpenAPI description where that is at hand, so that neither side of a test can drift from the real one.
//
// It is an http.Handler for a server on loopback and an http.RoundTripper for tests that want no network and a clock of
// their own.
package fakeapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Server is one repository behind the API.
type Server struct {
	Repository  string            // "owner/name"
	Token       string            // the only one that is known
	Permissions map[string]string // scope to "read" or "write", as in a workflow's `permissions`
	BasePath    string            // before every path, as "/api/v3" of an Enterprise Server

	Login   string // by which the token writes
	Private bool   // what the token has no permission to read is hidden with 404
	Limit   *Limit // nil: none
	Pull    *Pull  // nil: none can be asked for
	Renamed int    // status that every request under another name of the repository is sent on with; 0: there is no other

	Head  string                       // head commit of the pull request; "" takes any
	Files map[string]string            // of the head commit, by path; a text that begins with "-> " is a link
	Trees map[string]map[string]string // of further commits, by commit
	Diff  []DiffFile                   // of the pull request
	// Parted are the commits at which two parted, by "base...head".
	Parted map[string]string
	// AdvancedSecurity is whether code scanning is on; Processing is what an upload is, one status after another.
	AdvancedSecurity bool
	Processing       []string
	// Settings are the answers about the repository itself, by path below it: "" is the repository, "actions/permissions"
	// what its actions may do. A list is given page by page; what is not there is not found.
	Settings map[string]any
	Every    Fault // meets each request for which none is planned; nil serves it

	description *description // nil: not at hand

	mu         sync.Mutex
	runs       []*checkRun
	comments   []*comment
	reviews    []Review
	uploads    []Upload
	issues     []*Issue
	writing    bool
	requests   []Request
	faults     []*plannedFault
	violations []string
}

// Request is one that was received, with the status it was answered with.
type Request struct {
	Operation string // GitHub's operation id, "checks/create"
	Method    string
	Path      string // without BasePath
	Query     string
	Body      string
	Status    int // 0: no answer was given
}

// Decode reads the body into a value.
func (r Request) Decode(t testing.TB, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.Body), into); err != nil {
		t.Fatalf("%s %s: the body is not JSON: %v", r.Method, r.Path, err)
	}
}

// New starts with an empty repository "acme/shop", the token "s3cret-token" and the permission for all that is served. Whatever
// GitHub's description does not allow, in requests or in the fake's answers, fails the test when it ends.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{
		Repository: "acme/shop", Token: "s3cret-token", Permissions: map[string]string{
			"checks": "write", "contents": "read", "pull-requests": "write", "security-events": "write", "issues": "write",
		},
		AdvancedSecurity: true, Login: "github-actions[bot]",
	}
	var err error
	if s.description, err = theDescription(); err != nil {
		t.Logf("requests are not held against GitHub's OpenAPI description: %v", err)
	}
	t.Cleanup(func() {
		for _, v := range s.Violations() {
			t.Error(v)
		}
	})
	return s
}

// Requests are those received so far whose operation is the given one, or all for "".
func (s *Server) Requests(operation string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Clone(s.requests)
	return slices.DeleteFunc(all, func(r Request) bool { return operation != "" && r.Operation != operation })
}

// Violations are the ways in which requests and answers departed from GitHub's description so far.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// Checked reports whether GitHub's description is at hand.
func (s *Server) Checked() bool { return s.description != nil }

// RoundTrip implements http.RoundTripper without a network.
func (s *Server) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	served := req.Clone(req.Context())
	if served.Body == nil {
		served.Body = http.NoBody
	}
	served.RequestURI = served.URL.RequestURI()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, served)
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	if w.Code == droppedConnection {
		return nil, io.ErrUnexpectedEOF
	}
	resp := w.Result()
	resp.Request = req
	return resp, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	path, ok := strings.CutPrefix(r.URL.Path, s.BasePath)
	if !ok && !s.isGraphQL(r) {
		http.NotFound(w, r)
		return
	}
	operation, id := s.route(r.Method, path)
	if s.isGraphQL(r) {
		operation, id = graphQL, ""
	}
	index := s.record(Request{Operation: operation, Method: r.Method, Path: path, Query: r.URL.RawQuery, Body: string(body)})
	done := s.alone(r)
	defer done()
	serve := func(w http.ResponseWriter) {
		if s.limited(w) || s.movedOn(w, r, path) {
			return
		}
		answer := httptest.NewRecorder()
		s.answer(answer, r, operation, id, body)
		if operation != graphQL {
			s.check(r, path, body, answer)
		}
		if !s.tagged(w, r, answer) {
			done() // who has read all of a long answer may write again before this returns
			copyAnswer(w, answer)
		}
	}
	seen := &statusWriter{ResponseWriter: w}
	if fault := s.nextFault(operation); fault != nil {
		fault(seen, r, serve)
	} else {
		serve(seen)
	}
	s.mu.Lock()
	s.requests[index].Status = seen.status
	s.mu.Unlock()
}

// alone holds that writes come one at a time.
func (s *Server) alone(r *http.Request) (done func()) {
	if r.Method == http.MethodGet {
		return func() {}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writing {
		s.violations = append(s.violations, r.Method+" "+r.URL.Path+": another write is under way")
	}
	s.writing = true
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.writing = false
	})
}

// movedOn sends a request for the repository's old name on to its new one.
func (s *Server) movedOn(w http.ResponseWriter, r *http.Request, path string) bool {
	rest, ok := strings.CutPrefix(path, "/repos/")
	if s.Renamed == 0 || !ok || strings.HasPrefix(rest, s.Repository+"/") {
		return false
	}
	parts := strings.SplitN(rest, "/", 3)
	target := *r.URL
	target.Path = s.BasePath + "/repos/" + s.Repository + "/" + parts[len(parts)-1]
	w.Header().Set("Location", target.String())
	refuse(w, s.Renamed, "Moved Permanently")
	return true
}

func (s *Server) record(r Request) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r)
	return len(s.requests) - 1
}

// check holds a request and its answer against the description, and to the rules that it cannot express.
func (s *Server) check(r *http.Request, path string, body []byte, answer *httptest.ResponseRecorder) {
	var found []error
	if answer.Code == http.StatusUnprocessableEntity {
		found = append(found, errors.New(answer.Body.String()))
	}
	if s.description != nil {
		found = append(found, s.description.check(r, path, body, answer)...)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, err := range found {
		s.violations = append(s.violations, fmt.Sprintf("%s %s: %v", r.Method, path, err))
	}
}

func copyAnswer(w http.ResponseWriter, answer *httptest.ResponseRecorder) {
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // the client may be gone: that is its business
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}
