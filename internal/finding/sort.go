package finding

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Sort puts findings into the one order that every output keeps: by file, place, rule and message.
func Sort(findings []*Finding) {
	slices.SortStableFunc(findings, func(a, b *Finding) int {
		return cmp.Or(
			cmp.Compare(a.Location.Path, b.Location.Path),
			cmp.Compare(a.Location.Span.Start.Line, b.Location.Span.Start.Line),
			cmp.Compare(a.Location.Span.Start.Column, b.Location.Span.Start.Column),
			cmp.Compare(a.RuleID, b.RuleID),
			cmp.Compare(a.Message, b.Message),
			cmp.Compare(a.Fingerprint, b.Fingerprint),
		)
	})
}

// Ranked returns the findings in the order in which people should see them when only some can be shown: the most
// severe first, the order of Sort among equals.
func Ranked(findings []*Finding) []*Finding {
	ranked := slices.Clone(findings)
	slices.SortStableFunc(ranked, func(a, b *Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	return ranked
}

// Fingerprint names a finding so that it is known again after lines shift, other code moves or a chart is rendered
// anew: rule, file, the stable identity inside the file, and the offending text. 32 hex digits.
func Fingerprint(rule, path, identity, text string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{rule, path, identity, text}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// Number makes the fingerprints of sorted findings unique: the second one of the same name gets ":2", and so on.
func Number(findings []*Finding) {
	seen := map[string]int{}
	for _, f := range findings {
		seen[f.Fingerprint]++
		if n := seen[f.Fingerprint]; n > 1 {
			f.Fingerprint = fmt.Sprintf("%s:%d", f.Fingerprint, n)
		}
	}
}
