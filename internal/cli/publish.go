package cli

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"golang.org/x/term"

	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/report"
)

// summaryLimit is in bytes. GitHub takes 65 535 characters as the summary of a check run.
const summaryLimit = 60_000

// postingTime is how long all that goes to GitHub may take, but for the check run, which has a time of its own.
const postingTime = 4 * time.Minute

// publish sends the report everywhere it was asked for. Each way is on its own: one that fails is said, and neither
// stops the others nor changes the verdict. The check run comes last, since it tells how the job ends.
func (c *channels) publish(ctx context.Context, result *engine.Result) {
	env, r := c.env, result.Report
	o := report.Options{
		Source: result.Source, Colour: colour(env, c.flags.colour), Width: width(env), Links: c.links(ctx), Category: c.flags.category,
	}
	o.OmitSuppressed = env.Getenv("GITHUB_ACTIONS") == "true" // code scanning would open an alert for each
	annotated := false
	for _, spec := range c.specs() {
		if spec.Format == "github" && c.run != nil {
			continue // never the same finding by two ways: the Files tab would show it twice
		}
		annotated = annotated || spec.Format == "github"
		c.tell(emit(env, spec, o, r))
	}
	c.tell(jobSummary(env, o, r))
	if c.client != nil {
		posting, cancel := context.WithTimeout(ctx, postingTime)
		defer cancel()
		c.tell(c.uploadSARIF(posting, o, result))
		c.tell(c.writeComment(posting, o, r))
		c.tell(c.writeIssue(posting, o, r))
		moved := c.move(posting, result)
		c.tell(c.writeReview(posting, moved))
		c.tell(c.complete(ctx, o, r, moved))
	}
	if c.unposted && !annotated {
		c.tell(emit(env, report.Spec{Format: "github"}, o, r)) // nothing is annotated yet
	}
	if c.flags.githubOutput {
		c.tell(outputs(env, c.flags, c, r))
	}
}

// specs are the formats that were asked for, with workflow commands where a check run cannot be had.
func (c *channels) specs() []report.Spec {
	commands := report.Spec{Format: "github"}
	if !c.fallback || slices.Contains(c.flags.specs, commands) {
		return c.flags.specs
	}
	return append(slices.Clone(c.flags.specs), commands)
}

// warn tells of what went wrong beside the verdict.
func (env *Env) warn(err error) {
	if err != nil {
		fmt.Fprintln(env.Stderr, "plimsoll: warning:", report.Visible(err.Error()))
	}
}

func emit(env *Env, spec report.Spec, o report.Options, r *finding.Report) error {
	if spec.Path != "" {
		o.Colour = false
	}
	reporter, err := report.New(spec.Format, o)
	if err != nil {
		return err
	}
	if spec.Path == "" {
		return reporter.Report(env.Stdout, r)
	}
	return writeFile(engine.Absolute(env.Dir, spec.Path), func(file *os.File) error { return reporter.Report(file, r) })
}

func checkColour(when string) error {
	if when != "auto" && when != "always" && when != "never" {
		return fmt.Errorf("--color %q: use auto, always or never", when)
	}
	return nil
}

func colour(env *Env, when string) bool {
	if when != "auto" {
		return when == "always"
	}
	return env.terminal() != nil && env.Getenv("NO_COLOR") == "" && env.Getenv("TERM") != "dumb"
}

// terminal is standard output if that is a terminal, else nil.
func (env *Env) terminal() *os.File {
	if file, ok := env.Stdout.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return file
	}
	return nil
}

// width is how many columns a line of source may take in the terminal; 0 where there is none.
func width(env *Env) int {
	const gutter, least = 10, 40
	file := env.terminal()
	if file == nil {
		return 0
	}
	columns, _, err := term.GetSize(int(file.Fd()))
	if err != nil || columns <= 0 {
		return 0
	}
	return max(columns-gutter, least)
}

// links lead to the commit that was linted, whose lines the report names.
func (c *channels) links(ctx context.Context) report.Links {
	if e := c.event; c.forwarded {
		return report.Links{ServerURL: e.ServerURL, Repository: e.Repository, SHA: e.Linted}
	}
	event, err := readEvent(c.env)
	if err != nil {
		return report.Links{}
	}
	linted := event.Linted
	if heads, err := c.target.Heads(ctx); err == nil && heads[0] == event.HeadSHA {
		linted = event.HeadSHA
	}
	return report.Links{ServerURL: event.ServerURL, Repository: event.Repository, SHA: linted}
}

// maxEvent is how large the event's file may be, in bytes; GitHub sends at most 25 MB.
const maxEvent = 32 << 20

func readEvent(env *Env) (github.Event, error) {
	return github.EventFrom(env.Getenv, readAtMost(maxEvent))
}

// readAtMost reads whole files that are not larger.
func readAtMost(limit int64) func(string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close() //nolint:errcheck // only read
		data, err := io.ReadAll(io.LimitReader(file, limit+1))
		if err == nil && int64(len(data)) > limit {
			return nil, fmt.Errorf("%s is larger than %d bytes", path, limit)
		}
		return data, err
	}
}

// jobSummary adds to the step's summary page, inside a workflow.
func jobSummary(env *Env, o report.Options, r *finding.Report) error {
	path := env.Getenv("GITHUB_STEP_SUMMARY")
	if path == "" {
		return nil
	}
	reporter, err := report.New("summary", o)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644) //nolint:gosec // the runner names the file
	if err != nil {
		return fmt.Errorf("job summary: %w", err)
	}
	defer file.Close() //nolint:errcheck // the report's own error is the one to tell
	if err := reporter.Report(file, r); err != nil {
		return fmt.Errorf("job summary: %w", err)
	}
	return nil
}

// summaryMarkdown is the summary as a check run takes it.
func summaryMarkdown(o report.Options, r *finding.Report) (string, error) {
	o.Budget = summaryLimit
	reporter, err := report.New("summary", o)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = reporter.Report(&b, r)
	return b.String(), err
}

// outputs gives the verdict and counts to the steps that follow. Each value stands between delimiters that nobody can know,
// since a path may hold anything, line ends too.
func outputs(env *Env, f *lintFlags, c *channels, r *finding.Report) error {
	path := env.Getenv("GITHUB_OUTPUT")
	if path == "" {
		return fmt.Errorf("--github-output: GITHUB_OUTPUT is not set")
	}
	counts := r.Count()
	var b bytes.Buffer
	put := func(name string, value any) {
		delimiter := rand.Text()
		fmt.Fprintf(&b, "%s<<%s\n%v\n%s\n", name, delimiter, value, delimiter)
	}
	put("verdict", r.Verdict)
	put("findings-count", len(r.Active()))
	put("high-count", counts[finding.High])
	put("medium-count", counts[finding.Medium])
	put("low-count", counts[finding.Low])
	put("check-run-url", c.url())
	for _, spec := range f.specs {
		switch {
		case spec.Path == "":
		case spec.Format == "sarif":
			put("sarif-file", spec.Path)
		case spec.Format == "json":
			put("report-file", spec.Path)
		}
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644) //nolint:gosec // the runner names the file
	if err != nil {
		return fmt.Errorf("outputs: %w", err)
	}
	defer file.Close() //nolint:errcheck // the write's own error is the one to tell
	_, err = file.Write(b.Bytes())
	return err
}
