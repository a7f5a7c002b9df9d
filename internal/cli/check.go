package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/report"
)

// check is the check run that goes with a lint, if one was asked for and could be opened.
type check struct {
	env      *Env
	run      *github.CheckRun // nil when there is none
	fallback bool             // one was asked for and cannot be had: workflow commands stand in
}

// startCheck opens the check run before the scan, so that a crash is visible. Where it cannot, it says why once, and
// workflow commands take its place: the exit code carries the verdict in any case.
func startCheck(ctx context.Context, env *Env, f *lintFlags) *check {
	c := &check{env: env}
	if !f.checkRun {
		return c
	}
	run, err := openCheck(ctx, env, f.checkName)
	if err != nil {
		env.warn(fmt.Errorf("no check run, workflow commands instead: %w", err))
		c.fallback = true
	}
	c.run = run
	return c
}

func openCheck(ctx context.Context, env *Env, name string) (*github.CheckRun, error) {
	event, err := readEvent(env)
	if err != nil {
		return nil, err
	}
	if why := event.ReadOnly(); why != "" {
		return nil, errors.New(why)
	}
	client, err := github.New(github.Options{
		Token: env.Getenv("GITHUB_TOKEN"), APIURL: event.APIURL, Repository: event.Repository, UserAgent: "plimsoll/" + Version,
	})
	if err != nil {
		return nil, err
	}
	return client.Start(ctx, github.Start{Name: name, HeadSHA: event.HeadSHA, ExternalID: event.RunID, DetailsURL: event.RunURL})
}

func (c *check) posts() bool { return c.run != nil }

func (c *check) url() string {
	if c.run == nil {
		return ""
	}
	return c.run.URL()
}

// complete posts annotations and the verdict.
func (c *check) complete(ctx context.Context, o report.Options, r *finding.Report) error {
	if c.run == nil {
		return nil
	}
	summary, err := summaryMarkdown(o, r)
	if err != nil {
		return err
	}
	return c.run.Complete(ctx, r, github.Output{Title: title(r), Summary: summary})
}

// title is the one line that a pull request shows beside the check.
func title(r *finding.Report) string {
	counts := r.Count()
	switch {
	case report.NothingLinted(r):
		return "Nothing to lint"
	case len(r.Active()) == 0:
		return "No findings"
	}
	return fmt.Sprintf("%d high, %d medium, %d low", counts[finding.High], counts[finding.Medium], counts[finding.Low]+counts[finding.Info])
}

// fail says on the pull request that there is no verdict. It outlives a cancelled context.
func (c *check) fail(err error) {
	if c.run == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	c.env.warn(c.run.Fail(ctx, report.Paragraph("Plimsoll could not come to a verdict: "+err.Error())))
}

// abandon completes a check run that a panic has left open, and lets the panic go on.
func (c *check) abandon() {
	if r := recover(); r != nil {
		c.fail(fmt.Errorf("internal error: %v", r))
		panic(r)
	}
}
