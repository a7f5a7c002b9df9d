package cli

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/policy"
	"github.com/plimsoll-dev/plimsoll/policies"
)

func newRules(env *Env) *cobra.Command {
	var dirs []string
	var framework string
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List the rules, all of them or by the controls of a framework",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			set, err := policy.Load(cmd.Context(), policies.FS, absolute(env.Dir, dirs))
			if err != nil {
				return usage(err)
			}
			w := tabwriter.NewWriter(env.Stdout, 0, 0, 2, ' ', 0)
			if framework == "" {
				for _, r := range set.Rules() {
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.ID, r.Severity, cmp.Or(r.Persona, finding.Regular), r.Title)
				}
				return internal(w.Flush())
			}
			if err := listControls(w, set.Rules(), framework); err != nil {
				return usage(err)
			}
			return internal(w.Flush())
		},
	}
	cmd.Flags().StringArrayVar(&dirs, "policy", nil, "also load the policies in `DIR`")
	cmd.Flags().StringVar(&framework, "framework", "", "list by the controls of this `FRAMEWORK`, as cis-1.10, each with the rules that speak to it")
	return cmd
}

// listControls lists the controls of a framework that rules speak to, each with its rules.
func listControls(w io.Writer, rules []*finding.Rule, framework string) error {
	controls, known := map[string][]*finding.Rule{}, map[string]bool{}
	for _, r := range rules {
		for name, ids := range r.Frameworks {
			known[name] = true
			for _, id := range ids {
				if name == framework {
					controls[id] = append(controls[id], r)
				}
			}
		}
	}
	if len(controls) == 0 {
		return fmt.Errorf("unknown framework %q; the rules know %s", framework, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
	}
	for _, id := range slices.SortedFunc(maps.Keys(controls), compareControls) {
		for _, r := range controls[id] {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", id, r.ID, r.Severity, r.Title)
		}
	}
	return nil
}

// compareControls orders 5.2.10 after 5.2.9, and CICD-SEC-10 after CICD-SEC-9.
func compareControls(a, b string) int {
	split := func(id string) []string {
		return strings.FieldsFunc(id, func(r rune) bool { return r == '.' || r == '-' })
	}
	return slices.CompareFunc(split(a), split(b), func(a, b string) int {
		m, errA := strconv.Atoi(a)
		n, errB := strconv.Atoi(b)
		if errA == nil && errB == nil {
			return cmp.Compare(m, n)
		}
		return cmp.Compare(a, b)
	})
}

func newExplain(env *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "explain RULE",
		Short: "Explain a rule: what is wrong, why, and what to do",
		Args:  oneArgument,
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

// didYouMean names the nearest rule, or those that are called so in some category.
func didYouMean(id string, set *policy.Set) string {
	var ids, same []string
	for _, r := range set.Rules() {
		ids = append(ids, r.ID)
		if strings.HasSuffix(r.ID, "/"+id) {
			same = append(same, strconv.Quote(r.ID))
		}
	}
	if near := config.Nearest(id, ids); len(same) == 0 && near != "" {
		same = []string{strconv.Quote(near)}
	}
	if len(same) == 0 {
		return "; plimsoll rules lists them"
	}
	return "; did you mean " + strings.Join(same, " or ") + "?"
}
