package github

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

const (
	// maxBatch is how many annotations GitHub takes in one request; each further request adds to those before.
	maxBatch = 50
	// maxAnnotations is how many are posted at most: GitHub has no limit, but its pages become unusable.
	maxAnnotations = 500
	// maxRefused is how many annotations GitHub may refuse, each by itself, before the cause must be another.
	maxRefused = 5
	// maxSteps and maxNames are how many related places and variants the details of an annotation list.
	maxSteps, maxNames = 20, 10
)

// poster adds annotations to a check run and counts what arrived.
type poster struct {
	run             *CheckRun
	output          *gh.CheckRunOutput // title and summary, which every request must carry
	posted, refused int
}

func (p *poster) postAll(ctx context.Context, all []*gh.CheckRunAnnotation) error {
	for batch := range slices.Chunk(all, maxBatch) {
		if err := p.post(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// post adds one batch, once: a try whose fate is unknown is read back before it is repeated. GitHub refuses a batch as a
// whole and does not say which annotation it dislikes, so a refused batch is halved until that one stands alone.
func (p *poster) post(ctx context.Context, batch []*gh.CheckRunAnnotation) error {
	output := *p.output
	output.Annotations = batch
	err := retry(ctx, func(ctx context.Context, again bool) error {
		if again {
			if n, err := p.count(ctx); err != nil || n >= p.posted+len(batch) {
				return err
			}
		}
		return p.run.update(ctx, gh.UpdateCheckRunOptions{Status: new("in_progress"), Output: &output})
	})
	switch {
	case err == nil:
		p.posted += len(batch)
		return nil
	case status(err) != http.StatusUnprocessableEntity || p.refused == maxRefused:
		return err
	case len(batch) == 1:
		p.refused++
		return nil
	}
	middle := len(batch) / 2
	if err := p.post(ctx, batch[:middle]); err != nil {
		return err
	}
	return p.post(ctx, batch[middle:])
}

// count reads back how many annotations the check run has.
func (p *poster) count(ctx context.Context) (int, error) {
	c, n := p.run.client, 0
	options := &gh.ListOptions{PerPage: 100}
	for range maxPages {
		list, resp, err := c.api.Checks.ListCheckRunAnnotations(ctx, c.owner, c.repo, p.run.id, options)
		if err != nil {
			return 0, err
		}
		n += len(list)
		if options.Page = resp.NextPage; options.Page == 0 {
			break
		}
	}
	return n, nil
}

// notice tells the reader of a summary that there is more than the annotations show; "" where there is not.
func notice(posted, total int) string {
	if posted >= total {
		return ""
	}
	return fmt.Sprintf("Of %d findings %d are shown as annotations, the most severe first; the job's log has all of them.",
		total, posted)
}

// annotations makes annotations of ranked findings, as many as are posted at most. A finding without a file of the
// repository, such as one in the configuration given on the command line, has no place to be shown at.
func annotations(report *finding.Report, ranked []*finding.Finding) []*gh.CheckRunAnnotation {
	var all []*gh.CheckRunAnnotation
	for _, f := range ranked {
		if len(all) == maxAnnotations {
			break
		}
		if path := f.Location.Path; path != "." && fs.ValidPath(path) {
			all = append(all, annotation(report, f))
		}
	}
	return all
}

func annotation(report *finding.Report, f *finding.Finding) *gh.CheckRunAnnotation {
	span := f.Location.Span
	start := max(1, span.Start.Line)
	end := max(start, span.End.Line)
	if end > start && span.End.Column <= 1 {
		end-- // the span's end is the first place after it
	}
	a := &gh.CheckRunAnnotation{
		Path:            &f.Location.Path,
		StartLine:       &start,
		EndLine:         &end,
		AnnotationLevel: new(level(report, f.Severity)),
		Title:           new(cut(clean(oneLine(title(report, f))), maxTitle)),
		Message:         new(cut(clean(f.Message), maxMessage)),
		RawDetails:      optional(cut(clean(details(report, f)), maxMessage)),
	}
	if start == end && span.Exact && span.Start.Column >= 1 { // GitHub refuses columns over several lines
		last := max(span.Start.Column, span.End.Column-1)
		a.StartColumn, a.EndColumn = new(span.Start.Column), &last
	}
	return a
}

// variants lists sets of values: the first few, and how many more there are.
func variants(names []string) string {
	switch more := len(names) - maxNames; {
	case len(names) == 0:
		return ""
	case more > 0:
		return fmt.Sprintf(" (%s and %d more)", strings.Join(names[:maxNames], ", "), more)
	default:
		return " (" + strings.Join(names, ", ") + ")"
	}
}

// related lists the places that a finding is related to, a line each: path:line, or no more than is known of it.
func related(f *finding.Finding) []string {
	var lines []string
	for _, note := range f.Related[:min(maxSteps, len(f.Related))] {
		at, span := note.Location.Path, note.Location.Span
		switch {
		case span.Exact:
			at = fmt.Sprintf("%s:%d", at, span.Start.Line)
		case span.Start != span.End:
			at = fmt.Sprintf("near %s:%d", at, span.Start.Line)
		}
		lines = append(lines, at+": "+note.Message)
	}
	if more := len(f.Related) - maxSteps; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more places", more))
	}
	return lines
}

// level is failure for what fails the gate and for all that is high, so that red means the same in every channel.
func level(report *finding.Report, s finding.Severity) string {
	switch {
	case s == finding.High, report.FailOn > 0 && s >= report.FailOn:
		return "failure"
	case s == finding.Medium:
		return "warning"
	default:
		return "notice"
	}
}

func title(report *finding.Report, f *finding.Finding) string {
	if rule := report.Rule(f.RuleID); rule != nil && rule.Title != "" {
		return f.RuleID + ": " + rule.Title
	}
	return f.RuleID
}

// details is what a reader may want beside the message: what to do, and how the finding came about. Plain text.
func details(report *finding.Report, f *finding.Finding) string {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if rule := report.Rule(f.RuleID); rule != nil {
		if rule.Remediation != "" {
			add("%s", rule.Remediation)
		}
		if rule.HelpURL != "" {
			add("More: %s", rule.HelpURL)
		}
	}
	if !f.Location.Span.Exact {
		add("The line is the nearest one known.")
	}
	if o := f.Origin; o != nil {
		if o.Object != "" {
			add("Object: %s %s", o.Object, o.Field)
		}
		if o.Value != "" {
			add("Renders to: %s", oneLine(o.Value))
		}
		if o.Renderer != "" {
			add("Rendered by %s from %s%s", o.Renderer, o.Root, variants(o.Variants))
		}
	}
	lines = append(lines, related(f)...)
	if f.Fix != nil {
		lines = append(lines, "Fix: "+f.Fix.Description)
		for _, block := range f.Blocks() {
			if block.Where != "" {
				lines = append(lines, block.Where+":")
			}
			lines = append(lines, block.Lines...)
		}
	}
	return strings.Join(lines, "\n")
}
