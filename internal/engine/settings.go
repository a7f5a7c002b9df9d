package engine

import (
	"context"
	"fmt"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/settings"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// lintSettings judges what GitHub enforces on a repository. What of it could not be read is no pass.
func (r *run) lintSettings(ctx context.Context) part {
	var p part
	for _, file := range r.options.Settings {
		docs, faults := parse.File(file)
		r.faults(&p, file, faults)
		for i, doc := range docs {
			p.documents++
			found, _ := r.judge.findings(ctx, facts.Together(docs), i)
			p.findings = append(p.findings, found...)
			r.gaps(&p, doc)
		}
	}
	return p
}

// gaps records the settings that the token may not read.
func (r *run) gaps(p *part, doc *source.Document) {
	for _, gap := range settings.Gaps(doc) {
		why := fmt.Sprintf("%s could not be read: %s", gap.What, gap.Why)
		if gap.Permission != "" {
			why += fmt.Sprintf("; the token needs `%s`", gap.Permission)
		}
		p.findings = append(p.findings, builtin(r.set, finding.NotEvaluated, doc.Locate(gap.Path, "").Location, why))
		p.missed = append(p.missed, finding.Miss{Path: doc.File.Path, What: gap.What, Why: why})
	}
}
