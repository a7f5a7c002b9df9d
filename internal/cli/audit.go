package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/settings"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func newAudit(env *Env) *cobra.Command {
	var f lintFlags
	var repository string
	cmd := &cobra.Command{
		Use:   "audit [PATH...]",
		Short: "Lint what GitHub enforces on a repository, and its files where PATHs name them",
		Long: "Audit asks GitHub's API, with the token in GITHUB_TOKEN, what no file shows: the rules of the default branch, what\n" +
			"actions are allowed and their tokens may do, who owns what, which environments ask for approval; and lints it. With\n" +
			"PATHs the files there are linted too, in one report. Without any, no checkout is needed: the workflows and CODEOWNERS\n" +
			"that the settings speak of are read from the default branch.\n\n" +
			"What the token may not read is a not-evaluated finding that names the permission. Most settings take a token with\n" +
			"administration: read, which a workflow's own can never have.\n\n" +
			"Exit code: as of lint.",
		RunE: func(cmd *cobra.Command, args []string) error {
			f.noteChanged(cmd)
			return runAudit(cmd.Context(), env, &f, repository, args)
		},
	}
	f.register(cmd)
	cmd.Flags().StringVar(&repository, "repo", "", "`OWNER/NAME` of the repository (default: that of GITHUB_REPOSITORY)")
	return cmd
}

func runAudit(ctx context.Context, env *Env, f *lintFlags, repository string, paths []string) error {
	repository = cmp.Or(repository, env.Getenv("GITHUB_REPOSITORY"))
	switch {
	case repository == "":
		return usage(errors.New("audit: no repository: name one with --repo OWNER/NAME"))
	case env.Getenv("GITHUB_TOKEN") == "":
		return usage(errors.New("audit: no token: put one that may read the repository's settings in GITHUB_TOKEN"))
	}
	client, err := newClient(env, github.Event{APIURL: env.Getenv("GITHUB_API_URL"), Repository: repository})
	if err != nil {
		return usage(fmt.Errorf("audit: %w", err))
	}
	known, err := client.Settings(ctx)
	if err != nil {
		return unasked(err)
	}
	file, err := known.File()
	if err != nil {
		return internal(err)
	}
	f.settings = []*source.File{file}
	if len(paths) > 0 {
		return runLint(ctx, env, f, paths)
	}
	dir, err := os.MkdirTemp("", "plimsoll-audit")
	if err != nil {
		return internal(err)
	}
	defer os.RemoveAll(dir)
	if err := download(ctx, client, known, dir); err != nil {
		return unasked(err)
	}
	f.root = dir
	if len(f.rules) == 0 {
		f.rules = []string{"settings/*"}
	}
	return runLint(ctx, env, f, []string{dir})
}

// unasked says whether the user can mend it that GitHub did not answer.
func unasked(err error) error {
	if errors.Is(err, github.ErrNoPermission) {
		return usage(fmt.Errorf("audit: %w", err))
	}
	return internal(fmt.Errorf("audit: %w", err))
}

// maxAudited is how many files are read of the default branch.
const maxAudited = 2000

// download writes the files that settings speak of, as the default branch has them, to an empty directory. Links are left
// out: nothing that settings speak of is one.
func download(ctx context.Context, client *github.Client, known *settings.Settings, dir string) error {
	head, err := client.Head(ctx, known.DefaultBranch)
	if err != nil {
		return err
	}
	tree, err := client.Tree(ctx, head)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // what is written is closed by itself
	var wanted []string
	for file := range tree.Files {
		if spokenOf(file) && !tree.Links[file] && filepath.IsLocal(filepath.FromSlash(file)) {
			wanted = append(wanted, file)
		}
	}
	if len(wanted) > maxAudited {
		return fmt.Errorf("the default branch has %d workflows and other files below .github, and %d are read; check it out and name a PATH", len(wanted), maxAudited)
	}
	slices.Sort(wanted)
	for _, file := range wanted {
		text, err := client.Blob(ctx, tree, tree.Files[file])
		if err != nil {
			return err
		}
		if err := errors.Join(root.MkdirAll(path.Dir(file), 0o700), root.WriteFile(file, text, 0o600)); err != nil {
			return err
		}
	}
	return nil
}

// spokenOf reports whether settings, or the configuration that they are judged by, are about a file.
func spokenOf(file string) bool {
	dir := path.Dir(file)
	return dir == ".github" || dir == ".github/workflows" || strings.HasPrefix(file, ".github/actions/") ||
		slices.Contains([]string{"CODEOWNERS", "docs/CODEOWNERS", "plimsoll.yaml"}, file)
}
