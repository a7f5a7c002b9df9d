package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/report"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/token"
)

func newPermissions(env *Env) *cobra.Command {
	var root, format string
	cmd := &cobra.Command{
		Use:   "permissions [FILE]...",
		Short: "Print what each job of a workflow may do with its token, and what its steps need",
		Long: "Permissions prints for each job of the workflows in FILE, or of all workflows, what is granted, what is needed and by\n" +
			"which step, and the least that permissions has to say. What may use the token in a way that cannot be told from here\n" +
			"needs what is unknown, and is named with \"perhaps\". It uses no network.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return printPermissions(cmd.Context(), env, root, format, args)
		},
	}
	cmd.Flags().StringVar(&root, "root", "", "take `DIR` as the repository's root (default: the Git work tree around FILE)")
	cmd.Flags().StringVar(&format, "format", "text", "print as `FORMAT`: text or json")
	return cmd
}

// workflowPermissions is what is known of the token in one file.
type workflowPermissions struct {
	Path  string       `json:"path"`
	Token *token.Facts `json:"token"`

	doc *source.Document
}

func printPermissions(ctx context.Context, env *Env, root, format string, paths []string) error {
	if format != "text" && format != "json" {
		return usage(fmt.Errorf("--format: unknown format %q: use text or json", format))
	}
	all, err := readPermissions(ctx, env, root, paths)
	if err != nil {
		return err
	}
	if format == "json" {
		return internal(report.WriteJSON(env.Stdout, all))
	}
	for i := range all {
		if i > 0 {
			fmt.Fprintln(env.Stdout)
		}
		if err := all[i].print(env.Stdout); err != nil {
			return internal(err)
		}
	}
	return nil
}

func readPermissions(ctx context.Context, env *Env, root string, paths []string) ([]workflowPermissions, error) {
	target, err := engine.Open(ctx, env.Dir, root, paths)
	if err != nil {
		return nil, usage(err)
	}
	found, err := discover.Walk(ctx, discover.Options{Root: target.Root, Paths: target.Paths})
	if err != nil {
		return nil, usage(err)
	}
	repo := facts.In(target.Repository(found))
	all := []workflowPermissions{}
	for _, file := range found.Files {
		if file.Kind != source.Workflow || !found.Selected(file.Path) {
			continue
		}
		docs, faults := parse.File(file)
		if len(faults) > 0 {
			return nil, usage(fmt.Errorf("%s: %w", file.Path, faults[0]))
		}
		for _, doc := range docs {
			if known := facts.Of(doc, repo).Facts.Token; known != nil {
				all = append(all, workflowPermissions{Path: file.Path, Token: known, doc: doc})
			}
		}
	}
	if len(all) == 0 {
		return nil, usage(errors.New("there is no workflow: they stand in .github/workflows"))
	}
	return all, nil
}

// print prints a table for each job, and the block that is enough.
func (p *workflowPermissions) print(w io.Writer) error {
	fmt.Fprintln(w, report.LeadingPath(p.Path))
	for i := range p.Token.Jobs {
		job := &p.Token.Jobs[i]
		fmt.Fprintf(w, "\n  job %s, %s\n", report.Visible(job.ID), declared(job))
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "  SCOPE\tGRANTED\tNEEDED\tWHY")
		for _, r := range p.rows(job) {
			fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", r.scope, r.granted, r.needed, report.Visible(r.why))
		}
		if err := table.Flush(); err != nil {
			return err
		}
		p.printBlock(w, job)
	}
	return nil
}

func declared(job *token.JobFacts) string {
	switch job.Declared {
	case "job":
		return "by its own permissions"
	case "workflow":
		return "by the workflow's permissions"
	}
	return "by the repository's default, for nothing is declared"
}

type permissionRow struct{ scope, granted, needed, why string }

// rows lists the scopes that are granted, and those without which a step fails.
func (p *workflowPermissions) rows(job *token.JobFacts) []permissionRow {
	var rows []permissionRow
	for _, scope := range token.Scopes() {
		granted := job.Granted[scope] != ""
		needed, why, sure := p.needs(job, scope)
		if !granted && !sure {
			continue
		}
		row := permissionRow{scope: scope, granted: cmp.Or(string(job.Granted[scope]), "none"), needed: needed}
		if job.Declared == "" {
			row.granted = "default"
		}
		if o := opaque(job, scope); o != nil && granted && needed != string(job.Granted[scope]) && needed != string(token.LevelWrite) {
			row.needed = "unknown"
			why = append(why, o.By+p.line(o.Path, o.Text)+": "+o.Why)
		}
		slices.Sort(why)
		row.why = cmp.Or(strings.Join(slices.Compact(why), "; "), "nothing needs it")
		rows = append(rows, row)
	}
	return rows
}

// needs gives the level of a scope that a job is seen to need, what needs it, and whether something fails without.
func (p *workflowPermissions) needs(job *token.JobFacts, scope string) (level string, why []string, sure bool) {
	level = "none"
	for _, n := range job.Needs {
		if n.Scope != scope && (!slices.Contains(n.Or, scope) || job.Granted[scope] == "") {
			continue
		}
		if n.Level == token.LevelWrite || level == "none" {
			level = string(n.Level)
		}
		sure = sure || n.Sure
		why = append(why, n.By+p.line(n.Path, n.Text))
	}
	return level, why, sure
}

// opaque gives the first thing in a job that may use a scope in a way that is not known; nil where there is none.
func opaque(job *token.JobFacts, scope string) *token.Opaque {
	for i := range job.Opaque {
		if o := &job.Opaque[i]; o.Scopes == nil || slices.Contains(o.Scopes, scope) {
			return o
		}
	}
	return nil
}

func (p *workflowPermissions) line(path source.Path, text string) string {
	return fmt.Sprintf(" (line %d)", p.doc.Locate(path, text).Span.Start.Line)
}

// printBlock prints the least that the job's permissions have to say.
func (p *workflowPermissions) printBlock(w io.Writer, job *token.JobFacts) {
	for _, b := range p.Token.Blocks {
		if b.Job != job.ID {
			continue
		}
		fmt.Fprintln(w)
		if !b.Certain {
			fmt.Fprintln(w, "    # at least; what is not known may need more")
		}
		for line := range strings.Lines(b.YAML) {
			fmt.Fprintln(w, "    "+report.Visible(strings.TrimRight(line, "\n")))
		}
	}
}
