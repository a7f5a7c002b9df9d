// Package finding holds the words of a verdict: rules, findings, suppressions and the report they make up, the one
// order in which findings stand, and the report's JSON form. It knows nothing of how findings are made or shown.
package finding

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Severity is what follows if the finding is exploited.
type Severity int

// The severities, least first. None is no severity: as a threshold it is above all.
const (
	Info   Severity = iota + 1 // worth knowing
	Low                        // hygiene
	Medium                     // a defence is missing that an attack would meet
	High                       // someone outside gains code execution, credentials or a cluster
)

var severityNames = map[Severity]string{Info: "info", Low: "low", Medium: "medium", High: "high"}

// Severities lists all severities, highest first.
func Severities() []Severity { return []Severity{High, Medium, Low, Info} }

func (s Severity) String() string { return severityNames[s] }

// ParseSeverity reads a severity's name.
func ParseSeverity(name string) (Severity, error) {
	for s, n := range severityNames {
		if n == name {
			return s, nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q: use high, medium, low or info", name)
}

// MarshalText gives the severity's name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a severity's name.
func (s *Severity) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSeverity(string(text))
	return err
}

// Confidence is how sure a finding is.
type Confidence string

// The confidences.
const (
	ConfidenceHigh   Confidence = "high"
	ConfidenceMedium Confidence = "medium"
	ConfidenceLow    Confidence = "low"
)

// Rule is what a finding is judged by. Its fields are decoded from a policy's METADATA.
type Rule struct {
	ID          string              `json:"id"` // category/name
	Title       string              `json:"title"`
	Description string              `json:"description"`
	Severity    Severity            `json:"severity"`
	Confidence  Confidence          `json:"confidence"`
	Kinds       []source.Kind       `json:"kinds,omitempty"`
	Since       string              `json:"since,omitempty"`
	Remediation string              `json:"remediation,omitempty"`
	References  []Reference         `json:"references,omitempty"`
	Frameworks  map[string][]string `json:"frameworks,omitempty"`
	Persona     Persona             `json:"persona,omitempty"` // the first that its findings are for; "" is Regular
	// Deployed: the rule speaks of what is deployed or run. Of what only tests read it speaks to the pedantic, and what is only an
	// example, or runs on a developer's machine, counts as low at most.
	Deployed bool   `json:"deployed,omitempty"`
	HelpURL  string `json:"helpUrl,omitempty"`
}

// Category is the first part of the rule's ID.
func (r *Rule) Category() string {
	category, _, found := strings.Cut(r.ID, "/")
	if !found {
		return "builtin"
	}
	return category
}

// Reference is a page that explains a rule further.
type Reference struct {
	URL         string `json:"url"`
	Description string `json:"description,omitempty"`
}

// The rules that judge the linting itself. What cannot be read, rendered or evaluated is a finding like any other.
const (
	ParseError   = "parse-error"
	RenderError  = "render-error"
	NotEvaluated = "not-evaluated"
	UnusedIgnore = "unused-ignore"
)

// Finding is one thing that is wrong, at the place that causes it.
type Finding struct {
	RuleID      string
	Severity    Severity
	Confidence  Confidence
	Message     string
	Location    source.Location
	Related     []source.Note
	Origin      *Origin // nil for a finding in a file's own text that is not part of an object
	Fingerprint string  // see Fingerprint
	Suppressed  *Suppression
	Fix         *Fix
	// Persona is the first that the rule means the finding for; "" is Regular. Audience also looks at its confidence.
	Persona Persona
	// Subject is what the finding is about, by its canonical name, such as docker.io/library/nginx; "" where the rule says none.
	Subject string
}

// Origin is where in a rendered or multi-part document a finding was seen.
type Origin struct {
	Renderer string   // "helm", "kustomize" or "" for a plain document
	Root     string   // directory of the chart or kustomization
	Variants []string // value sets under which the finding shows; sorted
	Object   string   // kind/namespace/name
	Field    string   // path of the field in the object
	// Value is the scalar at Field as it was rendered, cut to some 200 bytes; "" where Field leads to no scalar, and for
	// a document that was not rendered.
	Value string
}

// SuppressedBy says who put a finding aside.
type SuppressedBy string

// Who can suppress a finding.
const (
	ByInline   SuppressedBy = "inline"   // an ignore comment
	ByConfig   SuppressedBy = "config"   // an ignore entry of the configuration
	ByBaseline SuppressedBy = "baseline" // known before, in the baseline file
	ByPersona  SuppressedBy = "persona"  // for a persona that sees more
	ByScope    SuppressedBy = "scope"    // not caused by the lines that --since looks at
)

// Suppression marks a finding that stays in the report but does not count. SARIF has the same word for it.
type Suppression struct {
	By       SuppressedBy
	Reason   string
	Location *source.Location // of the comment or entry that suppresses; nil where there is none
	Added    bool             // by the very change that the run is about
}

// Edit replaces the text at a location.
type Edit struct {
	Location source.Location
	NewText  string
}

// Active reports whether the finding counts: nobody suppressed it.
func (f *Finding) Active() bool { return f.Suppressed == nil }

// Miss is something that was not evaluated, and why. Each one also has a finding of a builtin rule; the list is for
// people who want to know how much of a repository a green answer covers.
type Miss struct {
	Path string
	What string
	Why  string
}

// Verdict is the answer: pass or fail.
type Verdict string

// The verdicts.
const (
	Pass Verdict = "pass"
	Fail Verdict = "fail"
)

// Tool names the program that made a report.
type Tool struct {
	Name        string `json:"name"`
	Version     string `json:"version"`
	RulesDigest string `json:"rulesDigest"` // SHA-256 over all loaded policies; "sha256:…"
}

// Stats says how much was looked at.
type Stats struct {
	Files     map[string]int `json:"files"`     // linted files by kind
	Documents int            `json:"documents"` // documents evaluated
	Rendered  int            `json:"rendered"`  // charts and kustomizations rendered, each variant once
	Untraced  int            `json:"untraced"`  // rendered files whose lines could not be traced to their sources
	Rules     int            `json:"rules"`     // rules that were on
	Scope     string         `json:"scope"`     // what findings were judged by: "all", or "since <revision>"
	Notices   []string       `json:"notices"`   // what the user should know about how the answer was reached
}

// Change is the pull request that a report is about, as the run that linted it says.
type Change struct {
	Number int    `json:"pullRequest"`
	Head   string `json:"head"` // its own head commit, full hash
}

// Report is the whole answer.
type Report struct {
	Tool    Tool
	Change  *Change // nil for a run about no pull request
	Verdict Verdict
	FailOn  Severity // 0: never fail on findings
	// AddedFails: what an ignore hides that the change itself adds fails as if it were not hidden.
	AddedFails   bool
	Rules        []*Rule // of every finding's rule, and all rules that were on; sorted by ID
	Findings     []*Finding
	NotEvaluated []Miss
	Stats        Stats
}

// Rule finds a rule of the report by ID; nil when there is none.
func (r *Report) Rule(id string) *Rule {
	for _, rule := range r.Rules {
		if rule.ID == id {
			return rule
		}
	}
	return nil
}

// Active lists the findings that count, in the report's order.
func (r *Report) Active() []*Finding {
	var active []*Finding
	for _, f := range r.Findings {
		if f.Active() {
			active = append(active, f)
		}
	}
	return active
}

// Count counts the findings that count, by severity.
func (r *Report) Count() map[Severity]int {
	counts := map[Severity]int{}
	for _, f := range r.Active() {
		counts[f.Severity]++
	}
	return counts
}

// Hidden counts the suppressed findings by who suppressed them.
func (r *Report) Hidden() map[SuppressedBy]int {
	hidden := map[SuppressedBy]int{}
	for _, f := range r.Findings {
		if !f.Active() {
			hidden[f.Suppressed.By]++
		}
	}
	return hidden
}

// Judge sets the verdict: fail when an active finding is at or above the threshold. With threshold 0 nothing fails.
func (r *Report) Judge(threshold Severity) {
	r.FailOn, r.Verdict = threshold, Pass
	if slices.ContainsFunc(r.Findings, r.Fails) {
		r.Verdict = Fail
	}
}

// Fails reports whether a finding fails the run.
func (r *Report) Fails(f *Finding) bool {
	counts := f.Active() || r.AddedFails && f.Suppressed.Added
	return counts && r.FailOn > 0 && f.Severity >= r.FailOn
}

// Added lists the findings that are hidden by ignores which the change itself adds, in the report's order.
func (r *Report) Added() []*Finding {
	var added []*Finding
	for _, f := range r.Findings {
		if !f.Active() && f.Suppressed.Added {
			added = append(added, f)
		}
	}
	return added
}
