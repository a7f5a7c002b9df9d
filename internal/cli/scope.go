package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/git"
	"github.com/plimsoll-dev/plimsoll/internal/github"
)

// What findings are judged by.
const (
	scopeChanged = "changed"
	scopeAll     = "all"
)

func (f *lintFlags) checkScope() error {
	switch {
	case f.scope != "" && f.scope != scopeChanged && f.scope != scopeAll:
		return fmt.Errorf("--scope %q: use %s or %s", f.scope, scopeChanged, scopeAll)
	case f.scope == scopeAll && f.since != "":
		return errors.New("--scope all judges everything and --since a part of it; use one of them")
	}
	return nil
}

// change is what the run is about: what the user names, or else what GitHub says that it is started for. It is nil where the
// run is about everything.
func (f *lintFlags) change(ctx context.Context, env *Env, o engine.Options) *engine.Change {
	if f.since != "" {
		return &engine.Change{Since: f.since, Elsewhere: f.elsewhere(env, o)}
	}
	if env.Getenv("GITHUB_ACTIONS") != "true" {
		if f.scope != scopeChanged {
			return nil
		}
		return &engine.Change{Since: "origin/HEAD", Elsewhere: f.elsewhere(env, o)}
	}
	event, err := readEvent(env)
	if err != nil {
		event = github.Event{} // without a base: everything counts, and that is said
	}
	if f.scope != scopeChanged && !event.Proposal() {
		return nil
	}
	c := &engine.Change{Name: event.What(), All: f.scope == scopeAll, Elsewhere: f.elsewhere(env, o)}
	heads, err := o.Target.Heads(ctx)
	if err != nil {
		heads = nil // an empty repository, or none
	}
	c.Bases = event.Bases(heads)
	if f.posts() && event.Name != "pull_request_target" {
		c.Lend = func(ctx context.Context, base string) (git.Loan, error) { return lend(ctx, env, &event, heads, base) }
		if event.Number > 0 {
			c.Ask = func(ctx context.Context) (git.Changes, error) { return ask(ctx, env, &event, o.Target) }
		}
	}
	return c
}

// originBranches is where a clone keeps what GitHub calls by its name alone.
const originBranches = "refs/remotes/origin/"

// posts reports whether the run may use the network, for what it posts to GitHub.
func (f *lintFlags) posts() bool {
	return f.checkRun || f.review || f.comment || f.tracking || f.uploads()
}

// lend has GitHub give the files of the commit at which what is checked out, the first of heads, parted from base. The first
// parent of a merge commit is known to be that.
func lend(ctx context.Context, env *Env, event *github.Event, heads []string, base string) (git.Loan, error) {
	client, err := newClient(env, *event)
	if err != nil {
		return git.Loan{}, err
	}
	if len(heads) == 0 {
		return git.Loan{}, errors.New("nothing is checked out")
	}
	if !slices.Contains(heads, base) {
		if base, err = client.MergeBase(ctx, strings.TrimPrefix(base, originBranches), heads[0]); err != nil {
			return git.Loan{}, err
		}
	}
	tree, err := client.Tree(ctx, base)
	if err != nil {
		return git.Loan{}, err
	}
	loan := git.Loan{Text: func(ctx context.Context, id string) ([]byte, error) { return client.Blob(ctx, tree, id) }}
	for path, id := range tree.Files {
		loan.Entries = append(loan.Entries, git.Entry{Mode: tree.Modes[path], ID: id, Path: path})
	}
	return loan, nil
}

// ask has GitHub say which lines a pull request changes. Where the file that is linted is not the head's, such as one that the
// base branch changed too, all of it counts.
func ask(ctx context.Context, env *Env, event *github.Event, target *engine.Target) (git.Changes, error) {
	client, err := newClient(env, *event)
	if err != nil {
		return nil, err
	}
	files, err := client.Files(ctx, event.Number)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 { // a diff that GitHub does not have yet, or commits that undo each other: a gate may not tell them apart
		return nil, fmt.Errorf("GitHub lists no file that pull request %d changes", event.Number)
	}
	changes := git.Changes{}
	for _, file := range files {
		switch lines, err := git.PatchLines(file.Patch); {
		case file.Removed:
			changes[file.Path] = nil
		case err != nil || len(lines) == 0 || file.Before != "" || !target.HasBlob(file.Path, file.Blob):
			changes[file.Path] = git.WholeFile()
		default:
			changes[file.Path] = lines
		}
		if file.Before != "" {
			changes[file.Before] = nil
		}
	}
	return changes, nil
}

// elsewhere gives the options by which the same command lints another state of the repository: configuration, policies and
// baseline are taken as they are there. What lies outside of the repository, or is no part of it, is the same for both.
func (f *lintFlags) elsewhere(env *Env, o engine.Options) func(string, map[string]bool) (engine.Options, error) {
	return func(root string, differs map[string]bool) (engine.Options, error) {
		moved := func(abs string) string {
			rel, err := filepath.Rel(o.Target.Root, resolved(abs))
			if err != nil || !filepath.IsLocal(rel) {
				return abs
			}
			there := filepath.Join(root, rel)
			if _, err := os.Lstat(there); err != nil && !differs[filepath.ToSlash(rel)] {
				return abs // ignored by Git: no commit has it
			}
			return there
		}
		old := *f
		if f.config != "" {
			old.configFile = moved(engine.Absolute(env.Dir, f.config))
		}
		there := o
		cfg, err := old.readConfig(env, root)
		if errors.Is(err, os.ErrNotExist) {
			cfg, err = old.override(config.Default())
		}
		if err != nil {
			return there, err
		}
		there.Config = cfg
		there.Policies = absolute(root, cfg.Policies)
		for _, dir := range absolute(env.Dir, f.policies) {
			there.Policies = append(there.Policies, moved(dir))
		}
		if o.BaselineFile != "" {
			there.BaselineFile = moved(o.BaselineFile)
			there.Baseline, err = readBaseline(there.BaselineFile)
		}
		if errors.Is(err, os.ErrNotExist) {
			err = nil
		}
		return there, err
	}
}

// resolved is a path with its links resolved, as the repository's root is, where there is such a file.
func resolved(abs string) string {
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	return abs
}
