package github

import (
	"bytes"
	"io"
	"net/http"
	"sync"
)

const (
	// maxKept is how many answers are kept, and maxKeptBytes how large one may be.
	maxKept, maxKeptBytes = 50, 1 << 20
)

// answers keeps what GitHub answered with an ETag. Asked again with it, GitHub says 304 where nothing has changed, which
// does not count against the rate limit: lists are read back after every fault, and an upload is asked after until it is done.
type answers struct {
	mu    sync.Mutex
	byURL map[string]answer
}

type answer struct {
	header http.Header
	body   []byte
}

func newAnswers() *answers { return &answers{byURL: map[string]answer{}} }

// ask sends a request, and gives the answer that is kept where GitHub says that it holds.
func (a *answers) ask(req *http.Request, next http.RoundTripper) (*http.Response, error) {
	if req.Method != http.MethodGet {
		return next.RoundTrip(req)
	}
	url := req.URL.String()
	a.mu.Lock()
	kept, there := a.byURL[url]
	a.mu.Unlock()
	if there {
		req.Header.Set("If-None-Match", kept.header.Get("ETag"))
	}
	resp, err := next.RoundTrip(req)
	switch {
	case err != nil:
		return nil, err
	case there && resp.StatusCode == http.StatusNotModified:
		_ = resp.Body.Close() // it has none
		resp.StatusCode, resp.Status = http.StatusOK, "200 OK"
		resp.Header, resp.Body = kept.header.Clone(), io.NopCloser(bytes.NewReader(kept.body))
		resp.ContentLength = int64(len(kept.body))
	case resp.StatusCode == http.StatusOK && resp.Header.Get("ETag") != "":
		return resp, a.keep(url, resp)
	}
	return resp, nil
}

// keep remembers an answer unless it is large. The answer's body can be read after.
func (a *answers) keep(url string, resp *http.Response) error {
	start, err := io.ReadAll(io.LimitReader(resp.Body, maxKeptBytes+1))
	if err != nil {
		return err
	}
	rest := resp.Body
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(start), rest), rest}
	if len(start) > maxKeptBytes {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, there := a.byURL[url]; there || len(a.byURL) < maxKept {
		a.byURL[url] = answer{resp.Header.Clone(), start}
	}
	return nil
}
