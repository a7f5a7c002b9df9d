package engine

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// cause is what makes two findings one: the same rule says the same of the same place.
type cause struct {
	rule, message, path string
	start, end          source.Point
	object              string // told apart only where no more than the file is known
}

// merge joins the findings that several variants or overlays show for one cause, and lists who shows it. Findings must be
// sorted. Of those, one that a change takes part in tells how it comes about.
func merge(findings []*finding.Finding, seen sightings, kin kinship) []*finding.Finding {
	first := map[cause]*finding.Finding{}
	out := findings[:0]
	for _, f := range findings {
		key := cause{
			rule: f.RuleID, message: f.Message, path: f.Location.Path,
			start: f.Location.Span.Start, end: f.Location.Span.End,
		}
		if f.Location.Span == source.FileStart("").Span && f.Origin != nil {
			key.object = f.Origin.Object + "#" + f.Origin.Field
		}
		if same, again := first[key]; again {
			kin.unite(same, f)
			unite(same, f)
			seen.unite(same, f)
			continue
		}
		first[key] = f
		out = append(out, f)
	}
	return absorb(variations(out, seen, kin))
}

// kinship are the fingerprints of the findings that one speaks for, beside its own. Which one of several it is that speaks
// may be another once a variant is added.
type kinship map[*finding.Finding][]string

func (k kinship) unite(f, other *finding.Finding) {
	if k != nil && f.Fingerprint != other.Fingerprint {
		k[f] = append(append(k[f], other.Fingerprint), k[other]...)
	}
}

// spot is a place of a chart that a rule speaks of.
type spot struct {
	rule, path string
	start, end source.Point
	root       string
	// Where the place is not exact, and may be that of many things:
	field string // without indexes
	said  string // without the object's name
}

// variations joins what one rule says of one place of a chart in different words: in several variants, under another name of
// the object or with another tag around the one that stands there; and in one variant, where one value goes to several
// fields. What one variant says twice of what has no value are two objects.
func variations(findings []*finding.Finding, seen sightings, kin kinship) []*finding.Finding {
	told := map[spot][]*finding.Finding{}
	out := findings[:0]
next:
	for _, f := range findings {
		if f.Origin == nil || f.Origin.Renderer != "helm" {
			out = append(out, f)
			continue
		}
		key := spot{
			rule: f.RuleID, path: f.Location.Path, start: f.Location.Span.Start, end: f.Location.Span.End,
			root: f.Origin.Root,
		}
		if !f.Location.Span.Exact {
			key.field = indexes.ReplaceAllString(f.Origin.Field, "")
			key.said = strings.ReplaceAll(f.Message, path.Base(f.Origin.Object), "")
		}
		for _, same := range told[key] {
			shared := slices.ContainsFunc(f.Origin.Variants, func(v string) bool { return slices.Contains(same.Origin.Variants, v) })
			if !shared || f.Origin.Value != "" && f.Origin.Value == same.Origin.Value {
				kin.unite(same, f)
				unite(same, f)
				seen.unite(same, f)
				continue next
			}
		}
		told[key] = append(told[key], f)
		out = append(out, f)
	}
	return out
}

var indexes = regexp.MustCompile(`\[\d+\]`)

// line is where one rule speaks.
type line struct {
	rule, path string
	number     int
}

// absorb drops what a rule says of a built object at a line when it says something exact of that very line of the
// kustomization itself: an override of an image is judged where it stands, and seen again in each object that it changes.
func absorb(findings []*finding.Finding) []*finding.Finding {
	exact := map[line]*finding.Finding{}
	for _, f := range findings {
		at := line{f.RuleID, f.Location.Path, f.Location.Span.Start.Line}
		if f.Location.Span.Exact && f.Origin == nil && exact[at] == nil {
			exact[at] = f
		}
	}
	out := findings[:0]
	for _, f := range findings {
		same := exact[line{f.RuleID, f.Location.Path, f.Location.Span.Start.Line}]
		if same == nil || f.Origin == nil || f.Origin.Renderer != "kustomize" {
			out = append(out, f)
			continue
		}
		for _, n := range f.Related {
			if !slices.Contains(same.Related, n) {
				same.Related = append(same.Related, n)
			}
		}
	}
	return out
}

// unite lets a finding speak for another one of the same cause, in the words of the graver.
func unite(f, other *finding.Finding) {
	if other.Severity > f.Severity {
		f.Message, f.Related = other.Message, other.Related
		if f.Origin != nil && other.Origin != nil {
			f.Origin.Object, f.Origin.Field, f.Origin.Value = other.Origin.Object, other.Origin.Field, other.Origin.Value
		}
	}
	if f.Persona.Sees(other.Persona) {
		f.Persona = other.Persona
	}
	f.Confidence = surer(f.Confidence, other.Confidence)
	f.Severity = max(f.Severity, other.Severity)
	f.Location.Span.Exact = f.Location.Span.Exact || other.Location.Span.Exact
	if f.Origin != nil && other.Origin != nil {
		variants := slices.Concat(f.Origin.Variants, variantsFrom(f.Origin, other.Origin))
		slices.Sort(variants)
		f.Origin.Variants = slices.Compact(variants)
	}
}

// variantsFrom names the other rendering's variants as seen from this one: those of another chart or kustomization carry
// its directory, and one without variants is named by it.
func variantsFrom(own, other *finding.Origin) []string {
	if own.Root == other.Root {
		return other.Variants
	}
	if len(other.Variants) == 0 {
		return []string{other.Root}
	}
	names := make([]string, len(other.Variants))
	for i, v := range other.Variants {
		names[i] = v
		if !strings.Contains(v, ":") {
			names[i] = other.Root + ": " + v
		}
	}
	return names
}

func surer(a, b finding.Confidence) finding.Confidence {
	for _, c := range []finding.Confidence{finding.ConfidenceHigh, finding.ConfidenceMedium} {
		if a == c || b == c {
			return c
		}
	}
	return a
}
