package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/github"
)

func newReport(env *Env) *cobra.Command {
	var f lintFlags
	var from string
	cmd := &cobra.Command{
		Use:   "report --from FILE",
		Short: "Report again what another run found, as from a fork's pull request",
		Long: "Report reads a JSON report as a stranger's, and reports it in other forms. In a workflow_run job it tells GitHub of\n" +
			"it, which the run of a fork's pull request itself may not: the pull request and its commit must be those that GitHub\n" +
			"says the run was for. Only the findings are taken from the report; rules, severities, configuration and verdict are\n" +
			"those of the repository here.\n\n" +
			"Exit code: 0 clean, 1 findings at or above --fail-on, 2 usage, configuration or a report that is refused, 3 our own failure.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runReport(cmd.Context(), env, &f, from) },
	}
	flags := cmd.Flags()
	flags.StringVar(&from, "from", "", "the JSON report to read, a `FILE`")
	flags.StringVar(&f.root, "root", "", "take `DIR` as the repository's root, for its configuration")
	flags.StringVar(&f.config, "config", "", "configuration `FILE` (default: .github/plimsoll.yaml or plimsoll.yaml)")
	flags.StringVar(&f.failOn, "fail-on", "", "lowest `SEVERITY` that fails: high, medium, low or never (default: medium)")
	flags.StringVar(&f.persona, "persona", "", "whom the answer is for: `PERSONA` is regular, pedantic or auditor (default: regular)")
	flags.StringVar(&f.baseline, "baseline", "", "findings listed in `FILE` do not count")
	flags.StringArrayVar(&f.policies, "policy", nil, "also know the rules of the policies in `DIR`; repeatable")
	flags.StringArrayVar(&f.formats, "format", []string{"text"}, "report as `FORMAT[=FILE]`: text, json, sarif, github, summary, junit; repeatable")
	flags.StringVar(&f.colour, "color", "auto", "colour the text: `WHEN` is auto, always or never")
	flags.BoolVar(&f.checkRun, "check-run", false, "post a check run to the pull request, with the token in GITHUB_TOKEN")
	// By default it is another name than that of a lint's, which a branch may require.
	flags.StringVar(&f.checkName, "check-name", "plimsoll (fork)", "`NAME` of the check run, and of what the review and the comment hold of this run")
	flags.BoolVar(&f.review, "review", false, "suggest fixes in a review of the pull request, with the token in GITHUB_TOKEN")
	flags.BoolVar(&f.comment, "comment", false, "keep one comment under the pull request up to date, with the token in GITHUB_TOKEN")
	flags.StringVar(&f.category, "category", "", "`NAME` that tells this run's SARIF from that of others over the same commit")
	flags.BoolVar(&f.strict, "strict-reporting", false, "fail where a report cannot be delivered, instead of a warning")
	flags.BoolVar(&f.githubOutput, "github-output", false, "write verdict and counts to GITHUB_OUTPUT")
	return cmd
}

func runReport(ctx context.Context, env *Env, f *lintFlags, from string) error {
	if from == "" {
		return usage(errors.New("--from names the report to read"))
	}
	options, err := f.options(ctx, env, nil)
	if err != nil {
		return usage(err)
	}
	r, err := readReport(engine.Absolute(env.Dir, from))
	if err != nil {
		return usage(fmt.Errorf("%s: %w", from, err))
	}
	if err := engine.Adopt(ctx, options, r); err != nil {
		if errors.Is(err, engine.ErrUsage) {
			return usage(err)
		}
		return internal(err)
	}
	c := &channels{env: env, flags: f, target: options.Target, forwarded: true}
	defer c.abandon()
	source, err := c.forward(ctx, r)
	if err != nil {
		return usage(err)
	}
	c.publish(ctx, &engine.Result{Report: r, Source: source})
	return c.answer(r.Verdict)
}

// readReport reads a report that anybody may have written, and whatever else may lie where it should.
func readReport(path string) (*finding.Report, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a link may lead anywhere, and a pipe never ends
		return nil, errors.New("it is no regular file")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	return finding.Decode(file)
}

// forward finds the pull request that a report is about and opens its check run, where anything is to be posted. What
// GitHub does not confirm is an error; what cannot be delivered is only said. It gives the texts of what was linted.
func (c *channels) forward(ctx context.Context, r *finding.Report) (func(string) []byte, error) {
	unknown := func(string) []byte { return nil }
	if !c.flags.checkRun && !c.flags.review && !c.flags.comment {
		return unknown, nil
	}
	event, err := readEvent(c.env)
	if err != nil {
		return nil, err
	}
	c.event = event
	if err := confirmed(event.Run, r.Change); err != nil {
		return nil, err
	}
	if c.client, err = newClient(c.env, c.event); err != nil {
		c.tell(fmt.Errorf("nothing is posted to GitHub: %w", err))
		return unknown, nil
	}
	pull, err := c.client.PullOf(ctx, event.Run, r.Change.Number)
	switch {
	case errors.Is(err, github.ErrMovedOn):
		c.client = nil
		c.notice("nothing is posted to GitHub: %v", err)
		return unknown, nil
	case errors.Is(err, github.ErrNotConfirmed):
		return nil, fmt.Errorf("the report is refused: %w", err)
	case err != nil:
		c.client = nil
		c.tell(fmt.Errorf("nothing is posted to GitHub: %w", err))
		return unknown, nil
	}
	c.speakOf(pull, r)
	c.openForwarded(ctx)
	if c.run == nil && !c.flags.review {
		return unknown, nil // nothing stands at a line
	}
	return c.texts(ctx, pull), nil
}

// confirmed holds a report's claim against the event, which GitHub wrote.
func confirmed(run *github.Run, change *finding.Change) error {
	switch {
	case run == nil:
		return errors.New("a report is posted from a workflow_run event alone, which says whose run wrote it")
	case run.Event != "pull_request":
		return fmt.Errorf("the run was started by %q, and a report is posted for pull_request alone", run.Event)
	case change == nil:
		return errors.New("the report is refused: it names no pull request, as one written on pull_request does")
	case change.Head != run.HeadSHA:
		return fmt.Errorf("the report is refused: it is about %s, and the run was for %q", change.Head, run.HeadSHA)
	}
	return nil
}

// speakOf makes the pull request what everything that follows is about.
func (c *channels) speakOf(pull github.Pull, r *finding.Report) {
	c.event.Number, c.event.HeadSHA, c.event.Linted = pull.Number, pull.HeadSHA, pull.HeadSHA
	if pull.MergeSHA != "" {
		c.event.Linted = pull.MergeSHA
	}
	r.Stats.Notices = append(r.Stats.Notices, fmt.Sprintf("these are the findings that run %d of the pull request's own workflow "+
		"wrote down; gate on that run, not on what it wrote", c.event.Run.ID))
}

// openForwarded opens the check run, which leads to the run that did the linting.
func (c *channels) openForwarded(ctx context.Context) {
	if !c.flags.checkRun {
		return
	}
	run, err := c.client.Start(ctx, github.Start{
		Name: c.flags.checkName, HeadSHA: c.event.HeadSHA, ExternalID: c.event.RunID,
		DetailsURL: fmt.Sprintf("%s/%s/actions/runs/%d", c.event.ServerURL, c.event.Repository, c.event.Run.ID),
	})
	if err != nil {
		c.tell(fmt.Errorf("no check run: %w", err))
		return
	}
	c.run = run
}

// maxTexts bounds how many files of what was linted are asked for, each by one request; textTime how long all of it takes.
const (
	maxTexts = 60
	textTime = time.Minute
)

// texts gives the files of the merge that was linted, to find the lines of the head by. Where it cannot be had, the lines
// are taken as they are.
func (c *channels) texts(ctx context.Context, pull github.Pull) func(string) []byte {
	deadline := time.Now().Add(textTime)
	tree, err := c.client.Tree(ctx, c.event.Linted)
	if err != nil {
		c.notice("annotations stand at the lines that were linted, which may be others in %s: %v", pull.HeadSHA, err)
		return func(string) []byte { return nil }
	}
	known := map[string][]byte{}
	return func(path string) []byte {
		text, there := known[path]
		id := tree.Files[path]
		if there || id == "" || tree.Links[path] || len(known) == maxTexts {
			return text
		}
		ctx, cancel := context.WithDeadline(ctx, deadline)
		defer cancel()
		text, err := c.client.Blob(ctx, tree, id)
		if err != nil {
			text = nil // the lines are taken as they are
		}
		known[path] = text
		return text
	}
}

// change is the pull request that is linted, as its event says; nil where there is none.
func (c *channels) change() *finding.Change {
	event, err := readEvent(c.env)
	if err != nil || event.Number == 0 {
		return nil
	}
	return &finding.Change{Number: event.Number, Head: event.HeadSHA}
}
