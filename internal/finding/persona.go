package finding

import (
	"fmt"
	"slices"
)

// Persona is whom a run speaks to. It decides, by the kind of a finding and its confidence, what counts; the rest is marked.
type Persona string

// The personas; each sees what those before it see. The empty Persona is Regular.
const (
	Regular  Persona = "regular"  // who wants to gate on the answer: what is likely right and matters
	Pedantic Persona = "pedantic" // who wants it tidy: also hygiene, and what is only possibly so
	Auditor  Persona = "auditor"  // who reviews everything: also what is right as it stands but worth a look
)

// Personas lists all personas, the one that sees least first.
func Personas() []Persona { return []Persona{Regular, Pedantic, Auditor} }

// ParsePersona reads a persona's name.
func ParsePersona(name string) (Persona, error) {
	if p := Persona(name); slices.Contains(Personas(), p) {
		return p, nil
	}
	return "", fmt.Errorf("unknown persona %q: use regular, pedantic or auditor", name)
}

// Sees reports whether what is said to another persona is for this one too.
func (p Persona) Sees(other Persona) bool { return p.rank() >= other.rank() }

func (p Persona) rank() int { return max(slices.Index(Personas(), p), 0) }

// Audience is the first persona that a finding is for: one of low confidence is for none below Pedantic.
func (f *Finding) Audience() Persona {
	if f.Confidence == ConfidenceLow && !f.Persona.Sees(Pedantic) {
		return Pedantic
	}
	return Personas()[f.Persona.rank()]
}
