package engine

import (
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// memory holds what the jobs of one run came to, so that a run over another state of the same files need not do again what
// cannot have changed. It may be used at the same time.
type memory struct {
	mu    sync.Mutex
	parts map[string]part // by the job's key
	// Files that facts looked at beyond the document at hand: for what is deployed, and for all other files.
	deployed, others map[string]bool
}

func newMemory() *memory {
	return &memory{parts: map[string]part{}, deployed: map[string]bool{}, others: map[string]bool{}}
}

// keep remembers a part as it is now: merging and triage change findings.
func (m *memory) keep(j job, p part) {
	if m == nil {
		return
	}
	p.findings, p.seen = cloned(p.findings), nil
	m.mu.Lock()
	defer m.mu.Unlock()
	m.parts[j.key()] = p
}

func cloned(findings []*finding.Finding) []*finding.Finding {
	out := make([]*finding.Finding, len(findings))
	for i, f := range findings {
		c := *f
		c.Related = slices.Clone(f.Related)
		if f.Origin != nil {
			origin := *f.Origin
			origin.Variants = slices.Clone(origin.Variants)
			c.Origin = &origin
		}
		out[i] = &c
	}
	return out
}

// listen gives the same repository, and notes which of its files are asked for.
func (m *memory) listen(r *source.Repository, asked map[string]bool) *source.Repository {
	note := func(path string) {
		m.mu.Lock()
		defer m.mu.Unlock()
		asked[path] = true
	}
	heard := *r
	heard.ReadFile = func(path string) []byte { note(path); return r.ReadFile(path) }
	heard.Parse = func(path string) *source.Document { note(path); return r.Parse(path) }
	return &heard
}

// past is the memory of the run over the present files, for one over the files that they came from.
type past struct {
	memory  *memory
	differs map[string]bool // paths whose files are not the same
	// Whether what was found of what is deployed, and of all other files, can be the same at all.
	deployed, others bool
}

// remember decides what the memory is good for: nothing where the rules, or the configuration, may be others, or where a
// file beyond the document at hand that facts looked at, or could have found, is not the same.
func (r *run) remember(base Options, differs map[string]bool, cameOrWent int) *past {
	same := reflect.DeepEqual(r.options.Config, base.Config) && cameOrWent == 0 && len(differs) <= maxWatched
	for _, name := range slices.Concat(config.Names(), actionlintNames) {
		same = same && !differs[name]
	}
	for _, dir := range r.options.Policies {
		same = same && !r.options.Target.touches(differs, dir)
	}
	p := &past{memory: r.memory, differs: differs, deployed: same, others: same}
	for name := range differs {
		p.deployed = p.deployed && !r.memory.deployed[name]
		p.others = p.others && !r.memory.others[name]
	}
	return p
}

// touches reports whether a folder (absolute) holds one of the paths.
func (t *Target) touches(paths map[string]bool, dir string) bool {
	rel, inside := t.relative(dir)
	if !inside {
		return false
	}
	for p := range paths {
		if rel == "." || strings.HasPrefix(p, rel+"/") {
			return true
		}
	}
	return false
}

// recall gives what a job came to over the present files, if it must come to the same.
func (p *past) recall(j job) (part, bool) {
	if p == nil || j.deployed() && !p.deployed || !j.deployed() && !p.others {
		return part{}, false
	}
	known, ok := p.memory.parts[j.key()]
	if !ok || slices.ContainsFunc(j.files, func(f *source.File) bool { return p.differs[f.Path] }) {
		return part{}, false
	}
	if j.unit != nil && (known.touched || !reflect.DeepEqual(*j.unit, known.unit)) {
		return part{}, false
	}
	known.findings = cloned(known.findings)
	return known, true
}

// key names a job by what it is about.
func (j *job) key() string {
	if j.unit != nil {
		return path.Join(j.unit.Renderer, j.unit.File)
	}
	paths := make([]string, len(j.files))
	for i, f := range j.files {
		paths[i] = f.Path
	}
	return "\x00" + strings.Join(paths, "\x00")
}

// deployed reports whether a job is about Kubernetes' objects.
func (j *job) deployed() bool { return j.unit != nil || j.files[0].Kind == source.Manifest }

// maxWatched bounds how many paths a renderer watches: a change of more is linted as if it were all new.
const maxWatched = 20_000

// watched is what of a change the renderer of the present files watches.
func (c *change) watched() render.Watched {
	if c == nil || len(c.differs) > maxWatched {
		return render.Watched{}
	}
	return render.Watch(slices.Collect(maps.Keys(c.differs)), c.cameOrWent)
}
