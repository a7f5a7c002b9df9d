package engine

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// cause is what makes two findings one: the same rule says the same of the same place.
type cause struct {
	rule, message, path string
	start, end          int
	object              string // told apart only where the place is not exact
}

// merge joins the findings that several variants or overlays show for one cause, and lists who shows it.
func merge(findings []*finding.Finding) []*finding.Finding {
	first := map[cause]*finding.Finding{}
	out := findings[:0]
	for _, f := range findings {
		key := cause{
			rule: f.RuleID, message: f.Message, path: f.Location.Path,
			start: f.Location.Span.Start.Offset, end: f.Location.Span.End.Offset,
		}
		if !f.Location.Span.Exact && f.Origin != nil {
			key.object = f.Origin.Object + "#" + f.Origin.Field
		}
		same, seen := first[key]
		if !seen {
			first[key] = f
			out = append(out, f)
			continue
		}
		same.Confidence = surer(same.Confidence, f.Confidence)
		if same.Origin != nil && f.Origin != nil {
			variants := slices.Concat(same.Origin.Variants, f.Origin.Variants)
			slices.Sort(variants)
			same.Origin.Variants = slices.Compact(variants)
		}
	}
	return out
}

func surer(a, b finding.Confidence) finding.Confidence {
	for _, c := range []finding.Confidence{finding.ConfidenceHigh, finding.ConfidenceMedium} {
		if a == c || b == c {
			return c
		}
	}
	return a
}
