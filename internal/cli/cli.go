// Package cli is the command line: commands, flags, exit codes, and the order in which things happen. It decides nothing
// about findings.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/report"
)

// Exit codes. They are a contract: gates depend on them.
const (
	ExitClean    = 0 // no finding at or above --fail-on
	ExitFindings = 1 // findings at or above --fail-on, what could not be read or rendered included
	ExitUsage    = 2 // a flag, path, policy or configuration is wrong
	ExitInternal = 3 // our own failure: there is no verdict
)

// Version is set by the build: -ldflags "-X github.com/plimsoll-dev/plimsoll/internal/cli.Version=v1.2.3".
var Version = "dev"

// Env is the world around a command, so that tests can give it another one.
type Env struct {
	Args   []string // without the program's name
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Getenv func(string) string
	Dir    string // the working directory; absolute
	// Transport leads to GitHub's API; nil is the network.
	Transport github.Transport
}

// exitError carries an exit code up to Main.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// usage marks an error as the user's to mend.
func usage(err error) error {
	if err == nil {
		return nil
	}
	return &exitError{code: ExitUsage, err: err}
}

// internal marks an error as ours.
func internal(err error) error {
	if err == nil {
		return nil
	}
	return &exitError{code: ExitInternal, err: err}
}

// Main runs the process's own command line and returns its exit code.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	spareGC()
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintln(os.Stderr, "plimsoll: working directory:", err)
		return ExitInternal
	}
	return Run(ctx, Env{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Dir: dir,
	})
}

// spareGC trades some memory for time: a lint is short, and most of what it makes lives until its end. Past the soft limit
// the collector works as hard as it must. Whoever sets GOGC knows better.
func spareGC() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
		debug.SetMemoryLimit(1 << 30)
	}
}

// Run runs one command and returns its exit code. A panic is our own failure, never a pass.
func Run(ctx context.Context, env Env) (code int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(env.Stderr, "plimsoll: internal error: %s\nplease report this at https://github.com/plimsoll-dev/plimsoll/issues\n", report.Visible(fmt.Sprint(r)))
			code = ExitInternal
		}
	}()
	root := newRoot(&env)
	root.SetArgs(env.Args)
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return ExitClean
	}
	var exit *exitError
	switch {
	case errors.Is(err, errFindings):
		return ExitFindings
	case errors.As(err, &exit):
		code = exit.code
	default: // cobra's own errors are about flags and arguments
		code = ExitUsage
	}
	for line := range strings.SplitSeq(err.Error(), "\n") { // each one begun by us: the runner takes what begins a line for a command
		fmt.Fprintln(env.Stderr, "plimsoll:", report.Visible(line))
	}
	return code
}

// errFindings says that the verdict is fail; the report has said why.
var errFindings = errors.New("findings")

func newRoot(env *Env) *cobra.Command {
	root := &cobra.Command{
		Use:                   "plimsoll",
		Short:                 "Lint a repository for the security of its Kubernetes supply chain",
		Long:                  "Plimsoll renders Helm charts and Kustomize overlays, reads workflows, Dockerfiles and manifests,\nand says at the line that causes it what is unpinned, over-privileged or unreadable.",
		Version:               Version,
		SilenceUsage:          true,
		SilenceErrors:         true,
		DisableFlagsInUseLine: true,
		RunE:                  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.Args = checkCommand(root)
	root.SetFlagErrorFunc(misusedFlag)
	root.AddCommand(
		newInit(env), newLint(env), newAudit(env), newReport(env), newRender(env), newFacts(env), newPermissions(env), newRules(env),
		newExplain(env), newVersion(env), newWorker(env),
	)
	return root
}

func newVersion(env *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(env.Stdout, "plimsoll", Version)
			return internal(err)
		},
	}
}
