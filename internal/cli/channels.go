package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/report"
)

// channels are the ways by which a lint tells what it found. None of them has a say in the verdict.
type channels struct {
	env      *Env
	flags    *lintFlags
	target   *engine.Target
	event    github.Event
	client   *github.Client   // nil when nothing is posted
	run      *github.CheckRun // nil when there is none
	fallback bool             // a check run was asked for and cannot be had: workflow commands stand in
	unposted bool             // the check run is there, and shows no annotation that it should
	failures int              // reports that could not be delivered
	// forwarded says that the report is another run's: nothing that is checked out here is what it speaks of.
	forwarded bool
}

// openChannels finds the way to GitHub, if any is asked for, and opens the check run before the scan, so that a crash is
// visible. Where it cannot, it says why once, and workflow commands take its place: the exit code carries the verdict in any
// case.
func openChannels(ctx context.Context, env *Env, f *lintFlags, target *engine.Target) *channels {
	c := &channels{env: env, flags: f, target: target}
	if !f.posts() {
		return c
	}
	if err := c.connect(ctx); err != nil {
		c.client, c.fallback = nil, f.checkRun
		c.tell(fmt.Errorf("nothing is posted to GitHub%s: %w", instead(f.checkRun), err))
		return c
	}
	if c.client == nil || !f.checkRun {
		return c
	}
	run, err := c.client.Start(ctx, github.Start{
		Name: f.checkName, HeadSHA: c.event.HeadSHA, ExternalID: c.event.RunID, DetailsURL: c.event.RunURL,
	})
	if err != nil {
		c.fallback = true
		c.tell(fmt.Errorf("no check run%s: %w", instead(true), err))
		return c
	}
	c.run = run
	return c
}

func instead(commands bool) string {
	if commands {
		return ", workflow commands instead"
	}
	return ""
}

// connect makes the client; it leaves it nil, and gives a notice, where all calls are known to fail.
func (c *channels) connect(ctx context.Context) (err error) {
	if c.event, err = readEvent(c.env); err != nil {
		return err
	}
	if why := c.event.ReadOnly(); why != "" {
		c.fallback = c.flags.checkRun
		c.notice("nothing is posted to GitHub%s: %s", instead(c.flags.checkRun), why)
		return nil
	}
	if err := c.rightTree(ctx); err != nil {
		return err
	}
	c.client, err = newClient(c.env, c.event)
	return err
}

// newClient is for what GitHub is asked about the repository of an event, with the token in GITHUB_TOKEN.
func newClient(env *Env, event github.Event) (*github.Client, error) {
	return github.New(github.Options{
		Token: env.Getenv("GITHUB_TOKEN"), APIURL: event.APIURL, GraphQLURL: event.GraphQLURL, Repository: event.Repository,
		UserAgent: "plimsoll/" + Version, Transport: env.Transport,
	})
}

// rightTree refuses to speak of a pull request whose files are not those that are linted: pull_request_target checks out
// the base branch unless the workflow says otherwise.
func (c *channels) rightTree(ctx context.Context) error {
	if c.event.Name != "pull_request_target" {
		return nil
	}
	heads, err := c.target.Heads(ctx)
	if err != nil {
		return fmt.Errorf("pull_request_target, and it cannot be told what is checked out: %w", err)
	}
	if !slices.Contains(heads, c.event.HeadSHA) {
		return errors.New("pull_request_target checks out the base branch, and what is linted is not the pull request; use pull_request")
	}
	return nil
}

// tell says what could not be delivered.
func (c *channels) tell(err error) {
	if err == nil {
		return
	}
	c.failures++
	if c.flags.strict {
		fmt.Fprintln(c.env.Stderr, "plimsoll: error:", report.Visible(err.Error()))
		return
	}
	c.env.warn(err)
}

// notice says what a reader should know and cannot be mended.
func (c *channels) notice(format string, args ...any) {
	fmt.Fprintln(c.env.Stderr, "plimsoll: notice:", report.Visible(fmt.Sprintf(format, args...)))
}

var errUndelivered = errors.New("a report could not be delivered, and --strict-reporting is on")

// answer is the verdict as an error. Only where delivery was asked to be strict does it look at that, and never to pass.
func (c *channels) answer(verdict finding.Verdict) error {
	switch {
	case verdict == finding.Fail:
		return errFindings
	case c.flags.strict && c.failures > 0:
		return internal(errUndelivered)
	}
	return nil
}

func (c *channels) url() string {
	if c.run == nil {
		return ""
	}
	return c.run.URL()
}

// fail says on the pull request that there is no verdict. It outlives a cancelled context.
func (c *channels) fail(err error) {
	if c.run == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	c.env.warn(c.run.Fail(ctx, report.Paragraph("Plimsoll could not come to a verdict: "+err.Error())))
}

// abandon completes a check run that a panic has left open, and lets the panic go on.
func (c *channels) abandon() {
	if r := recover(); r != nil {
		c.fail(fmt.Errorf("internal error: %v", r))
		panic(r)
	}
}

// When SARIF is sent to code scanning.
const (
	uploadNever         = "never"
	uploadDefaultBranch = "default-branch"
	uploadAlways        = "always"
)

// uploads reports whether SARIF may be sent; commands that lint on the way to something else leave it unsaid.
func (f *lintFlags) uploads() bool { return f.upload != "" && f.upload != uploadNever }

func checkUpload(when string) error {
	all := []string{uploadNever, uploadDefaultBranch, uploadAlways}
	if when != "" && !slices.Contains(all, when) {
		return fmt.Errorf("--upload-sarif %q: use %s", when, strings.Join(all, ", "))
	}
	return nil
}
