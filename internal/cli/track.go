package cli

import (
	"context"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/report"
)

// writeIssue brings the tracking issue up to date: it tells of the default branch, so that no other run writes it.
func (c *channels) writeIssue(ctx context.Context, o report.Options, r *finding.Report) error {
	switch {
	case !c.flags.tracking:
		return nil
	case c.event.Number > 0 || !c.event.DefaultBranch:
		c.notice("no tracking issue: it tells of the default branch, and this run is about %s", c.event.Ref)
		return nil
	}
	summary, err := summaryMarkdown(o, r)
	if err != nil {
		return err
	}
	page, err := c.client.Track(ctx, github.Tracking{
		Name: c.flags.checkName, Title: issueTitle(c.flags.checkName), Labels: c.flags.issueLabels, Body: summary,
		Clean: len(r.Active()) == 0,
	})
	if page != "" {
		c.notice("the tracking issue is %s", page)
	}
	return err
}

func issueTitle(name string) string {
	if name == "plimsoll" {
		return "Plimsoll: findings on the default branch"
	}
	return "Plimsoll: findings on the default branch (" + name + ")"
}
