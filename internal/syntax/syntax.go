// Package syntax says what keeps a workflow from running, or from meaning what it says. It is the only importer of
// actionlint. It corrects actionlint where GitHub's syntax has moved on, grades what it says, and gives its messages
// exact places.
//
// Neither shellcheck nor pyflakes is run, and no file is read: actionlint gets the bytes of one workflow and no project.
// What that costs is its look into local actions and reusable workflows: whether `with:` names inputs that they have.
package syntax

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"github.com/rhysd/actionlint"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// RuleID is the rule that all findings of this package belong to.
const RuleID = "workflow/syntax"

// Config is a repository's own .github/actionlint.yaml: labels of its runners, names of its configuration variables,
// and messages that it ignores by path.
type Config struct {
	parsed *actionlint.Config
}

// ParseConfig reads the text of an actionlint.yaml. The error says what is wrong with it.
func ParseConfig(data []byte) (*Config, error) {
	parsed, err := actionlint.ParseConfig(data)
	if err != nil {
		return nil, fmt.Errorf("actionlint configuration: %w", err)
	}
	return &Config{parsed}, nil
}

// Lint checks one workflow file that is known to parse as YAML within bounds. The configuration may be nil. It is safe
// to call from several goroutines.
func Lint(file *source.File, config *Config) (found []*finding.Finding) {
	defer func() {
		if cause := recover(); cause != nil {
			found = []*finding.Finding{crashed(file, cause)} // fail closed: silence would be a pass
		}
	}()
	if config == nil {
		config = &Config{}
	}
	errs, err := check(file, config.parsed)
	if err != nil {
		return []*finding.Finding{crashed(file, err)}
	}
	places := newPlaces(file.Data)
	for _, e := range errs {
		if f := judge(file, config.parsed, places, e); f != nil {
			found = append(found, f)
		}
	}
	slices.SortStableFunc(found, func(a, b *finding.Finding) int {
		return cmp.Or(
			cmp.Compare(a.Location.Span.Start.Offset, b.Location.Span.Start.Offset),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.CompactFunc(found, func(a, b *finding.Finding) bool { // an alias repeats what is wrong with its anchor
		return a.Message == b.Message && a.Location == b.Location
	})
}

// check runs actionlint's parser and rules. Rules keep state, so each file gets its own; they are cheap to make.
func check(file *source.File, config *actionlint.Config) ([]*actionlint.Error, error) {
	workflow, errs := actionlint.Parse(file.Data)
	if workflow == nil {
		return errs, nil
	}
	actions := actionlint.NewLocalActionsCache(nil, nil)
	calls := actionlint.NewLocalReusableWorkflowCache(nil, "", nil)
	rules := []actionlint.Rule{
		actionlint.NewRuleMatrix(),
		actionlint.NewRuleCredentials(),
		actionlint.NewRuleShellName(),
		actionlint.NewRuleRunnerLabel(),
		actionlint.NewRuleEvents(),
		actionlint.NewRuleJobNeeds(),
		actionlint.NewRuleAction(actions),
		actionlint.NewRuleEnvVar(),
		actionlint.NewRuleID(),
		actionlint.NewRuleGlob(),
		actionlint.NewRulePermissions(),
		actionlint.NewRuleWorkflowCall(file.Path, calls),
		actionlint.NewRuleExpression(actions, calls),
		actionlint.NewRuleDeprecatedCommands(),
		actionlint.NewRuleIfCond(),
	}
	visitor := actionlint.NewVisitor()
	for _, rule := range rules {
		if config != nil {
			rule.SetConfig(config)
		}
		visitor.AddPass(rule)
	}
	if err := visitor.Visit(workflow); err != nil {
		return nil, err
	}
	for _, rule := range rules {
		errs = append(errs, rule.Errs()...)
	}
	return errs, nil
}

// judge makes a finding of what actionlint says; nil where that is not so, or the repository ignores it.
func judge(file *source.File, config *actionlint.Config, places *places, e *actionlint.Error) *finding.Finding {
	for _, paths := range config.PathConfigs(file.Path) {
		if paths.Ignore.Match(e) {
			return nil
		}
	}
	span := places.span(e)
	v := verdictOf(remark{e, file.Data, span.Start.Offset, config})
	if v.severity == 0 {
		return nil
	}
	return &finding.Finding{
		RuleID: RuleID, Severity: v.severity, Confidence: finding.ConfidenceHigh, Message: v.message,
		Location:    source.Location{Path: file.Path, Span: span},
		Fingerprint: finding.Fingerprint(RuleID, file.Path, e.Kind, positions.ReplaceAllString(e.Message, "")),
	}
}

// positions are places that a message speaks of; they shift with the lines above.
var positions = regexp.MustCompile(`(?:at )?line:? ?\d+,? ?col(?:umn)?:? ?\d+`)

func crashed(file *source.File, cause any) *finding.Finding {
	message := fmt.Sprintf("actionlint could not check this workflow: %v", cause)
	return &finding.Finding{
		RuleID: finding.NotEvaluated, Severity: finding.Medium, Confidence: finding.ConfidenceHigh, Message: message,
		Location:    source.FileStart(file.Path),
		Fingerprint: finding.Fingerprint(finding.NotEvaluated, file.Path, RuleID, message),
	}
}
