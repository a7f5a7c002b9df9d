package cli

import (
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/facts"
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
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			target, err := engine.Open(cmd.Context(), env.Dir, root, args)
			if err != nil {
				return usage(err)
			}
			found, err := discover.Walk(cmd.Context(), discover.Options{Root: target.Root, Paths: target.Paths})
			if err != nil {
				return usage(err)
			}
			e := json.NewEncoder(env.Stdout)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			printed := 0
			for _, file := range found.Files {
				if !found.Selected(file.Path) {
					continue
				}
				docs, faults := parse.File(file)
				for _, fault := range faults {
					return usage(fmt.Errorf("%s: %w", file.Path, fault))
				}
				for _, doc := range docs {
					printed++
					if err := e.Encode(facts.Of(doc, engine.TextsOf(found.Files))); err != nil {
						return internal(err)
					}
				}
			}
			if printed == 0 {
				return usage(fmt.Errorf("policies see nothing of %s: it is none of %v", filepath.ToSlash(args[0]), source.Kinds()))
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&root, "root", "", "take `DIR` as the repository's root")
	return cmd
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
