package github

import (
	"context"
	"fmt"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// Start says what check run to open.
type Start struct {
	Name       string // as shown on the pull request, and as a branch's rules name it
	HeadSHA    string // commit to show it on; Event.HeadSHA
	ExternalID string // names this step among all that use the same Name; Event.RunID
	DetailsURL string // page of the job; "" is GitHub's own page of the check run
}

// Output is what a check run shows beside its annotations. Summary and Text are Markdown that the caller has made safe,
// one finding a line: what is too long for GitHub is cut after a line.
type Output struct {
	Title, Summary, Text string
	// Strict has the check run fail where not all annotations could be posted, as the job will then.
	Strict bool
}

// CheckRun is a check run that was opened and waits for its verdict.
type CheckRun struct {
	client *Client
	id     int64
	name   string
	url    string
	closed bool
	posted int
}

// URL is the check run's page.
func (r *CheckRun) URL() string { return r.url }

// Annotated is how many annotations Complete has posted.
func (r *CheckRun) Annotated() int { return r.posted }

// Start opens a check run, in progress, so that even a crash after it is seen: a required check that never completes
// does not pass. An open one that this very step made before is taken up again. It fails with ErrNoPermission where
// the token may not write checks.
func (c *Client) Start(ctx context.Context, s Start) (*CheckRun, error) {
	ctx, cancel := context.WithTimeout(ctx, totalTime)
	defer cancel()
	var run *gh.CheckRun
	err := retry(ctx, func(ctx context.Context, _ bool) (err error) {
		if run, err = c.own(ctx, s); run != nil || err != nil {
			return err
		}
		run, err = c.create(ctx, s)
		return err
	})
	if err != nil {
		return nil, c.wrap(fmt.Sprintf("open check run %q", s.Name), "checks: write", err)
	}
	return &CheckRun{client: c, id: run.GetID(), name: s.Name, url: run.GetHTMLURL()}, nil
}

// maxPages bounds the lists that are read, in pages of 100.
const maxPages = 10

// own finds an open check run of this step that holds nothing yet, or nil.
func (c *Client) own(ctx context.Context, s Start) (*gh.CheckRun, error) {
	if s.ExternalID == "" {
		return nil, nil
	}
	options := &gh.ListCheckRunsOptions{
		CheckName: &s.Name, Filter: new("all"), Status: new("in_progress"),
		ListOptions: gh.ListOptions{PerPage: 100},
	}
	for range maxPages {
		list, resp, err := c.api.Checks.ListCheckRunsForRef(ctx, c.owner, c.repo, s.HeadSHA, options)
		if err != nil {
			return nil, err
		}
		for _, run := range list.CheckRuns {
			if run.GetExternalID() == s.ExternalID && run.GetOutput().GetAnnotationsCount() == 0 {
				return run, nil
			}
		}
		if options.Page = resp.NextPage; options.Page == 0 {
			break
		}
	}
	return nil, nil
}

// create opens a check run. It does not stop when the job is cancelled on the way: one that was opened, and that nobody
// knows of, would never be closed.
func (c *Client) create(ctx context.Context, s Start) (*gh.CheckRun, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tryTime)
	defer cancel()
	options := gh.CreateCheckRunOptions{
		Name:       s.Name,
		HeadSHA:    s.HeadSHA,
		ExternalID: optional(s.ExternalID),
		DetailsURL: optional(s.DetailsURL),
		Status:     new("in_progress"),
		StartedAt:  &gh.Timestamp{Time: time.Now().UTC().Truncate(time.Second)},
		Output:     &gh.CheckRunOutput{Title: new("Linting"), Summary: new("Not finished yet.")},
	}
	run, _, err := c.api.Checks.CreateCheckRun(ctx, c.owner, c.repo, options)
	return run, err
}

// optional leaves an empty string out of the request.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

const (
	// closingTime is what is kept of the total time for the request that carries the verdict.
	closingTime = 20 * time.Second
	// stoppedTime is how long closing may take once the job was cancelled: it is killed ten seconds after.
	stoppedTime = 8 * time.Second
)

// Complete posts the report's active findings as annotations, the most severe first and in batches, and then closes the
// check run with the report's verdict: success or failure, never neutral, which would pass a required check. Where
// annotations cannot be posted, the summary says how many are missing, the verdict is posted all the same, and the error
// says why. The verdict is posted too when the context is cancelled on the way.
func (r *CheckRun) Complete(ctx context.Context, report *finding.Report, out Output) error {
	deadline := time.Now().Add(totalTime)
	posting, cancel := context.WithDeadline(ctx, deadline.Add(-closingTime))
	defer cancel()
	active := finding.Ranked(report.Active())
	p := &poster{run: r, output: out.bounded("")}
	postErr := p.postAll(posting, annotations(report, active))
	r.posted = p.posted

	if ctx.Err() != nil {
		deadline = time.Now().Add(stoppedTime)
	}
	closing, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	defer cancel()
	conclusion := "failure"
	if report.Verdict == finding.Pass && (postErr == nil || !out.Strict) {
		conclusion = "success"
	}
	if err := r.close(closing, conclusion, out.bounded(notice(p.posted, len(active)))); err != nil {
		return r.client.wrap("complete the check run", "checks: write", err)
	}
	return r.client.wrap("annotate the check run", "checks: write", postErr)
}

// Fail closes the check run as failed when there is no report to give: the program broke down or was told to stop.
// summary is Markdown that the caller has made safe. The context may be cancelled already. Once the check run is closed
// it does nothing, so it can be deferred.
func (r *CheckRun) Fail(ctx context.Context, summary string) error {
	if r.closed {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stoppedTime)
	defer cancel()
	out := Output{Title: "Linting did not finish", Summary: summary}
	return r.client.wrap("close the check run", "checks: write", r.close(ctx, "failure", out.bounded("")))
}

// close sets the conclusion. Repeating it changes nothing.
func (r *CheckRun) close(ctx context.Context, conclusion string, output *gh.CheckRunOutput) error {
	err := retry(ctx, func(ctx context.Context, _ bool) error {
		return r.update(ctx, gh.UpdateCheckRunOptions{
			Status:      new("completed"),
			Conclusion:  &conclusion,
			CompletedAt: &gh.Timestamp{Time: time.Now().UTC().Truncate(time.Second)},
			Output:      output,
		})
	})
	r.closed = r.closed || err == nil
	return err
}

func (r *CheckRun) update(ctx context.Context, options gh.UpdateCheckRunOptions) error {
	options.Name = r.name // the library sends it always; an empty one would be refused
	_, _, err := r.client.api.Checks.UpdateCheckRun(ctx, r.client.owner, r.client.repo, r.id, options)
	return err
}
