// Package github tells GitHub what Plimsoll found, through its REST API: a check run that is opened before the scan and
// closed with the verdict, a review, a comment, an upload for code scanning. It decides nothing: the verdict stands before this package is asked, and whatever goes wrong
// here is an error for the caller to mention, never a reason to answer otherwise.
package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// ErrNoPermission says that the token may not do what was asked: GitHub answered 401, 403 or, where it hides what the
// token may not see, 404. The error names the permission that the job lacks; the caller turns to a channel that needs none.
var ErrNoPermission = errors.New("the token does not have the permission")

// publicAPI is where the API is when nothing says otherwise.
const publicAPI = "https://api.github.com"

// totalTime is how long one call of this package may take in all, waits included.
const totalTime = 120 * time.Second

// Transport carries requests to the API.
type Transport = http.RoundTripper

// Options say how to reach GitHub.
type Options struct {
	Token      string    // required; appears in no error
	APIURL     string    // as in GITHUB_API_URL, taken verbatim; empty is https://api.github.com
	GraphQLURL string    // as in GITHUB_GRAPHQL_URL, believed on the host of APIURL alone; else it is the one that belongs to that
	Repository string    // "owner/name"
	UserAgent  string    // empty is "plimsoll"
	Transport  Transport // nil is http.DefaultTransport
}

// Client talks to the API about one repository.
type Client struct {
	api         *gh.Client
	owner, repo string
	token       string
	graphQL     string // address of the GraphQL API
}

// New checks the options and makes a client. Nothing is sent.
func New(o Options) (*Client, error) {
	if o.Token == "" {
		return nil, fmt.Errorf("no token: %w", ErrNoPermission)
	}
	owner, repo, ok := strings.Cut(o.Repository, "/")
	if !ok || owner == "" || repo == "" || strings.ContainsAny(repo, "/?#") {
		return nil, fmt.Errorf("repository %q is not of the form owner/name", o.Repository)
	}
	if o.APIURL == "" {
		o.APIURL = publicAPI
	}
	base, err := url.Parse(strings.TrimSuffix(o.APIURL, "/") + "/")
	if err != nil || base.Host == "" || (base.Scheme != "https" && base.Scheme != "http") {
		return nil, fmt.Errorf("the GitHub API's address %q is not a URL", o.APIURL)
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	api := gh.NewClient(&http.Client{
		Transport:     newTransport(o.Transport, o.Token),
		CheckRedirect: stayOn(base),
	})
	api.BaseURL = base // WithEnterpriseURLs would add a path of its own
	api.UserAgent = "plimsoll"
	if o.UserAgent != "" {
		api.UserAgent = o.UserAgent
	}
	return &Client{api: api, owner: owner, repo: repo, token: o.Token, graphQL: graphQLAddress(base, o.GraphQLURL)}, nil
}

var errElsewhere = settled{errors.New("redirected to another host")}

// stayOn follows redirects, which a renamed repository answers with, on the API's own host alone: nobody else is sent
// the token or the findings.
func stayOn(base *url.URL) func(*http.Request, []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		switch {
		case req.URL.Scheme != base.Scheme || req.URL.Host != base.Host:
			return errElsewhere
		case len(via) >= 5:
			return settled{errors.New("redirected more than five times")}
		}
		return nil
	}
}

// wrap names the operation that went wrong, and the permission that it takes where that may be why. Only ErrNoPermission and
// the context's errors stay recognisable; of the rest the text is kept, without the token should a server have echoed it.
func (c *Client) wrap(operation, permission string, err error) error {
	if err == nil {
		return nil
	}
	text := strings.ReplaceAll(err.Error(), c.token, "***")
	for _, known := range []error{ErrNoPermission, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			return fmt.Errorf("%s: %w (%s)", operation, known, text)
		}
	}
	if denied(err) || errors.Is(err, errForbidden) {
		return fmt.Errorf("%s: %w; give the job `%s` (%s)", operation, ErrNoPermission, permission, text)
	}
	return fmt.Errorf("%s: %s", operation, text)
}

// status is the HTTP status of an answer that is an error, 0 for an error of any other sort.
func status(err error) int {
	var answer *gh.ErrorResponse
	if errors.As(err, &answer) && answer.Response != nil {
		return answer.Response.StatusCode
	}
	return 0
}

func denied(err error) bool {
	switch status(err) {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return true
	}
	return false
}
