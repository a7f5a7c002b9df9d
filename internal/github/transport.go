package github

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// transport adds what the API library leaves to its user: the token, method and body kept across any redirect, one error
// for every form of rate limiting, one write at a time, as GitHub asks for, and no text asked for twice that has not changed.
type transport struct {
	next    http.RoundTripper
	token   string
	writing chan struct{} // holds a place for the one write
	known   *answers
}

func newTransport(next http.RoundTripper, token string) *transport {
	return &transport{next: next, token: token, writing: make(chan struct{}, 1), known: newAnswers()}
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+t.token)
	if writes(req) {
		select {
		case t.writing <- struct{}{}:
			defer func() { <-t.writing }()
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
	resp, err := t.known.ask(req, t.next)
	if err != nil {
		return nil, err
	}
	if limit := limited(resp, time.Now()); limit != nil {
		return nil, limit
	}
	// The library remembers these and refuses later calls by itself, without waiting. Waiting is our decision.
	for _, header := range []string{"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"} {
		resp.Header.Del(header)
	}
	// A renamed repository answers with a redirect; a POST or PATCH must not become a GET on the way.
	if writes(req) {
		switch resp.StatusCode {
		case http.StatusMovedPermanently:
			resp.StatusCode = http.StatusPermanentRedirect
		case http.StatusFound:
			resp.StatusCode = http.StatusTemporaryRedirect
		}
	}
	return resp, nil
}

func writes(req *http.Request) bool {
	return req.Method != http.MethodGet && req.Method != http.MethodHead
}

// limitError is an answer that nothing was done and that the client shall wait.
type limitError struct {
	status  int
	message string
	wait    time.Duration // 0: GitHub did not say
}

func (e *limitError) Error() string {
	if e.wait == 0 {
		return fmt.Sprintf("rate limited: %d %s", e.status, e.message)
	}
	return fmt.Sprintf("rate limited for %s: %d %s", e.wait.Round(time.Second), e.status, e.message)
}

// maxErrorBody bounds what is read of an answer to see whether it speaks of a rate limit, in bytes.
const maxErrorBody = 64 << 10

// limited tells whether an answer is a primary or secondary rate limit. A secondary one may come without any header and
// with requests remaining: then only its text tells it from a missing permission. The answer's body can be read after.
func limited(resp *http.Response, now time.Time) *limitError {
	if resp.StatusCode != http.StatusForbidden && resp.StatusCode != http.StatusTooManyRequests {
		return nil
	}
	data, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody)) // a body cut short leaves the status to go by
	_ = resp.Body.Close()                                          // all that matters of it was read
	resp.Body = io.NopCloser(bytes.NewReader(data))
	var body struct {
		Message string `json:"message"`
		Page    string `json:"documentation_url"`
	}
	_ = json.Unmarshal(data, &body) // an answer that is not JSON has no message

	saysSo := strings.Contains(strings.ToLower(body.Message), "rate limit") ||
		strings.HasSuffix(body.Page, "rate-limits") ||
		resp.Header.Get("Retry-After") != "" || resp.Header.Get("X-RateLimit-Remaining") == "0"
	if resp.StatusCode == http.StatusForbidden && !saysSo {
		return nil
	}
	return &limitError{status: resp.StatusCode, message: body.Message, wait: waitOf(resp.Header, now)}
}

// waitOf is how long GitHub wants the client to wait: at least a second, or 0 where it does not say. The reset of the
// primary limit counts only when that limit is used up.
func waitOf(header http.Header, now time.Time) time.Duration {
	after := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(after, 10, 32); err == nil {
		return max(time.Second, time.Duration(seconds)*time.Second)
	}
	if date, err := http.ParseTime(after); err == nil {
		return max(time.Second, date.Sub(now))
	}
	reset, err := strconv.ParseInt(header.Get("X-RateLimit-Reset"), 10, 64)
	if err == nil && header.Get("X-RateLimit-Remaining") == "0" {
		return max(time.Second, time.Unix(reset, 0).Sub(now))
	}
	return 0
}
