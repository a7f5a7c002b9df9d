package fakeapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"
)

// checkRun is a check run as the API shows it.
type checkRun struct {
	ID          int     `json:"id"`
	NodeID      string  `json:"node_id"`
	Name        string  `json:"name"`
	HeadSHA     string  `json:"head_sha"`
	ExternalID  string  `json:"external_id"`
	URL         string  `json:"url"`
	HTMLURL     string  `json:"html_url"`
	DetailsURL  string  `json:"details_url"`
	Status      string  `json:"status"`
	Conclusion  *string `json:"conclusion"`
	StartedAt   *string `json:"started_at"`
	CompletedAt *string `json:"completed_at"`
	CheckSuite  struct {
		ID int `json:"id"`
	} `json:"check_suite"`
	App          *struct{} `json:"app"`
	PullRequests []any     `json:"pull_requests"`
	Output       struct {
		Title            *string `json:"title"`
		Summary          *string `json:"summary"`
		Text             *string `json:"text"`
		AnnotationsCount int     `json:"annotations_count"`
		AnnotationsURL   string  `json:"annotations_url"`
	} `json:"output"`
	annotations []Annotation
}

// Annotation is one as it was posted.
type Annotation struct {
	Path        string `json:"path"`
	BlobHref    string `json:"blob_href"` // in answers only
	StartLine   int    `json:"start_line"`
	EndLine     int    `json:"end_line"`
	StartColumn *int   `json:"start_column"`
	EndColumn   *int   `json:"end_column"`
	Level       string `json:"annotation_level"`
	Title       string `json:"title"`
	Message     string `json:"message"`
	RawDetails  string `json:"raw_details"`
}

// change is the body of a request to create or update a check run.
type change struct {
	Name, Status, Conclusion *string
	HeadSHA                  *string `json:"head_sha"`
	ExternalID               *string `json:"external_id"`
	DetailsURL               *string `json:"details_url"`
	StartedAt                *string `json:"started_at"`
	CompletedAt              *string `json:"completed_at"`
	Output                   *struct {
		Title, Summary, Text *string
		Annotations          []Annotation
	}
}

// CheckRun is what the API holds of a check run in the end.
type CheckRun struct {
	ID                     int
	Name, HeadSHA          string
	ExternalID, DetailsURL string
	Status, Conclusion     string
	Title, Summary, Text   string
	StartedAt, CompletedAt string
	Annotations            []Annotation
}

// CheckRuns lists all check runs, oldest first.
func (s *Server) CheckRuns() []CheckRun {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []CheckRun
	for _, r := range s.runs {
		all = append(all, CheckRun{
			ID: r.ID, Name: r.Name, HeadSHA: r.HeadSHA, ExternalID: r.ExternalID, DetailsURL: r.DetailsURL,
			Status: r.Status, Conclusion: text(r.Conclusion),
			Title: text(r.Output.Title), Summary: text(r.Output.Summary), Text: text(r.Output.Text),
			StartedAt: text(r.StartedAt), CompletedAt: text(r.CompletedAt), Annotations: slices.Clone(r.annotations),
		})
	}
	return all
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (s *Server) create(w http.ResponseWriter, r *http.Request, _ string, body []byte) {
	run := &checkRun{ID: len(s.runs) + 1, Status: "queued", PullRequests: []any{}}
	run.NodeID, run.CheckSuite.ID = fmt.Sprintf("CR_%d", run.ID), 7
	api := fmt.Sprintf("http://%s%s/repos/%s/check-runs/%d", r.Host, s.BasePath, s.Repository, run.ID)
	run.URL, run.Output.AnnotationsURL = api, api+"/annotations"
	run.HTMLURL = fmt.Sprintf("https://github.com/%s/runs/%d", s.Repository, run.ID)
	run.DetailsURL = run.HTMLURL
	if why := run.apply(body); why != "" {
		refuse(w, http.StatusUnprocessableEntity, why)
		return
	}
	s.runs = append(s.runs, run)
	answer(w, http.StatusCreated, run)
}

func (s *Server) update(w http.ResponseWriter, _ *http.Request, id string, body []byte) {
	run := s.find(id)
	if run == nil {
		refuse(w, http.StatusNotFound, "Not Found")
		return
	}
	if why := run.apply(body); why != "" {
		refuse(w, http.StatusUnprocessableEntity, why)
		return
	}
	answer(w, http.StatusOK, run)
}

func (s *Server) get(w http.ResponseWriter, _ *http.Request, id string, _ []byte) {
	if run := s.find(id); run != nil {
		answer(w, http.StatusOK, run)
		return
	}
	refuse(w, http.StatusNotFound, "Not Found")
}

func (s *Server) find(id string) *checkRun {
	n, err := strconv.Atoi(id)
	if err != nil || n < 1 || n > len(s.runs) {
		return nil
	}
	return s.runs[n-1]
}

// apply makes a change, or none and says why: what GitHub refuses with 422.
func (run *checkRun) apply(body []byte) string {
	var c change
	if err := json.Unmarshal(body, &c); err != nil {
		return "Problems parsing JSON"
	}
	if c.Output != nil {
		if why := refusal(c.Output.Annotations); why != "" {
			return why
		}
	}
	set(&run.Name, c.Name)
	set(&run.HeadSHA, c.HeadSHA)
	set(&run.ExternalID, c.ExternalID)
	set(&run.DetailsURL, c.DetailsURL)
	set(&run.Status, c.Status)
	if c.StartedAt != nil {
		run.StartedAt = c.StartedAt
	}
	if c.Conclusion != nil {
		run.Status, run.Conclusion, run.CompletedAt = "completed", c.Conclusion, c.CompletedAt
	}
	if c.Output != nil {
		run.Output.Title, run.Output.Summary, run.Output.Text = c.Output.Title, c.Output.Summary, c.Output.Text
		run.annotations = append(run.annotations, c.Output.Annotations...)
		run.Output.AnnotationsCount = len(run.annotations)
	}
	return ""
}

func set(to, from *string) {
	if from != nil {
		*to = *from
	}
}

// maxBytes is GitHub's limit on a message and on details. The description counts characters, the prose kilobytes.
const maxBytes = 64 << 10

func refusal(annotations []Annotation) string {
	if len(annotations) > 50 {
		return "Invalid request.\n\nNo more than 50 items are allowed."
	}
	for _, a := range annotations {
		switch {
		case a.StartLine < 1 || a.EndLine < a.StartLine:
			return "Invalid request.\n\nstart_line and end_line are out of order."
		case a.StartLine != a.EndLine && (a.StartColumn != nil || a.EndColumn != nil):
			return "Invalid request.\n\ncolumns need start_line to equal end_line."
		case len(a.Message) > maxBytes || len(a.RawDetails) > maxBytes || utf8.RuneCountInString(a.Title) > 255:
			return "Invalid request.\n\nAn annotation's text is too long."
		}
	}
	return ""
}

func (s *Server) listAnnotations(w http.ResponseWriter, r *http.Request, id string, _ []byte) {
	run := s.find(id)
	if run == nil {
		refuse(w, http.StatusNotFound, "Not Found")
		return
	}
	page := paginate(w, r, run.annotations)
	for i := range page {
		page[i].BlobHref = fmt.Sprintf("https://github.com/%s/blob/%s/%s", s.Repository, run.HeadSHA, page[i].Path)
	}
	answer(w, http.StatusOK, page)
}

func (s *Server) listForRef(w http.ResponseWriter, r *http.Request, ref string, _ []byte) {
	query := r.URL.Query()
	matching := slices.DeleteFunc(slices.Clone(s.runs), func(run *checkRun) bool {
		return run.HeadSHA != ref ||
			query.Has("check_name") && query.Get("check_name") != run.Name ||
			query.Has("status") && query.Get("status") != run.Status
	})
	answer(w, http.StatusOK, map[string]any{
		"total_count": len(matching), "check_runs": paginate(w, r, matching),
	})
}
