package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/place"
	"github.com/plimsoll-dev/plimsoll/internal/report"
)

// movingTime is how long looking up the head's files may take.
const movingTime = time.Minute

// move finds the findings' places in the commit that GitHub shows them on. Where its files cannot be had, the places are
// taken as they are, and that is said.
func (c *channels) move(ctx context.Context, result *engine.Result) place.Moved {
	from := place.Linted{Prefix: c.target.InRepository(""), Source: result.Source}
	if c.run == nil && !c.reviews() || len(result.Report.Active()) == 0 {
		return place.Move(ctx, result.Report, from, place.Tree{})
	}
	ctx, cancel := context.WithTimeout(ctx, movingTime)
	defer cancel()
	tree, err := c.tree(ctx)
	if err != nil {
		c.notice("annotations stand at the lines that were linted, which may be others in %s: %v", c.event.HeadSHA, err)
	}
	return place.Move(ctx, result.Report, from, tree)
}

// tree lists the files of the event's head: from the clone, which may be a shallow one without it, else from GitHub.
func (c *channels) tree(ctx context.Context) (place.Tree, error) {
	if repo, err := c.target.Git(); err == nil {
		if tree, err := repo.Tree(ctx, c.event.HeadSHA); err == nil {
			return place.Tree{Files: tree.Files, Links: tree.Links, Read: repo.Blob}, nil
		}
	}
	tree, err := c.client.Tree(ctx, c.event.HeadSHA)
	if err != nil {
		return place.Tree{}, err
	}
	read := func(ctx context.Context, id string) ([]byte, error) { return c.client.Blob(ctx, tree, id) }
	return place.Tree{Files: tree.Files, Links: tree.Links, Read: read}, nil
}

// complete posts annotations, at the places of the head, and the verdict. The summary speaks of what was linted.
func (c *channels) complete(ctx context.Context, o report.Options, linted *finding.Report, moved place.Moved) error {
	if c.run == nil {
		return nil
	}
	r := *moved.Report
	out := github.Output{Title: title(&r), Strict: c.flags.strict}
	summary, err := summaryMarkdown(o, linted)
	if err != nil {
		return errors.Join(err, c.run.Fail(ctx, report.Paragraph("The summary could not be written.")))
	}
	out.Summary = summary + displaced(moved)
	if c.flags.strict && c.failures > 0 {
		r.Verdict, out.Title = finding.Fail, "Reports could not be delivered; "+out.Title
	}
	err = c.run.Complete(ctx, &r, out)
	c.unposted = err != nil && !c.forwarded && c.run.Annotated() == 0 && len(r.Active()) > 0
	return err
}

// displaced says which findings are not annotated where they were found.
func displaced(moved place.Moved) string {
	if moved.NoFile+moved.NoLine == 0 {
		return ""
	}
	return report.Paragraph(fmt.Sprintf("This commit has no such file for %d of the findings, and no such line for %d: "+
		"they are in what was linted, which is the merge with the base branch unless the workflow says otherwise.", moved.NoFile, moved.NoLine))
}

// title is the one line that a pull request shows beside the check.
func title(r *finding.Report) string {
	switch {
	case report.NothingLinted(r):
		return "Nothing to lint"
	case len(r.Active()) == 0:
		return "No findings" + addedTitle(r)
	}
	return report.CountWords(r.Count()) + addedTitle(r)
}

// addedTitle says how many findings are hidden by ignores that the change itself adds.
func addedTitle(r *finding.Report) string {
	if n := len(r.Added()); n > 0 {
		return fmt.Sprintf("; %d hidden by ignores added here", n)
	}
	return ""
}

// reviews reports whether there is a pull request to review, and it is asked for.
func (c *channels) reviews() bool { return c.flags.review && c.event.Number > 0 }

// writeReview suggests the fixes of the findings that have one.
func (c *channels) writeReview(ctx context.Context, moved place.Moved) error {
	if !c.reviews() {
		return nil
	}
	review := github.Review{
		Name: c.flags.checkName, Number: c.event.Number, HeadSHA: c.event.HeadSHA,
		Body: "Plimsoll suggests these edits. Each removes a finding; the job's summary has them all.",
	}
	review.Remarks = remarks(moved)
	done, err := c.client.Review(ctx, review)
	if done.Cut+done.Refused > 0 {
		c.notice("the review has %d of the suggestions: %d are more than one review should have, and GitHub refused %d",
			done.Posted+done.Stood, done.Cut, done.Refused)
	}
	return err
}

// remarks are the suggestions that the findings' fixes make, the most severe first. Findings that the same edit removes
// share one.
func remarks(moved place.Moved) []github.Remark {
	type edit struct {
		path, text  string
		first, last int
	}
	var all []github.Remark
	var blocks []string
	index := map[edit]int{}
	for _, f := range finding.Ranked(moved.Report.Active()) {
		if f.Fix == nil || len(f.Fix.Edits) == 0 {
			continue
		}
		s, ok := report.Suggest(moved.Report, f, moved.Source(f.Fix.Edits[0].Location.Path))
		if !ok {
			continue
		}
		e := edit{s.Path, s.Text, s.First, s.Last}
		i, known := index[e]
		if !known {
			i = len(all)
			index[e] = i
			all = append(all, github.Remark{Key: f.Fingerprint + "\x00" + s.Text, Path: s.Path, First: s.First, Last: s.Last})
			blocks = append(blocks, s.Markdown)
		}
		if len(all[i].Body) < maxRemark {
			all[i].Body += s.About
		}
	}
	for i, block := range blocks {
		all[i].Body += block
	}
	return all
}

// maxRemark is how long the findings of one remark may get, in bytes; GitHub takes 65 536 characters in all.
const maxRemark = 20 << 10

// writeComment brings the pull request's comment up to date.
func (c *channels) writeComment(ctx context.Context, o report.Options, r *finding.Report) error {
	if !c.flags.comment || c.event.Number == 0 {
		return nil
	}
	summary, err := summaryMarkdown(o, r)
	if err != nil {
		return err
	}
	return c.client.Comment(ctx, github.Sticky{
		Name: c.flags.checkName, Number: c.event.Number, Body: summary, Quiet: len(r.Active()) == 0,
	})
}

// uploadSARIF sends the report to code scanning, without findings too: that is how alerts close. The branches of a merge
// queue are gone at once, so nothing is uploaded for them.
func (c *channels) uploadSARIF(ctx context.Context, o report.Options, result *engine.Result) error {
	switch {
	case !c.flags.uploads(), c.event.Name == "merge_group":
		return nil
	case c.flags.upload == uploadDefaultBranch && !c.event.DefaultBranch:
		return nil
	case c.event.Name == "pull_request_target":
		return errors.New("no upload to code scanning: pull_request_target would show it on the base branch")
	case !strings.HasPrefix(c.event.Ref, "refs/"):
		return fmt.Errorf("no upload to code scanning: the event has no full reference: %q", c.event.Ref)
	}
	commit, ref := c.event.Linted, c.event.Ref
	heads, err := c.target.Heads(ctx)
	switch {
	case err != nil || heads[0] == commit:
	case c.event.Number > 0 && heads[0] == c.event.HeadSHA:
		commit, ref = heads[0], fmt.Sprintf("refs/pull/%d/head", c.event.Number)
	default:
		return fmt.Errorf("no upload to code scanning: %s is checked out, and it would be shown on %s", heads[0], commit)
	}
	from := place.Linted{Prefix: c.target.InRepository(""), Source: result.Source}
	whole := place.Move(ctx, result.Report, from, place.Tree{}) // as seen from the repository's root
	o.OmitSuppressed, o.Source = true, whole.Source
	reporter, err := report.New("sarif", o)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := reporter.Report(&b, whole.Report); err != nil {
		return err
	}
	return c.client.Upload(ctx, github.Upload{CommitSHA: commit, Ref: ref, SARIF: b.Bytes()})
}
