package triage

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// maxBaseline bounds a baseline file, in bytes.
const maxBaseline = 64 << 20

// Baseline is a list of findings that are known and put aside.
type Baseline struct {
	known map[string]bool // by fingerprint
	used  map[string]bool
}

// Stale is how many entries matched no finding, once Apply has run. They can be dropped by writing the baseline anew.
func (b *Baseline) Stale() int { return len(b.known) - len(b.used) }

type baselineFile struct {
	Version  int             `json:"version"`
	Findings []baselineEntry `json:"findings"`
}

// baselineEntry is found again by its fingerprint; the rest is for people who read the file.
type baselineEntry struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	Path        string `json:"path"`
	Message     string `json:"message"`
}

// ReadBaseline reads what WriteBaseline wrote.
func ReadBaseline(r io.Reader) (*Baseline, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBaseline+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxBaseline {
		return nil, fmt.Errorf("larger than %d MiB", maxBaseline>>20)
	}
	var file baselineFile
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("not a baseline: %w", err)
	}
	if file.Version != 1 {
		return nil, fmt.Errorf("baseline version %d is unknown: this program reads version 1", file.Version)
	}
	b := &Baseline{known: map[string]bool{}, used: map[string]bool{}}
	for _, e := range file.Findings {
		b.known[e.Fingerprint] = true
	}
	return b, nil
}

// WriteBaseline writes the findings that count, and those that an earlier baseline had put aside. Findings must be sorted
// and their fingerprints numbered.
func WriteBaseline(w io.Writer, findings []*finding.Finding) error {
	file := baselineFile{Version: 1, Findings: []baselineEntry{}}
	for _, f := range findings {
		if f.Active() || f.Suppressed.By == finding.ByBaseline || f.Suppressed.By == finding.ByScope {
			file.Findings = append(file.Findings, baselineEntry{f.Fingerprint, f.RuleID, f.Location.Path, f.Message})
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(file)
}

// has reports whether the baseline lists a finding.
func (b *Baseline) has(fingerprint string) bool { return b != nil && b.known[fingerprint] }

func (b *Baseline) suppress(f *finding.Finding) *finding.Suppression {
	if !b.has(f.Fingerprint) {
		return nil
	}
	b.used[f.Fingerprint] = true
	return &finding.Suppression{By: finding.ByBaseline, Reason: "known before, in the baseline"}
}
