package policy

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// custom is the part of a rule's METADATA that is ours.
type custom struct {
	Severity    finding.Severity    `json:"severity"`
	Confidence  finding.Confidence  `json:"confidence"`
	Kinds       []source.Kind       `json:"kinds"`
	Since       string              `json:"since"`
	Remediation string              `json:"remediation"`
	Frameworks  map[string][]string `json:"frameworks"`
	Evaluator   string              `json:"evaluator"`
	Persona     finding.Persona     `json:"persona"`
	Deployed    bool                `json:"deployed"`
}

// ruleOf decodes the rule that a module is, or nil when the module's package is none of a rule's:
// data.rules.<category>.<name> or data.builtin.<name>.
func ruleOf(m *ast.Module) (*finding.Rule, *custom, error) {
	id := ruleID(m.Package.Path)
	if id == "" {
		return nil, nil, nil
	}
	i := slices.IndexFunc(m.Annotations, func(a *ast.Annotations) bool { return a.Scope == "package" })
	if i < 0 {
		return nil, nil, fmt.Errorf("rule %s: %s: the package has no METADATA", id, m.Package.Loc().File)
	}
	notes := m.Annotations[i]
	extra, err := decodeCustom(notes.Custom)
	if err != nil {
		return nil, nil, fmt.Errorf("rule %s: METADATA of %s: %w", id, m.Package.Loc().File, err)
	}
	rule := &finding.Rule{
		ID: id, Title: notes.Title, Description: strings.TrimSpace(notes.Description),
		Severity: extra.Severity, Confidence: extra.Confidence, Kinds: extra.Kinds, Since: extra.Since,
		Remediation: strings.TrimSpace(extra.Remediation), Frameworks: extra.Frameworks, Persona: extra.Persona, Deployed: extra.Deployed,
	}
	for _, r := range notes.RelatedResources {
		rule.References = append(rule.References, finding.Reference{URL: r.Ref.String(), Description: r.Description})
	}
	if err := complete(rule); err != nil {
		return nil, nil, fmt.Errorf("rule %s: METADATA of %s: %w", id, m.Package.Loc().File, err)
	}
	return rule, extra, nil
}

// ruleID is "category/name" for data.rules.category.name, "name" for data.builtin.name, and "" for anything else.
func ruleID(path ast.Ref) string {
	var parts []string
	for _, term := range path[1:] {
		s, ok := term.Value.(ast.String)
		if !ok {
			return ""
		}
		parts = append(parts, string(s))
	}
	switch {
	case len(parts) == 3 && parts[0] == "rules" && !strings.HasSuffix(parts[2], "_test"):
		return parts[1] + "/" + parts[2]
	case len(parts) == 2 && parts[0] == "builtin":
		return parts[1]
	}
	return ""
}

func decodeCustom(values map[string]any) (*custom, error) {
	text, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	var c custom
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return nil, fmt.Errorf("custom: %w", err)
	}
	return &c, nil
}

// complete refuses a rule that would leave a hole in its page, in SARIF or in the table of rules.
func complete(r *finding.Rule) error {
	var missing []string
	need := func(name string, there bool) {
		if !there {
			missing = append(missing, name)
		}
	}
	need("title", r.Title != "")
	need("description", r.Description != "")
	need("custom.severity", r.Severity != 0)
	need("custom.confidence", r.Confidence != "")
	need("custom.since", r.Since != "")
	need("custom.remediation", r.Remediation != "")
	need("custom.kinds", len(r.Kinds) > 0 || r.Category() == builtinCategory)
	if len(missing) > 0 {
		return fmt.Errorf("required and missing: %s", strings.Join(missing, ", "))
	}
	if !slices.Contains([]finding.Confidence{finding.ConfidenceHigh, finding.ConfidenceMedium, finding.ConfidenceLow}, r.Confidence) {
		return fmt.Errorf("unknown confidence %q: use high, medium or low", r.Confidence)
	}
	if r.Persona != "" && !slices.Contains(finding.Personas(), r.Persona) {
		return fmt.Errorf("unknown persona %q: use regular, pedantic or auditor", r.Persona)
	}
	for _, k := range r.Kinds {
		if !slices.Contains(source.Kinds(), k) {
			return fmt.Errorf("unknown kind %q: use %v", k, source.Kinds())
		}
	}
	return nil
}

const builtinCategory = "builtin"
