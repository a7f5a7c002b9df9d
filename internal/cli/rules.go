package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/policy"
	"github.com/plimsoll-dev/plimsoll/policies"
)

func newRules(env *Env) *cobra.Command {
	var dirs []string
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List the rules",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			set, err := policy.Load(cmd.Context(), policies.FS, absolute(env.Dir, dirs))
			if err != nil {
				return usage(err)
			}
			w := tabwriter.NewWriter(env.Stdout, 0, 0, 2, ' ', 0)
			for _, r := range set.Rules() {
				fmt.Fprintf(w, "%s\t%s\t%s\n", r.ID, r.Severity, r.Title)
			}
			return internal(w.Flush())
		},
	}
	cmd.Flags().StringArrayVar(&dirs, "policy", nil, "also load the policies in `DIR`")
	return cmd
}

func newExplain(env *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "explain RULE",
		Short: "Explain a rule: what is wrong, why, and what to do",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			set, err := policy.Load(cmd.Context(), policies.FS, nil)
			if err != nil {
				return internal(err)
			}
			rule := set.Rule(args[0])
			if rule == nil {
				return usage(fmt.Errorf("unknown rule %q%s", args[0], didYouMean(args[0], set)))
			}
			path, ok := policies.Page(rule.ID)
			if !ok {
				return internal(fmt.Errorf("rule %s has no page", rule.ID))
			}
			page, err := policies.FS.ReadFile(path)
			if err != nil {
				return internal(err)
			}
			_, err = env.Stdout.Write(page)
			return internal(err)
		},
	}
}

func didYouMean(id string, set *policy.Set) string {
	var ids []string
	for _, r := range set.Rules() {
		ids = append(ids, r.ID)
	}
	if near := config.Nearest(id, ids); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return "; the rules are: " + strings.Join(ids, ", ")
}
