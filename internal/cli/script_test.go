package cli_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/plimsoll-dev/plimsoll/internal/cli"
	"github.com/plimsoll-dev/plimsoll/internal/render"
)

func TestMain(m *testing.M) {
	if slices.Contains(os.Args, render.WorkerArgument) { // the tests that lint in this process render in this binary
		os.Exit(cli.Main())
	}
	testscript.Main(m, map[string]func(){"plimsoll": func() { os.Exit(cli.Main()) }})
}

// TestScript runs testdata/script: the command line end to end, in a process of its own, as its users see it.
func TestScript(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	commands := apiCommands(t)
	commands["exits"] = exits
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join(root, "testdata", "script"),
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Cmds:                commands,
		Setup: func(env *testscript.Env) error {
			env.Setenv("REPO", root)
			env.Setenv("GIT_CONFIG_GLOBAL", filepath.Join(env.WorkDir, ".gitconfig"))
			return os.WriteFile(filepath.Join(env.WorkDir, ".gitconfig"),
				[]byte("[user]\n\tname = Test\n\temail = test@example.com\n[init]\n\tdefaultBranch = main\n"), 0o600)
		},
	})
}

// exits runs a program that has to end with an exit code: `exits CODE PROGRAM ARGUMENT...`.
func exits(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) < 2 {
		ts.Fatalf("usage: exits code program [argument...]")
	}
	code := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// TestCancelledLintIsNoPass holds that a scan which was stopped has no verdict.
func TestCancelledLintIsNoPass(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	env := cli.Env{Args: []string{"lint"}, Stdout: os.NewFile(0, ""), Stderr: os.NewFile(0, ""), Getenv: func(string) string { return "" }, Dir: t.TempDir()}
	if code := cli.Run(ctx, env); code != cli.ExitInternal {
		t.Errorf("exit code %d, want %d", code, cli.ExitInternal)
	}
}
