package fakeapi

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"time"
)

// Limit is the primary rate limit of a token: so many requests until it is full again.
type Limit struct {
	Total  int
	Period time.Duration

	used  int
	reset time.Time
}

// count takes one request off, and reports whether there was one left. The clock is the test's own.
func (l *Limit) count(w http.ResponseWriter) bool {
	now := time.Now()
	if !now.Before(l.reset) {
		l.used, l.reset = 0, now.Add(l.Period).Truncate(time.Second)
	}
	left := l.used < l.Total
	if left {
		l.used++
	}
	w.Header().Set("X-RateLimit-Limit", strconv.Itoa(l.Total))
	w.Header().Set("X-RateLimit-Remaining", strconv.Itoa(l.Total-l.used))
	w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(l.reset.Unix(), 10))
	return left
}

// limited answers for a request that is beyond the limit, and reports whether it did.
func (s *Server) limited(w http.ResponseWriter) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Limit == nil || s.Limit.count(w) {
		return false
	}
	refuse(w, http.StatusForbidden, "API rate limit exceeded for installation.")
	return true
}

// tagged gives a good answer to a GET its ETag, and 304 in its place to whoever has it, which costs nothing of the limit.
func (s *Server) tagged(w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder) bool {
	if r.Method != http.MethodGet || answer.Code != http.StatusOK {
		return false
	}
	tag := fmt.Sprintf(`W/"%x"`, sha256.Sum256(answer.Body.Bytes()))
	answer.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") != tag {
		return false
	}
	if s.Limit != nil {
		s.mu.Lock()
		s.Limit.used--
		s.mu.Unlock()
	}
	w.Header().Set("ETag", tag)
	w.WriteHeader(http.StatusNotModified)
	return true
}
