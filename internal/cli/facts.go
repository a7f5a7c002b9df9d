package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func newFacts(env *Env) *cobra.Command {
	var root string
	cmd := &cobra.Command{
		Use:   "facts FILE",
		Short: "Print what policies see of a file, one JSON document a line",
		Long:  "Facts prints the input of every policy: one JSON object for each document of the file. Pipe it to\nopa or conftest to try a policy on it.",
		Args:  oneArgument,
		RunE:  func(cmd *cobra.Command, args []string) error { return printFacts(cmd.Context(), env, root, args[0]) },
	}
	cmd.Flags().StringVar(&root, "root", "", "take `DIR` as the repository's root")
	return cmd
}

// printFacts prints the input of every policy for each document of a file, or of the files in a folder.
func printFacts(ctx context.Context, env *Env, root, path string) error {
	target, err := engine.Open(ctx, env.Dir, root, []string{path})
	if err != nil {
		return usage(err)
	}
	found, err := discover.Walk(ctx, discover.Options{Root: target.Root, Paths: target.Paths})
	if err != nil {
		return usage(err)
	}
	printed := 0
	repo := facts.In(target.Repository(found))
	for _, together := range engine.Directories(found.Files) {
		var docs []*source.Document
		for _, file := range together {
			more, faults := parse.File(file)
			if len(faults) > 0 && found.Selected(file.Path) {
				return usage(fmt.Errorf("%s: %w", file.Path, faults[0]))
			}
			docs = append(docs, more...)
		}
		unit := facts.Together(docs)
		for i, doc := range unit.Documents {
			if !found.Selected(doc.File.Path) {
				continue
			}
			printed++
			if err := printInput(env.Stdout, unit.Of(i, repo)[0]); err != nil { // files have no variants
				return internal(err)
			}
		}
	}
	if printed == 0 {
		return usage(fmt.Errorf("policies see nothing of %s: it is none of %v", filepath.ToSlash(path), source.Kinds()))
	}
	return nil
}

// printInput writes JSON that does nothing in a log or a terminal.
func printInput(w io.Writer, in *facts.Input) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(in); err != nil {
		return err
	}
	_, err := w.Write(finding.DefuseJSON(b.Bytes()))
	return err
}

// newWorker is the child that renders charts: see internal/render.
func newWorker(env *Env) *cobra.Command {
	return &cobra.Command{
		Use:    render.WorkerArgument,
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE:   func(*cobra.Command, []string) error { return internal(render.Worker(env.Stdin, env.Stdout)) },
	}
}
