package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/report"
)

// renderFlags are the flags of plimsoll render.
type renderFlags struct {
	lint              lintFlags // those that say how lint renders
	variant           string
	list, all         bool
	values            []string
	why, format, when string
}

func newRender(env *Env) *cobra.Command {
	var f renderFlags
	cmd := &cobra.Command{
		Use:   "render [PATH]",
		Short: "Print what will be deployed, or why a value in it is what it is",
		Long: "Render prints what the chart or kustomization at PATH deploys, as lint sees it: the one in that folder, else those\n" +
			"below it, else the one around it; without PATH those of the whole repository. It uses no network.\n\n" +
			"With --why it prints the way of one value back to the line that causes it, through templates, includes and values:\n" +
			"  plimsoll render charts/web --why 'Deployment/web:spec.template.spec.containers[0].image'\n\n" +
			"Exit code: 0 all of it was rendered, 1 something was not, 2 usage or configuration, 3 our own failure.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runRender(cmd.Context(), env, &f, args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.lint.root, "root", "", "take `DIR` as the repository's root (default: the Git work tree around PATH)")
	flags.StringVar(&f.lint.config, "config", "", "configuration `FILE` (default: .github/plimsoll.yaml or plimsoll.yaml)")
	flags.StringArrayVar(&f.lint.kubeVersions, "kube-version", nil, "render charts for this Kubernetes `VERSION`; repeatable (default: "+render.DefaultKubeVersion[1:]+")")
	flags.StringVar(&f.variant, "variant", "", "render charts with the set of values called `NAME` in place of their defaults")
	flags.BoolVar(&f.all, "all-variants", false, "render charts with each set of values that is known for them")
	flags.BoolVar(&f.list, "variants", false, "list the sets of values that are known for the charts, and render nothing")
	flags.StringArrayVar(&f.values, "values", nil, "render charts also with the values in `FILE`, which win over those before; repeatable")
	flags.StringVar(&f.why, "why", "", "print the way of a value back to its cause: `OBJECT:FIELD`, as Kind/name:path or Kind/namespace/name:path")
	flags.StringVar(&f.format, "format", "yaml", "print as `FORMAT`: yaml or json")
	flags.StringVar(&f.when, "color", "auto", "colour what --why prints: `WHEN` is auto, always or never")
	cmd.MarkFlagsMutuallyExclusive("variant", "all-variants", "variants")
	cmd.MarkFlagsMutuallyExclusive("values", "all-variants", "variants")
	cmd.MarkFlagsMutuallyExclusive("why", "variants")
	return cmd
}

// errNotRendered says that something could not be rendered; what, has been said.
var errNotRendered = fmt.Errorf("not all was rendered: %w", errFindings)

func runRender(ctx context.Context, env *Env, f *renderFlags, paths []string) error {
	options, err := f.options(ctx, env, paths)
	if err != nil {
		return usage(err)
	}
	rendering, err := engine.OpenRendering(ctx, options)
	switch {
	case errors.Is(err, engine.ErrUsage):
		return usage(err)
	case err != nil:
		return internal(err)
	}
	defer rendering.Close() //nolint:errcheck // only read
	if f.list {
		return internal(listVariants(env, rendering.Units))
	}
	units, err := f.choose(env, options.Target, rendering.Units)
	if err != nil {
		return usage(err)
	}
	results := renderAll(ctx, rendering, units)
	if err := ctx.Err(); err != nil {
		return internal(err)
	}
	complete := tellProblems(env, results)
	if f.why != "" {
		ways, err := findWhy(results, f.why, f.all)
		switch {
		case err != nil && complete:
			return usage(fmt.Errorf("--why: %w", err))
		case err != nil:
			env.warn(fmt.Errorf("--why: %w", err))
			return errNotRendered
		}
		if err := f.printWhy(env, rendering, ways); err != nil {
			return internal(err)
		}
	} else if err := f.print(env, results); err != nil {
		return internal(err)
	}
	if !complete {
		return errNotRendered
	}
	return nil
}

// options turns flags and files into one checked value.
func (f *renderFlags) options(ctx context.Context, env *Env, paths []string) (engine.Options, error) {
	if f.format != "yaml" && f.format != "json" {
		return engine.Options{}, fmt.Errorf("--format %q: use yaml or json", f.format)
	}
	if err := checkColour(f.when); err != nil {
		return engine.Options{}, err
	}
	target, err := engine.Open(ctx, env.Dir, f.lint.root, paths)
	if err != nil {
		return engine.Options{}, err
	}
	cfg, err := f.lint.readConfig(env, target.Root)
	if err != nil {
		return engine.Options{}, err
	}
	return engine.Options{Target: target, Config: cfg}, nil
}

// listVariants prints each chart's and kustomization's folder and what it can be rendered with.
func listVariants(env *Env, units []render.Unit) error {
	w := tabwriter.NewWriter(env.Stdout, 0, 0, 2, ' ', 0)
	for _, unit := range units {
		for _, v := range unit.Sets() {
			fmt.Fprintf(w, "%s\t%s\t%s\n", unit.Renderer, report.Visible(unit.Root), report.Visible(cmp.Or(v.Name, "-")))
		}
	}
	return w.Flush()
}

// choose gives the units the variants that are asked for, and drops those that have none of them.
func (f *renderFlags) choose(env *Env, target *engine.Target, units []render.Unit) ([]render.Unit, error) {
	files, err := f.valuesFiles(env, target.Root)
	if err != nil {
		return nil, err
	}
	var chosen []render.Unit
	var names []string
	for _, unit := range units {
		sets := unit.Sets()
		for i, v := range sets {
			names = append(names, v.Name)
			asked := f.all || f.variant == v.Name && f.variant != "" || f.variant == "" && i == 0
			if !asked || len(files) > 0 && unit.Renderer != render.Helm {
				continue
			}
			if f.all {
				chosen = append(chosen, unit.With(sets...))
				break
			}
			chosen = append(chosen, unit.With(f.withValues(v, i == 0, files)))
		}
	}
	switch {
	case len(chosen) > 0:
		return chosen, nil
	case len(files) > 0 && f.variant == "":
		return nil, errors.New("--values: there is no chart to render with them")
	default:
		return nil, fmt.Errorf("no set of values is called %q%s", f.variant, nearestOf(f.variant, names, "--variants lists them"))
	}
}

// withValues is a variant with more values files, and called by them.
func (f *renderFlags) withValues(v render.Variant, defaults bool, files []string) render.Variant {
	if len(files) == 0 {
		return v
	}
	with := strings.Join(f.values, ", ")
	if v.Name += " and " + with; defaults {
		v.Name = with
	}
	return v.WithFiles(files...)
}

// valuesFiles are the values files that are given, relative to the root: they must lie in the repository, as charts see
// nothing else.
func (f *renderFlags) valuesFiles(env *Env, root string) ([]string, error) {
	var files []string
	for _, name := range f.values {
		path := engine.Absolute(env.Dir, name)
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			return nil, fmt.Errorf("--values %s: there is no such file", name)
		}
		dir, err := filepath.EvalSymlinks(filepath.Dir(path))
		if err != nil {
			return nil, err
		}
		rel, err := filepath.Rel(root, filepath.Join(dir, filepath.Base(path)))
		if err != nil || !filepath.IsLocal(rel) {
			return nil, fmt.Errorf("--values %s: the file is not in the repository %s, and charts are rendered with nothing else", name, root)
		}
		files = append(files, filepath.ToSlash(rel))
	}
	return files, nil
}

// nearestOf suggests what was meant, or says where to look. Names come from the repository: only those of a likely length
// are compared.
func nearestOf(word string, known []string, otherwise string) string {
	likely := slices.DeleteFunc(slices.Clone(known), func(k string) bool { return len(k) > 2*len(word)+16 })
	if near := config.Nearest(word, likely); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return "; " + otherwise
}

// renderAll renders all units, some at a time, and keeps their order.
func renderAll(ctx context.Context, rendering *engine.Rendering, units []render.Unit) []render.Result {
	results := make([]render.Result, len(units))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, unit := range units {
		group.Go(func() error {
			results[i] = rendering.Render(ctx, unit)
			return nil
		})
	}
	_ = group.Wait() // problems are in the results
	return results
}

// tellProblems prints what could not be rendered, at its place, and reports whether nothing was left out.
func tellProblems(env *Env, results []render.Result) (complete bool) {
	complete = true
	for _, result := range results {
		for _, p := range result.Problems {
			complete = complete && p.What == ""
			fmt.Fprintf(env.Stderr, "%s:%d: %s\n", report.LeadingPath(p.Location.Path), p.Location.Span.Start.Line, report.Visible(p.Message))
		}
	}
	return complete
}
