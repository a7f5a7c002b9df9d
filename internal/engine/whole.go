package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// maxGathered bounds how many references are held against each other.
const maxGathered = 50_000

// gathering collects what documents say that others may contradict: images at digests, each with its place. A nil
// gathering collects nothing. It may be used at the same time.
type gathering struct {
	mu     sync.Mutex
	images []gathered
}

type gathered struct {
	ref   refs.Ref
	trace source.Trace
}

func (g *gathering) add(doc *source.Document, found []refs.Ref) {
	if g == nil || doc.Kind == source.Whole {
		return
	}
	for _, r := range found {
		if r.Kind != refs.Image || r.Digest == "" || r.Version == "" {
			continue
		}
		one := gathered{r, doc.Locate(r.Path, r.Text)}
		g.mu.Lock()
		if len(g.images) <= maxGathered {
			g.images = append(g.images, one)
		}
		g.mu.Unlock()
	}
}

// join takes over what another one gathered.
func (g *gathering) join(other *gathering) {
	if g != nil && other != nil && len(g.images) <= maxGathered {
		g.images = append(g.images, other.images...)
	}
}

// sorted gives the references by place. What several documents show of one place is one.
func (g *gathering) sorted() []gathered {
	slices.SortFunc(g.images, compareGathered)
	return slices.CompactFunc(g.images, func(a, b gathered) bool { return compareGathered(a, b) == 0 })
}

func compareGathered(a, b gathered) int {
	return cmp.Or(
		cmp.Compare(a.trace.Path, b.trace.Path), cmp.Compare(a.trace.Span.Start.Offset, b.trace.Span.Start.Offset),
		cmp.Compare(a.ref.Name, b.ref.Name), cmp.Compare(a.ref.Version, b.ref.Version), cmp.Compare(a.ref.Digest, b.ref.Digest),
	)
}

// lintWhole judges what the documents say between them, as one document whose places are theirs.
func (r *run) lintWhole(ctx context.Context) part {
	var p part
	if r.judge.images == nil {
		return p
	}
	images := r.judge.images.sorted()
	doc := wholeOf(images)
	if len(images) > maxGathered {
		why := fmt.Sprintf("the repository names more than %d images by digest, which are too many to hold against each other", maxGathered)
		p.findings = []*finding.Finding{builtin(r.set, finding.NotEvaluated, source.FileStart(images[maxGathered].trace.Path), why)}
		return p
	}
	p.findings, p.seen = r.judge.findings(ctx, facts.Together([]*source.Document{doc}), 0)
	if len(r.options.Target.Paths) > 0 {
		p.findings = slices.DeleteFunc(p.findings, func(f *finding.Finding) bool { return !r.found.Selected(f.Location.Path) })
	}
	p.findings = r.bound(p.findings)
	return p
}

func wholeOf(images []gathered) *source.Document {
	list := make([]any, len(images))
	for i, one := range images {
		list[i] = map[string]any{
			"raw": one.ref.Raw, "name": one.ref.Name, "version": one.ref.Version, "digest": one.ref.Digest, "context": one.ref.Context,
		}
	}
	file := &source.File{Path: ".", Kind: source.Whole}
	return source.NewDocument(file, source.Whole, map[string]any{"images": list}, places(images))
}

// places tells where the references of a whole stand.
type places []gathered

// Locate implements source.Locator.
func (p places) Locate(path source.Path, _ string) source.Trace {
	if len(path) >= 2 {
		if i, ok := path[1].(int); ok && i < len(p) {
			return p[i].trace
		}
	}
	return source.Trace{Location: source.FileStart(".")}
}
