package github

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/settings"
)

// branchRule is a rule of a ruleset. Its parameters are read only for the types that are known; GitHub adds new ones.
type branchRule struct {
	Type       string
	Parameters json.RawMessage
	Ruleset    int64 `json:"ruleset_id"`
}

// rulesets takes over what the rules of rulesets demand, and reports whether all that is asked of them could be read. A rule
// of a type that is not known here demands something more, and takes nothing away.
func (r *settingsReader) rulesets(rules []branchRule) bool {
	complete := true
	for _, rule := range rules {
		if err := r.demand(rule); err != nil {
			r.s.Miss(fmt.Sprintf("rule %q of ruleset %d", rule.Type, rule.Ruleset), "its parameters are none that are known: "+err.Error(), "")
			complete = false
		}
	}
	return complete
}

// demand takes over one rule; an error is about its parameters.
func (r *settingsReader) demand(rule branchRule) error {
	b := &r.s.Branch
	switch rule.Type {
	case "non_fast_forward":
		b.ForcePush = new(false)
	case "deletion":
		b.Deletion = new(false)
	case "update":
		b.Restricted = true
	case "merge_queue":
		b.MergeQueue = true
	case "workflows", "code_scanning", "required_deployments":
		checks := r.checks()
		if !slices.Contains(checks.Others, rule.Type) {
			checks.Others = append(checks.Others, rule.Type)
		}
	case "pull_request":
		return r.pullRequestRule(rule.Parameters)
	case "required_status_checks":
		return r.checksRule(rule.Parameters)
	}
	return nil
}

func (r *settingsReader) pullRequestRule(parameters json.RawMessage) error {
	var p struct {
		Approvals    int  `json:"required_approving_review_count"`
		DismissStale bool `json:"dismiss_stale_reviews_on_push"`
		CodeOwners   bool `json:"require_code_owner_review"`
		LastPush     bool `json:"require_last_push_approval"`
	}
	if err := unmarshalGiven(parameters, &p); err != nil {
		return err
	}
	r.review(settings.PullRequest{
		Approvals: p.Approvals, DismissStale: p.DismissStale, CodeOwners: p.CodeOwners, LastPush: p.LastPush,
	})
	return nil
}

func (r *settingsReader) checksRule(parameters json.RawMessage) error {
	var p struct {
		Strict bool `json:"strict_required_status_checks_policy"`
		Checks []struct {
			Context string
			App     int64 `json:"integration_id"`
		} `json:"required_status_checks"`
	}
	if err := unmarshalGiven(parameters, &p); err != nil {
		return err
	}
	for _, check := range p.Checks {
		r.check(check.Context, check.App, p.Strict)
	}
	return nil
}

// unmarshalGiven reads parameters; what is missing is not demanded.
func unmarshalGiven(parameters json.RawMessage, into any) error {
	if len(parameters) == 0 {
		return nil
	}
	return json.Unmarshal(parameters, into)
}

// bypasses reads who need not keep to the rulesets; GitHub tells those who may change them alone.
func (r *settingsReader) bypasses(ctx context.Context, rules []branchRule) {
	var seen []int64
	hidden := false
	for _, rule := range rules {
		if slices.Contains(seen, rule.Ruleset) {
			continue
		}
		seen = append(seen, rule.Ruleset)
		var set struct {
			Actors *[]struct {
				ID   int64  `json:"actor_id"`
				Type string `json:"actor_type"`
				Mode string `json:"bypass_mode"`
			} `json:"bypass_actors"`
		}
		if err := r.get(ctx, fmt.Sprintf("rulesets/%d?includes_parents=true", rule.Ruleset), &set); err != nil {
			r.miss(fmt.Sprintf("who may bypass ruleset %d", rule.Ruleset), "administration: write", err)
			continue
		}
		if set.Actors == nil {
			hidden = true
			continue
		}
		for _, actor := range *set.Actors {
			r.bypass(bypasser(actor.Type, actor.ID), actor.Mode)
		}
	}
	if hidden {
		r.s.Miss("who may bypass the rulesets", "GitHub shows it to those who may change them", "administration: write")
	}
}

func (r *settingsReader) bypass(who, mode string) {
	one := settings.Bypass{Who: who, Mode: mode}
	if one.Mode == "" {
		one.Mode = "always"
	}
	if !slices.Contains(r.s.Branch.Bypass, one) {
		r.s.Branch.Bypass = append(r.s.Branch.Bypass, one)
	}
}

// bypasser names an actor. Of the roles GitHub documents the numbers of its own.
func bypasser(kind string, id int64) string {
	switch kind {
	case "OrganizationAdmin":
		return "the organisation's owners"
	case "DeployKey":
		return "deploy keys"
	case "RepositoryRole":
		roles := map[int64]string{1: "everybody who can read", 2: "maintainers", 4: "everybody who can write", 5: "administrators"}
		if name, ok := roles[id]; ok {
			return name
		}
		return fmt.Sprintf("role %d", id)
	case "Integration":
		return fmt.Sprintf("app %d", id)
	case "Team", "User":
		return fmt.Sprintf("%s %d", map[string]string{"Team": "team", "User": "user"}[kind], id)
	}
	return fmt.Sprintf("%s %d", kind, id)
}
