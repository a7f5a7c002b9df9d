package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/policy"
	"github.com/plimsoll-dev/plimsoll/internal/shellcheck"
)

// selectRules works out which rules are on, and refuses names that mean none. Rules about the linting itself are on
// whatever --rule says: what could not be read must not look like a pass.
func selectRules(set *policy.Set, o Options) ([]string, error) {
	var all, on []string
	for _, r := range set.Rules() {
		all = append(all, r.ID)
	}
	if err := o.Config.CheckRules(all); err != nil {
		return nil, err
	}
	for _, pattern := range slices.Concat(o.Rules, o.Skip) {
		if !slices.ContainsFunc(all, func(id string) bool { return config.Matches(pattern, id) }) {
			return nil, errors.New(config.UnknownRule(pattern, append(categories(set), all...)))
		}
	}
	matchesAny := func(patterns []string, id string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return config.Matches(p, id) })
	}
	for _, r := range set.Rules() {
		builtin := r.Category() == "builtin"
		if builtin && !o.Config.Enabled(r.ID) {
			return nil, fmt.Errorf("%s: rule %s is about the linting itself and cannot be switched off; exclude files, ignore findings with a reason, or lower its severity", o.Config.Path(), r.ID)
		}
		if r.ID == shellcheck.RuleID && !o.Config.Workflow.Shellcheck {
			continue // it is judged by a program that was not asked for
		}
		wanted := (len(o.Rules) == 0 || matchesAny(o.Rules, r.ID)) && o.Config.Enabled(r.ID) && !matchesAny(o.Skip, r.ID)
		if wanted || builtin {
			on = append(on, r.ID)
		}
	}
	return on, nil
}

// checkParams refuses parameters that a rule would pass over in silence.
func checkParams(ctx context.Context, set *policy.Set, c *config.Config) error {
	params := c.Params()
	for _, id := range slices.Sorted(maps.Keys(params)) {
		if err := set.CheckParams(ctx, id, params[id]); err != nil {
			return c.AtRule(id, err)
		}
	}
	return nil
}

// categories lists the patterns that mean a whole category of rules.
func categories(set *policy.Set) []string {
	var out []string
	for _, r := range set.Rules() {
		if pattern := r.Category() + "/*"; r.Category() != "builtin" && !slices.Contains(out, pattern) {
			out = append(out, pattern)
		}
	}
	return out
}
