package finding

import "github.com/plimsoll-dev/plimsoll/internal/source"

// The wire types are the JSON report, version 1, field by field. They change only together with Version.

type wireReport struct {
	Version      int               `json:"version"`
	Tool         Tool              `json:"tool"`
	Change       *Change           `json:"change,omitempty"`
	Verdict      Verdict           `json:"verdict"`
	FailOn       *Severity         `json:"failOn"` // null: no finding fails
	Findings     list[wireFinding] `json:"findings"`
	NotEvaluated list[wireMiss]    `json:"notEvaluated"`
	Rules        list[wireRule]    `json:"rules"`
	Stats        Stats             `json:"stats"`
}

type wireFinding struct {
	Rule        string           `json:"rule"`
	Severity    Severity         `json:"severity"`
	Confidence  Confidence       `json:"confidence"`
	Message     string           `json:"message"`
	Location    wireLocation     `json:"location"`
	Related     list[wireNote]   `json:"related"`
	Origin      *wireOrigin      `json:"origin"`
	Fingerprint string           `json:"fingerprint"`
	Suppressed  *wireSuppression `json:"suppressed"`
	Fix         *wireFix         `json:"fix"`
	Persona     Persona          `json:"persona,omitempty"`
	Subject     string           `json:"subject,omitempty"`
}

type wireLocation struct {
	Path        string `json:"path"`
	StartLine   int    `json:"startLine"`
	StartColumn int    `json:"startColumn"`
	EndLine     int    `json:"endLine"`
	EndColumn   int    `json:"endColumn"`
	Exact       bool   `json:"exact"`
}

type wireNote struct {
	Message  string       `json:"message"`
	Location wireLocation `json:"location"`
}

type wireOrigin struct {
	Renderer string   `json:"renderer"`
	Root     string   `json:"root"`
	Variants []string `json:"variants"`
	Object   string   `json:"object"`
	Field    string   `json:"field"`
	Value    string   `json:"value"`
}

type wireSuppression struct {
	By       SuppressedBy  `json:"by"`
	Reason   string        `json:"reason"`
	Location *wireLocation `json:"location"`
}

type wireFix struct {
	Description string         `json:"description"`
	Edits       list[wireEdit] `json:"edits"`
}

type wireEdit struct {
	Location wireLocation `json:"location"`
	NewText  string       `json:"newText"`
}

type wireMiss struct {
	Path string `json:"path"`
	What string `json:"what"`
	Why  string `json:"why"`
}

// wireRule is a Rule, whose own tags are its JSON form; a type of its own so that it can be checked.
type wireRule Rule

func toWire(r *Report) wireReport {
	w := wireReport{
		Version:      Version,
		Tool:         r.Tool,
		Change:       r.Change,
		Verdict:      r.Verdict,
		Findings:     listOf(r.Findings, wireFindingOf),
		NotEvaluated: listOf(r.NotEvaluated, func(m Miss) wireMiss { return wireMiss(m) }),
		Rules:        listOf(r.Rules, func(rule *Rule) wireRule { return wireRule(*rule) }),
		Stats:        r.Stats,
	}
	if r.FailOn > 0 {
		w.FailOn = &r.FailOn
	}
	if w.Stats.Files == nil {
		w.Stats.Files = map[string]int{}
	}
	if w.Stats.Notices == nil {
		w.Stats.Notices = []string{}
	}
	return w
}

func (w wireReport) report() *Report {
	r := &Report{
		Tool:         w.Tool,
		Change:       w.Change,
		Verdict:      w.Verdict,
		Findings:     itemsOf(w.Findings, wireFinding.finding),
		NotEvaluated: itemsOf(w.NotEvaluated, func(m wireMiss) Miss { return Miss(m) }),
		Rules:        itemsOf(w.Rules, func(rule wireRule) *Rule { return (*Rule)(&rule) }),
		Stats:        w.Stats,
	}
	if w.FailOn != nil {
		r.FailOn = *w.FailOn
	}
	if len(r.Stats.Notices) == 0 {
		r.Stats.Notices = nil
	}
	return r
}

func wireFindingOf(f *Finding) wireFinding {
	w := wireFinding{
		Rule:        f.RuleID,
		Severity:    f.Severity,
		Confidence:  f.Confidence,
		Message:     f.Message,
		Location:    wireLocationOf(f.Location),
		Related:     listOf(f.Related, func(n source.Note) wireNote { return wireNote{n.Message, wireLocationOf(n.Location)} }),
		Fingerprint: f.Fingerprint,
		Persona:     f.Persona,
		Subject:     f.Subject,
	}
	if o := f.Origin; o != nil {
		w.Origin = &wireOrigin{o.Renderer, o.Root, append([]string{}, o.Variants...), o.Object, o.Field, o.Value}
	}
	if s := f.Suppressed; s != nil {
		w.Suppressed = &wireSuppression{By: s.By, Reason: s.Reason}
		if s.Location != nil {
			at := wireLocationOf(*s.Location)
			w.Suppressed.Location = &at
		}
	}
	if f.Fix != nil {
		w.Fix = &wireFix{f.Fix.Description, listOf(f.Fix.Edits, func(e Edit) wireEdit {
			return wireEdit{wireLocationOf(e.Location), e.NewText}
		})}
	}
	return w
}

func (w wireFinding) finding() *Finding {
	f := &Finding{
		RuleID:      w.Rule,
		Severity:    w.Severity,
		Confidence:  w.Confidence,
		Message:     w.Message,
		Location:    w.Location.location(),
		Related:     itemsOf(w.Related, func(n wireNote) source.Note { return source.Note{Message: n.Message, Location: n.Location.location()} }),
		Fingerprint: w.Fingerprint,
		Persona:     w.Persona,
		Subject:     w.Subject,
	}
	if o := w.Origin; o != nil {
		f.Origin = &Origin{o.Renderer, o.Root, append([]string(nil), o.Variants...), o.Object, o.Field, o.Value}
	}
	if s := w.Suppressed; s != nil {
		f.Suppressed = &Suppression{By: s.By, Reason: s.Reason}
		if s.Location != nil {
			at := s.Location.location()
			f.Suppressed.Location = &at
		}
	}
	if w.Fix != nil {
		f.Fix = &Fix{w.Fix.Description, itemsOf(w.Fix.Edits, func(e wireEdit) Edit {
			return Edit{Location: e.Location.location(), NewText: e.NewText}
		})}
	}
	return f
}
