package fakeapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// DescriptionPath is where GitHub's OpenAPI description should be: PLIMSOLL_GITHUB_OPENAPI, or beside the repository.
func DescriptionPath() string {
	if path := os.Getenv("PLIMSOLL_GITHUB_OPENAPI"); path != "" {
		return path
	}
	_, file, _, _ := runtime.Caller(0)
	root := filepath.Join(filepath.Dir(file), "..", "..", "..")
	return filepath.Join(root, "..", "shared", "reference", "github-openapi.json")
}

// description is GitHub's own of its API.
type description struct {
	router routers.Router
}

// theDescription is read once for all tests of a package.
var theDescription = sync.OnceValues(func() (*description, error) { return loadDescription(DescriptionPath()) })

func loadDescription(path string) (*description, error) {
	doc, err := openapi3.NewLoader().LoadFromFile(path)
	if err != nil {
		return nil, err
	}
	doc.Servers = nil // any host will do
	if err := widen(doc); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := allowGone(doc); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &description{router: router}, nil
}

// widen lets the last parameter of the paths that the description lists as such match more than one segment, which
// OpenAPI has no way to say.
func widen(doc *openapi3.T) error {
	listed, ok := doc.Info.Extensions["x-multi-segment-paths"].([]any)
	if !ok {
		return errors.New("the description does not list its multi-segment paths")
	}
	for _, entry := range listed {
		path := fmt.Sprint(entry)
		item := doc.Paths.Value(path)
		if item == nil {
			return fmt.Errorf("the description has no path %s", path)
		}
		doc.Paths.Delete(path)
		doc.Paths.Set(strings.TrimSuffix(path, "}")+":.+}", item)
	}
	return nil
}

// allowGone lets the repository of a pull request's head be null, as it is where a fork was deleted: the description says
// otherwise.
func allowGone(doc *openapi3.T) error {
	pull := doc.Components.Schemas["pull-request"]
	if pull == nil || pull.Value.Properties["head"] == nil || pull.Value.Properties["head"].Value.Properties["repo"] == nil {
		return errors.New("the description has no pull request with a head")
	}
	head := pull.Value.Properties["head"].Value
	repository := *head.Properties["repo"].Value
	repository.Nullable = true
	head.Properties["repo"] = &openapi3.SchemaRef{Value: &repository}
	return nil
}

// check says in which ways a request and its answer are not as described.
func (d *description) check(r *http.Request, path string, body []byte, answer *httptest.ResponseRecorder) []error {
	req := r.Clone(context.WithoutCancel(r.Context()))
	req.URL = &url.URL{Scheme: "http", Host: "api", Path: path, RawQuery: r.URL.RawQuery}
	req.Body = io.NopCloser(bytes.NewReader(body))
	route, params, err := d.router.FindRoute(req)
	if err != nil {
		return []error{fmt.Errorf("not a request of GitHub's API: %w", err)}
	}
	input := &openapi3filter.RequestValidationInput{
		Request: req, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true},
	}
	var found []error
	if err := openapi3filter.ValidateRequest(req.Context(), input); err != nil {
		found = append(found, fmt.Errorf("the request is not as described: %w", err))
	}
	err = openapi3filter.ValidateResponse(req.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: answer.Code, Header: answer.Header(),
		Body: io.NopCloser(bytes.NewReader(answer.Body.Bytes())), Options: input.Options,
	})
	if err != nil {
		found = append(found, fmt.Errorf("the fake's answer is not as described: %w", err))
	}
	return found
}
