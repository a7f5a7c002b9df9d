package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	timeout   = 2 * time.Minute
	maxOutput = 256 << 20 // bytes
	maxErrors = 64 << 10  // bytes of git's own messages
)

// hardening overrides every setting of a repository that would have the commands used here run a program, or that would
// change the form of their output.
var hardening = []string{
	"core.fsmonitor=false",
	"core.hooksPath=" + os.DevNull,
	"core.pager=cat",
	"core.sshCommand=false",
	"credential.helper=",
	"diff.autoRefreshIndex=true",
	"diff.external=",
	"protocol.allow=never",
	"safe.bareRepository=explicit",
}

// command prepares git so that only git itself runs. Settings of the user and the system hold, safe.directory among
// them: that git refuses another user's repository is the user's choice to lift.
func (r *Repo) command(ctx context.Context, args []string) *exec.Cmd {
	// The work tree is named, since core.worktree of the repository could move it anywhere.
	full := []string{"--no-pager", "--work-tree=" + r.root}
	for _, setting := range slices.Concat(hardening, r.quiet) {
		full = append(full, "-c", setting)
	}
	cmd := exec.CommandContext(ctx, r.git, append(full, args...)...)
	cmd.Dir = r.root
	cmd.Env = append(cleanEnv(os.Environ()),
		"LC_ALL=C",
		"GIT_OPTIONAL_LOCKS=0",   // read, never refresh the index on disk
		"GIT_TERMINAL_PROMPT=0",  // never ask
		"GIT_NO_LAZY_FETCH=1",    // never fetch what a partial clone lacks,
		"GIT_ALLOW_PROTOCOL=off", // and if this git is too old to know that, over no transport
		"GIT_CEILING_DIRECTORIES="+filepath.Dir(r.root),
	)
	cmd.Env = append(cmd.Env, r.extra...)
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// run gives the output of one git command.
func (r *Repo) run(ctx context.Context, args ...string) ([]byte, error) {
	return r.feed(ctx, nil, args...)
}

// feed is run for a command that reads from its standard input.
func (r *Repo) feed(ctx context.Context, in io.Reader, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	cmd := r.command(ctx, args)
	out, messages := capped{max: maxOutput}, capped{max: maxErrors}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, &out, &messages
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("git %s: %w", args[0], ctx.Err())
	case out.full:
		return nil, fmt.Errorf("git %s: more than %d MiB of output", args[0], maxOutput>>20)
	case err != nil:
		return nil, &commandError{args[0], strings.TrimSpace(messages.String()), err}
	}
	return out.Bytes(), nil
}

// commandError is what git said when it did not succeed.
type commandError struct {
	command, message string
	err              error
}

func (e *commandError) Error() string {
	if e.message == "" {
		return fmt.Sprintf("git %s: %v", e.command, e.err)
	}
	return fmt.Sprintf("git %s: %s", e.command, e.message)
}

func (e *commandError) Unwrap() error { return e.err }

func exitCode(err error) int {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	return 0
}

// cleanEnv drops the variables that aim git at another repository, as a Git hook sets them, or that change its output.
func cleanEnv(env []string) []string {
	kept := make([]string, 0, len(env)+8)
	for _, v := range env {
		if strings.HasPrefix(v, "GIT_") && !strings.HasPrefix(v, "GIT_CONFIG_") && !strings.HasPrefix(v, "GIT_EXEC_PATH=") {
			continue
		}
		kept = append(kept, v)
	}
	return kept
}

// readConfig looks for two things that cannot be overridden without knowing their names: filter drivers, which git
// would run on files of the work tree to compare them, and remotes of a partial clone.
func (r *Repo) readConfig(ctx context.Context) error {
	out, err := r.run(ctx, "config", "--list", "--name-only", "-z")
	if err != nil {
		return err
	}
	for _, key := range splitNUL(out) {
		switch {
		case strings.HasPrefix(key, "filter."):
			name := key[:strings.LastIndexByte(key, '.')]
			if strings.ContainsAny(name, "=\n") {
				return fmt.Errorf("the repository's configuration has a filter with a misleading name: %q", name)
			}
			r.quiet = append(r.quiet, name+".clean=", name+".smudge=", name+".process=", name+".required=false")
		case strings.HasPrefix(key, "remote.") && strings.HasSuffix(key, ".promisor"):
			r.partial = true
		}
	}
	return nil
}

// capped collects output up to a size and refuses the rest.
type capped struct {
	bytes.Buffer
	max  int
	full bool
}

var errFull = errors.New("too much output")

func (c *capped) Write(p []byte) (int, error) {
	if c.Len()+len(p) > c.max {
		c.full = true
		return 0, errFull
	}
	return c.Buffer.Write(p)
}
