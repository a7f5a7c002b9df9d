// Package shellcheck asks the user's own shellcheck what it makes of the scripts in workflows and actions. It is the only
// package that starts a program for a lint other than our own: one from the PATH and never from the repository under lint,
// with a script on its standard input, an empty directory around it and bounds on its time and output.
package shellcheck

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Bounds of one run: its time, and what it may print, in bytes.
const (
	maxTime   = 20 * time.Second
	maxOutput = 4 << 20
)

// Program is a shellcheck that was found. It is safe to use from several goroutines.
type Program struct {
	path string // absolute
	dir  string // empty, to run in
	env  []string
	time time.Duration // that one run may take
}

// Find looks for shellcheck on the PATH. An error says that there is none, or that it lies in the repository, whose root is
// absolute. Close removes what it leaves behind.
func Find(root string) (*Program, error) {
	path, err := exec.LookPath("shellcheck")
	if err != nil {
		return nil, fmt.Errorf("shellcheck was asked for and is not installed: %w", err)
	}
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, fmt.Errorf("shellcheck: %w", err)
	}
	for _, p := range []string{path, resolved} {
		if rel, err := filepath.Rel(root, p); err == nil && filepath.IsLocal(rel) {
			return nil, fmt.Errorf("the shellcheck on the PATH is %s, a file of the repository under lint, which is not run", p)
		}
	}
	dir, err := os.MkdirTemp("", "plimsoll-shellcheck-")
	if err != nil {
		return nil, err
	}
	// What may stand in SHELLCHECK_OPTS would let scripts name files to read.
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LC_ALL=C.UTF-8"}
	return &Program{path: resolved, dir: dir, env: env, time: maxTime}, nil
}

// Close removes the directory that the program ran in.
func (p *Program) Close() error { return os.RemoveAll(p.dir) }

// remark is one comment of shellcheck's. Lines and columns are 1-based, columns count characters, ends are exclusive.
type remark struct {
	Line      int    `json:"line"`
	EndLine   int    `json:"endLine"`
	Column    int    `json:"column"`
	EndColumn int    `json:"endColumn"`
	Level     string `json:"level"` // error, warning, info, style
	Code      int    `json:"code"`
	Message   string `json:"message"`
}

// check runs the program over one script.
func (p *Program) check(ctx context.Context, dialect, script string) ([]remark, error) {
	ctx, cancel := context.WithTimeout(ctx, p.time)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.path, "--norc", "--format=json1", "--shell="+dialect, "-")
	out, complaints := &bounded{max: maxOutput}, &bounded{max: 1 << 10}
	cmd.Dir, cmd.Env, cmd.WaitDelay = p.dir, p.env, time.Second
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(script), out, complaints
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("it took longer than %s", p.time)
	case out.full:
		return nil, fmt.Errorf("it printed more than %d MiB", maxOutput>>20)
	case err != nil && cmd.ProcessState.ExitCode() != 1: // 1: it has something to say
		return nil, errors.Join(err, errors.New(strings.TrimSpace(complaints.kept.String())))
	}
	var answer struct {
		Comments []remark `json:"comments"`
	}
	if err := json.Unmarshal(out.kept.Bytes(), &answer); err != nil {
		return nil, fmt.Errorf("its answer is not JSON: %w", err)
	}
	return answer.Comments, nil
}

// bounded keeps what is written up to a size, and fails beyond it.
type bounded struct {
	kept bytes.Buffer
	max  int
	full bool
}

// Write implements io.Writer.
func (b *bounded) Write(data []byte) (int, error) {
	if b.kept.Len()+len(data) > b.max {
		b.full = true
		return 0, errors.New("too much output")
	}
	return b.kept.Write(data)
}
