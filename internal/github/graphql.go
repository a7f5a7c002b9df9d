package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// graphQLAddress is where the GraphQL API is: as given where that is on the host of the REST API, as nobody else is sent the
// token; else beside it on an Enterprise Server, whose REST API is at /api/v3, and below its host elsewhere.
func graphQLAddress(rest *url.URL, given string) string {
	if at, err := url.Parse(given); err == nil && at.Scheme == rest.Scheme && at.Host == rest.Host {
		return given
	}
	at := *rest
	at.Path = strings.TrimSuffix(strings.TrimSuffix(rest.Path, "/"), "/v3") + "/graphql"
	return at.String()
}

// errForbidden says that a query was understood and that the token may not do what it asks.
var errForbidden = settled{errors.New("GraphQL: the token may not")}

// query sends a GraphQL query and decodes its data. Repeating one must be safe. It answers 200 for errors too.
func (c *Client) query(ctx context.Context, text string, variables map[string]any, data any) error {
	return retry(ctx, func(ctx context.Context, _ bool) error {
		answer := struct {
			Data   any
			Errors []struct{ Type, Message string }
		}{Data: data}
		req, err := c.api.NewRequest(http.MethodPost, c.graphQL, map[string]any{"query": text, "variables": variables})
		if err != nil {
			return err
		}
		if _, err := c.api.Do(ctx, req, &answer); err != nil {
			return err
		}
		if len(answer.Errors) == 0 {
			return nil
		}
		first := answer.Errors[0]
		switch first.Type {
		case "RATE_LIMITED":
			return &limitError{status: http.StatusOK, message: first.Message}
		case "FORBIDDEN", "INSUFFICIENT_SCOPES":
			return fmt.Errorf("%w: %s", errForbidden, oneLine(first.Message))
		}
		return settled{errors.New("GraphQL: " + oneLine(first.Message))}
	})
}

// login is the name by which the token writes, such as github-actions[bot].
func (c *Client) login(ctx context.Context) (string, error) {
	var data struct{ Viewer struct{ Login string } }
	if err := c.query(ctx, `query { viewer { login } }`, nil, &data); err != nil {
		return "", err
	}
	if data.Viewer.Login == "" {
		return "", errors.New("GraphQL: the token has no name")
	}
	return data.Viewer.Login, nil
}
