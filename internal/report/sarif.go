package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// The limits of code scanning: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support.
const (
	maxResults          = 25_000 // a run with more is refused
	maxShownResults     = 5_000  // the rest is dropped
	maxSARIFDescription = 1024   // characters there, bytes here
	maxSARIFMessage     = 8 << 10
	maxSARIFRelated     = 50
	maxTags             = 10 // the rest of 20 is dropped
	maxNotifications    = 1000
)

const (
	sarifSchema    = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	informationURI = "https://github.com/plimsoll-dev/plimsoll"
	sourceRoot     = "%SRCROOT%"
)

func newSARIF(o Options) Reporter {
	return Func(func(w io.Writer, r *finding.Report) error {
		s := &sarifWriter{report: r, options: o, texts: newTexts(o.Source), index: map[string]int{}}
		for i, rule := range r.Rules {
			s.index[rule.ID] = i
		}
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		if err := enc.Encode(s.log()); err != nil {
			return fmt.Errorf("encode SARIF: %w", err)
		}
		_, err := w.Write(finding.DefuseJSON(b.Bytes()))
		return err
	})
}

type sarifWriter struct {
	report  *finding.Report
	options Options
	texts   *texts
	index   map[string]int // of a rule in the report
}

func (s *sarifWriter) log() sarifLog {
	chosen := s.chosen()
	run := sarifRun{
		Tool: sarifTool{Driver: sarifDriver{
			Name:           "plimsoll",
			Version:        s.report.Tool.Version,
			InformationURI: informationURI,
			Rules:          make([]sarifRule, len(s.report.Rules)),
		}},
		AutomationDetails:  sarifID{ID: automationID(s.options.Category)},
		OriginalURIBaseIDs: map[string]sarifBase{sourceRoot: {Description: sarifText{Text: "The root of the repository."}}},
		ColumnKind:         "utf16CodeUnits",
		Results:            make([]sarifResult, 0, len(chosen)),
	}
	for i, rule := range s.report.Rules {
		run.Tool.Driver.Rules[i] = sarifRuleOf(rule)
	}
	hashes := s.hashes(chosen)
	for _, f := range chosen[:min(maxResults, len(chosen))] {
		run.Results = append(run.Results, s.result(f, hashes[f.Location.Path]))
	}
	run.Invocations = []sarifInvocation{{ExecutionSuccessful: true, ToolExecutionNotifications: s.notifications(len(chosen))}}
	return sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}}
}

// automationID is what code scanning tells analyses apart by: all before the last slash is the category.
func automationID(category string) string {
	category = strings.Trim(category, "/")
	if category == "" {
		return "plimsoll/"
	}
	return "plimsoll/" + category + "/"
}

// chosen lists the findings in the report's order or, when code scanning would drop some, the most important first.
func (s *sarifWriter) chosen() []*finding.Finding {
	var active, suppressed []*finding.Finding
	for _, f := range s.report.Findings {
		if f.Active() {
			active = append(active, f)
		} else if !s.options.OmitSuppressed {
			suppressed = append(suppressed, f)
		}
	}
	if len(active)+len(suppressed) > maxShownResults {
		return append(finding.Ranked(active), finding.Ranked(suppressed)...)
	}
	if s.options.OmitSuppressed {
		return active
	}
	return s.report.Findings
}

// hashes computes the line hashes of all findings' lines, file by file.
func (s *sarifWriter) hashes(findings []*finding.Finding) map[string]map[int]string {
	wanted := map[string]map[int]bool{}
	for _, f := range findings {
		at := f.Location
		if wanted[at.Path] == nil {
			wanted[at.Path] = map[int]bool{}
		}
		wanted[at.Path][at.Span.Start.Line] = true
	}
	hashes := make(map[string]map[int]string, len(wanted))
	for path, lines := range wanted {
		if text := s.texts.of(path); text != nil {
			hashes[path] = lineHashes(text.Data, lines)
		}
	}
	return hashes
}

func (s *sarifWriter) result(f *finding.Finding, hashes map[int]string) sarifResult {
	result := sarifResult{
		RuleID:              f.RuleID,
		Level:               sarifLevelOf(f.Severity),
		Message:             sarifMessage(f.Message),
		Locations:           []sarifLocation{s.location(f.Location)},
		PartialFingerprints: map[string]string{"plimsoll/v1": f.Fingerprint},
		Properties: sarifResultProperties{
			Severity:   f.Severity.String(),
			Confidence: string(f.Confidence),
			Exact:      f.Location.Span.Exact,
		},
	}
	if i, known := s.index[f.RuleID]; known {
		result.RuleIndex = &i
	}
	if hash := hashes[f.Location.Span.Start.Line]; hash != "" {
		result.PartialFingerprints["primaryLocationLineHash"] = hash
	}
	for i, n := range f.Related[:min(maxSARIFRelated, len(f.Related))] {
		related, message := s.location(n.Location), sarifMessage(n.Message)
		related.ID, related.Message = i+1, &message
		result.RelatedLocations = append(result.RelatedLocations, related)
	}
	result.CodeFlows, result.Fixes = s.flows(f), s.fixes(f)
	if o := f.Origin; o != nil {
		p := &result.Properties
		p.Renderer, p.Value, p.Root, p.Variants = Visible(o.Renderer), Visible(o.Value), Visible(o.Root), o.Variants
		if o.Object != "" {
			name := strings.TrimSuffix(Visible(o.Object)+"."+Visible(o.Field), ".")
			result.Locations[0].LogicalLocations = []sarifLogical{{Name: Visible(o.Object), FullyQualifiedName: name, Kind: "object"}}
		}
	}
	if f.Suppressed != nil {
		result.Suppressions = []sarifSuppression{s.suppression(f.Suppressed)}
	}
	return result
}

// flows show the way from what was rendered to the cause, step by step: code scanning opens them as paths, while it shows
// related locations only where a message links to them.
func (s *sarifWriter) flows(f *finding.Finding) []sarifCodeFlow {
	if f.Origin == nil || f.Origin.Renderer == "" || len(f.Related) == 0 {
		return nil
	}
	steps := slices.Concat(f.Related[:min(maxSARIFRelated, len(f.Related))], []source.Note{{Message: f.Message, Location: f.Location}})
	var flow sarifThreadFlow
	for _, step := range steps {
		at, message := s.location(step.Location), sarifMessage(step.Message)
		at.Message = &message
		flow.Locations = append(flow.Locations, sarifFlowLocation{at})
	}
	return []sarifCodeFlow{{ThreadFlows: []sarifThreadFlow{flow}}}
}

func (s *sarifWriter) suppression(by *finding.Suppression) sarifSuppression {
	out := sarifSuppression{Kind: "external", Justification: clip(sentence(by.Reason), maxSARIFDescription)}
	if by.By == finding.ByInline {
		out.Kind = "inSource"
	}
	if out.Justification == "" {
		out.Justification = "hidden " + hiddenBy(by.By)
	}
	if by.Location != nil {
		at := s.location(*by.Location)
		out.Location = &at
	}
	return out
}

func (s *sarifWriter) location(l source.Location) sarifLocation {
	at := s.texts.region(l)
	return sarifLocation{PhysicalLocation: sarifPhysical{
		ArtifactLocation: sarifArtifact{URI: escapePath(l.Path), URIBaseID: sourceRoot},
		Region:           &sarifRegion{at.startLine, at.startColumn, at.endLine, at.endColumn},
	}}
}

// notifications say what was not evaluated, what was cut, and how the answer was reached.
func (s *sarifWriter) notifications(findings int) []sarifNotification {
	list := []sarifNotification{}
	note := func(level, text string) {
		list = append(list, sarifNotification{Level: level, Message: sarifMessage(text)})
	}
	if findings > maxResults {
		note("warning", fmt.Sprintf("%d of %d findings are left out of this file, the least severe: code scanning takes %d.",
			findings-maxResults, findings, maxResults))
	}
	if findings > maxShownResults {
		note("warning", fmt.Sprintf("Code scanning shows %d of a run's results. They are the first of this file, which is sorted by severity.",
			maxShownResults))
	}
	for _, text := range notices(s.report) {
		note("note", text)
	}
	for i, m := range s.report.NotEvaluated {
		if i == maxNotifications {
			note("warning", fmt.Sprintf("%d more entries were not evaluated.", len(s.report.NotEvaluated)-i))
			break
		}
		note("warning", fmt.Sprintf("%s (%s) was not evaluated: %s", m.Path, m.What, m.Why))
		if m.Path != "" && m.Path != "." {
			list[len(list)-1].Locations = []sarifLocation{{PhysicalLocation: sarifPhysical{
				ArtifactLocation: sarifArtifact{URI: escapePath(m.Path), URIBaseID: sourceRoot},
			}}}
		}
	}
	return list
}

// sarifMessage sets a message as SARIF's plain text, in which [text](target) would be a link.
func sarifMessage(text string) sarifText {
	return sarifText{Text: strings.ReplaceAll(clip(sentence(text), maxSARIFMessage), "](", `]\(`)}
}

func sarifRuleOf(rule *finding.Rule) sarifRule {
	description := sentence(rule.Description)
	if description == "" {
		description = sentence(rule.Title)
	}
	return sarifRule{
		ID:                   rule.ID,
		Name:                 camel(rule.ID),
		ShortDescription:     sarifText{Text: clip(sentence(rule.Title), maxSARIFDescription)},
		FullDescription:      sarifText{Text: clip(description, maxSARIFDescription)},
		Help:                 ruleHelp(rule, description),
		HelpURI:              webAddress(rule.HelpURL),
		DefaultConfiguration: sarifLevel{sarifLevelOf(rule.Severity)},
		Properties: sarifRuleProperties{
			Precision:        string(rule.Confidence),
			SecuritySeverity: securitySeverity(rule.Severity),
			Tags:             ruleTags(rule),
		},
	}
}

// ruleHelp is the rule's own METADATA as text and as Markdown, which code scanning shows beside an alert.
func ruleHelp(rule *finding.Rule, description string) sarifText {
	text, markdown := description, description
	if rule.Remediation != "" {
		text += "\n" + sentence(rule.Remediation)
		markdown += "\n\n**What to do:** " + sentence(rule.Remediation)
	}
	if address := webAddress(rule.HelpURL); address != "" {
		text += "\n" + address
		markdown += "\n\n[About `" + rule.ID + "`](" + address + ")"
	}
	for _, ref := range rule.References {
		if address := webAddress(ref.URL); address != "" {
			text += "\n" + address
			markdown += "\n- " + strings.TrimSpace("<"+address+"> "+sentence(ref.Description))
		}
	}
	return sarifText{Text: text, Markdown: markdown}
}

// webAddress is the address if it is one of the web, else "".
func webAddress(address string) string {
	if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
		return strings.ReplaceAll(address, " ", "%20")
	}
	return ""
}

func ruleTags(rule *finding.Rule) []string {
	tags := []string{"security", rule.Category()}
	for _, kind := range rule.Kinds {
		tags = append(tags, string(kind))
	}
	var frameworks []string
	for name, ids := range rule.Frameworks {
		for _, id := range ids {
			frameworks = append(frameworks, "external/"+name+"/"+id)
		}
	}
	slices.Sort(frameworks)
	seen := map[string]bool{}
	tags = slices.DeleteFunc(append(tags, frameworks...), func(tag string) bool {
		again := seen[tag]
		seen[tag] = true
		return again
	})
	return tags[:min(maxTags, len(tags))]
}

// camel makes the readable identifier that SARIF wants for a rule's name: workflow/unpinned-action, UnpinnedAction.
func camel(id string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(id[strings.LastIndexByte(id, '/')+1:], func(r rune) bool { return r == '-' || r == '_' }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

func sarifLevelOf(s finding.Severity) string {
	switch s {
	case finding.High:
		return "error"
	case finding.Medium:
		return "warning"
	default:
		return "note"
	}
}

// securitySeverity is a score in the middle of the band that code scanning gives the same name. What is worth knowing is
// no security alert.
func securitySeverity(s finding.Severity) string {
	switch s {
	case finding.High:
		return "8.0"
	case finding.Medium:
		return "5.5"
	case finding.Low:
		return "2.0"
	default:
		return ""
	}
}
