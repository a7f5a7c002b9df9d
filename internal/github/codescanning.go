package github

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// ErrNoCodeScanning says that the repository has no code scanning: a private one needs GitHub Advanced Security.
var ErrNoCodeScanning = errors.New("code scanning is not enabled for this repository")

// maxSARIF is how large an upload may be once it is compressed, in bytes.
const maxSARIF = 10 << 20

// Upload is a SARIF file for code scanning.
type Upload struct {
	CommitSHA string // commit that was linted; Event.Linted
	Ref       string // full name of what it is on: refs/heads/…, refs/tags/… or refs/pull/N/merge; Event.Ref
	SARIF     []byte // with no results too: that is how alerts close
}

// Upload sends the file and waits until it is processed. It fails with ErrNoCodeScanning where nothing would take it, and
// with ErrNoPermission where the token may not write security events.
func (c *Client) Upload(ctx context.Context, u Upload) error {
	ctx, cancel := context.WithTimeout(ctx, totalTime)
	defer cancel()
	err := c.upload(ctx, u)
	if text := fmt.Sprint(err); err != nil && denied(err) &&
		(strings.Contains(text, "Advanced Security") || strings.Contains(strings.ToLower(text), "code scanning is not enabled")) {
		return fmt.Errorf("upload SARIF: %w", ErrNoCodeScanning)
	}
	return c.wrap("upload SARIF", "security-events: write", err)
}

func (c *Client) upload(ctx context.Context, u Upload) error {
	packed, err := pack(u.SARIF)
	if err != nil {
		return err
	}
	if len(packed) > maxSARIF {
		return fmt.Errorf("the file takes %d bytes compressed, and GitHub takes %d", len(packed), maxSARIF)
	}
	body := map[string]string{
		"commit_sha": u.CommitSHA, "ref": u.Ref, "sarif": base64.StdEncoding.EncodeToString(packed), "tool_name": "plimsoll",
	}
	var receipt struct{ ID string }
	// A repeated upload takes the place of the first: it is of the same commit and category.
	err = retry(ctx, func(ctx context.Context, _ bool) error {
		return c.do(ctx, http.MethodPost, "code-scanning/sarifs", body, &receipt)
	})
	if err != nil {
		return err
	}
	return c.processed(ctx, receipt.ID)
}

func pack(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

// processed waits for the end of an upload.
func (c *Client) processed(ctx context.Context, id string) error {
	for wait := time.Second; ; wait = min(2*wait, 10*time.Second) {
		var upload struct {
			Status string `json:"processing_status"`
			Errors []string
		}
		err := retry(ctx, func(ctx context.Context, _ bool) error {
			return c.do(ctx, http.MethodGet, "code-scanning/sarifs/"+id, nil, &upload)
		})
		switch {
		case err != nil:
			return err
		case upload.Status == "complete":
			return nil
		case upload.Status == "failed":
			return fmt.Errorf("GitHub could not process it: %s", oneLine(strings.Join(upload.Errors, "; ")))
		}
		if !pause(ctx, wait) {
			return fmt.Errorf("GitHub has not processed it yet: %w", ctx.Err())
		}
	}
}

// do sends a request below the repository's path for which the library has no good words: it takes an answer of 202 as
// an error, and knows no reasons of a failed upload.
func (c *Client) do(ctx context.Context, method, path string, body, answer any) error {
	req, err := c.api.NewRequest(method, fmt.Sprintf("repos/%s/%s/%s", c.owner, c.repo, path), body)
	if err != nil {
		return err
	}
	_, err = c.api.Do(ctx, req, answer)
	if accepted, ok := errors.AsType[*gh.AcceptedError](err); ok {
		return json.Unmarshal(accepted.Raw, answer)
	}
	return err
}
