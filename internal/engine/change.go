package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/git"
	"github.com/plimsoll-dev/plimsoll/internal/policy"
	"github.com/plimsoll-dev/plimsoll/internal/triage"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// Change says what a run is about when it is not about everything: what came about since the work tree's branch parted from
// another one.
type Change struct {
	// Since is the revision that the user names; that it cannot be found is the user's to mend. "" leaves it to Bases.
	Since string
	// Name is what reports call the change where there is no Since, such as "pull request 4".
	Name string
	// Bases are commits (full hashes) that the change was made upon, the best first. Clones may lack any of them.
	Bases []string
	// Lend gives the files of the commit at which HEAD's branch and a base parted, where the clone does not have it; nil where
	// there is nobody to ask. What asks goes to the network.
	Lend func(ctx context.Context, base string) (git.Loan, error)
	// Ask gives the changed lines where those files cannot be had, by paths from the repository's root; nil as above.
	Ask func(ctx context.Context) (git.Changes, error)
	// All: everything counts, and the change is only to tell which ignores it brings.
	All bool
	// Elsewhere gives the options by which the same command lints another state of the files, laid out in a folder: with the
	// configuration, policies and baseline that are there. Differs are the paths that are not the same at present. Nil
	// takes the present options.
	Elsewhere func(root string, differs map[string]bool) (Options, error)
}

// change is a Change as it was found.
type change struct {
	what    string        // for people: "main", "pull request 4"
	repo    *git.Repo     // that has the base
	base    string        // commit (full hash); "" where only the lines are known
	lent    *git.Borrowed // nil where the clone itself has the base
	diff    *git.Diff
	differs map[string]bool // paths below the target's root whose files are not the same
	// cameOrWent are those of them that are on one side alone.
	cameOrWent []string
	before     map[string]string // old paths by present ones, of what was moved
}

// findChange finds the lines that a run is about. It is nil when all are; the notice then says why, if that is not what was
// asked for.
func (t *Target) findChange(ctx context.Context, asked *Change) (c *change, notice string, err error) {
	if asked == nil {
		return nil, "", nil
	}
	if asked.Since != "" {
		if t.repo == nil {
			return nil, "", usagef(fmt.Errorf("--since needs a Git repository: %s", t.noGit))
		}
		c, err := t.changeSince(ctx, asked.Since, asked.Since)
		if err != nil {
			return nil, "", usagef(err)
		}
		return c, "", nil
	}
	c, why := t.changeOf(ctx, asked)
	if c == nil {
		notice = "everything counts, since it cannot be told what the change is: " + why
	}
	return c, notice, nil
}

// changeOf tries one source after the other, and says why none will do.
func (t *Target) changeOf(ctx context.Context, asked *Change) (*change, string) {
	why := errors.New("nothing says what it was made upon")
	if t.repo == nil {
		why = errors.New(t.noGit)
	}
	for i, base := range asked.Bases {
		if t.repo == nil {
			break
		}
		c, err := t.changeSince(ctx, base, asked.Name)
		if err == nil {
			return c, ""
		}
		if i == 0 {
			why = err
		}
	}
	c, err := t.changeOfLoan(ctx, asked)
	if c != nil {
		return c, ""
	}
	if err != nil {
		why = fmt.Errorf("%w; %w", why, err)
	}
	if asked.Ask == nil {
		return nil, why.Error()
	}
	lines, err := asked.Ask(ctx)
	if err != nil {
		return nil, fmt.Sprintf("%v; %v", why, err)
	}
	return t.newChange(&git.Diff{Lines: lines}, nil, "", asked.Name), ""
}

// changeOfLoan has the base lent. It is nil, without an error, where there is nobody to lend it.
func (t *Target) changeOfLoan(ctx context.Context, asked *Change) (*change, error) {
	if t.repo == nil || asked.Lend == nil || len(asked.Bases) == 0 {
		return nil, nil
	}
	loan, err := asked.Lend(ctx, asked.Bases[0])
	if err != nil {
		return nil, err
	}
	lent, err := t.repo.Borrow(ctx, loan)
	if err != nil {
		return nil, err
	}
	diff, err := lent.Diff(ctx, lent.Commit)
	if err != nil {
		return nil, errors.Join(err, lent.Close())
	}
	c := t.newChange(diff, lent.Repo, lent.Commit, asked.Name)
	c.lent = lent
	return c, nil
}

// close gives back what the change was lent.
func (c *change) close() {
	if c != nil && c.lent != nil {
		_ = c.lent.Close() // a folder of the system's temporary ones
	}
}

// changeSince is what came about since HEAD's branch parted from a revision's, the work tree included.
func (t *Target) changeSince(ctx context.Context, rev, what string) (*change, error) {
	base, err := t.repo.MergeBase(ctx, rev)
	if err != nil {
		return nil, err
	}
	diff, err := t.repo.Diff(ctx, base)
	if err != nil {
		return nil, err
	}
	return t.newChange(diff, t.repo, base, what), nil
}

func (t *Target) newChange(diff *git.Diff, repo *git.Repo, base, what string) *change {
	c := &change{what: what, repo: repo, base: base, diff: diff, differs: map[string]bool{}, before: map[string]string{}}
	for _, p := range diff.Paths() {
		if rel, inside := strings.CutPrefix(p, t.prefix); inside {
			c.differs[rel] = true
		}
	}
	for _, p := range slices.Concat(diff.Added, diff.Removed) {
		if rel, inside := strings.CutPrefix(p, t.prefix); inside {
			c.cameOrWent = append(c.cameOrWent, rel)
		}
	}
	for now, old := range diff.Before {
		newRel, isIn := strings.CutPrefix(now, t.prefix)
		oldRel, wasIn := strings.CutPrefix(old, t.prefix)
		if isIn && wasIn {
			c.before[newRel] = oldRel
		}
	}
	return c
}

// scope is what triage holds findings against. Until what was before is known, lines alone tell.
func (o Options) scope(c *change, set *policy.Set) *triage.Scope {
	if c == nil {
		return nil
	}
	t := o.Target
	lines := c.diff.Lines
	return &triage.Scope{
		All:             o.Change.All,
		ChangedBaseline: t.differs(c, o.BaselineFile),
		Since:           c.what,
		Changed:         func(file string, first, last int) bool { return lines.Touches(t.prefix+file, first, last) },
		ChangedUnder:    func(dir string) bool { return lines.Under(path.Join(t.prefix, dir)) },
		ChangedRule: func(id string) bool {
			return slices.ContainsFunc(set.Files(id), func(abs string) bool { return t.differs(c, abs) })
		},
	}
}

// differs reports whether a file (absolute) is one of the repository that is not what it was.
func (t *Target) differs(c *change, abs string) bool {
	file, inside := t.relative(abs)
	return inside && c.differs[file]
}

// relative gives an absolute path as the target's files are written; inside is false for one that is not among them.
func (t *Target) relative(abs string) (name string, inside bool) {
	if abs == "" {
		return "", false
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	}
	rel, err := filepath.Rel(t.Root, abs)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// before lints the commit that the change was made upon, and gives what was found there. The present run must be over.
func (r *run) before(ctx context.Context) (*triage.Past, error) {
	c := r.change
	l, err := r.options.Target.layOut(ctx, c)
	if err != nil {
		return nil, err
	}
	defer l.Close() //nolint:errcheck // a folder of the system's temporary ones
	o, nothing, err := r.options.at(l, c)
	if err != nil {
		return nil, err
	}
	r.addedFails = r.addedFails || o.addedFail()
	past := triage.NewPast(o.Baseline, o.ignores())
	if nothing {
		return past, nil
	}
	set := r.set
	if !r.samePolicies(o) {
		if set, err = policy.Load(ctx, policies.FS, o.Policies); err != nil {
			return nil, err
		}
	}
	b, err := newRun(ctx, o, set, nil)
	if err != nil {
		return nil, err
	}
	defer b.close()
	differs := maps.Clone(c.differs)
	for _, link := range l.links { // what they lead to may differ
		differs[link] = true
	}
	b.past = r.remember(o, differs, len(c.cameOrWent))
	b.judge.moved = c.moved()
	if err := b.lint(ctx); err != nil {
		return nil, err
	}
	b.readCited()
	for _, f := range b.report().Findings {
		past.Add(f, b.names(f))
	}
	return past, nil
}

// at gives the options for what was laid out. Nothing is true where none of the paths that are asked for was there.
func (o Options) at(l *layout, c *change) (there Options, nothing bool, err error) {
	there = o
	if o.Change.Elsewhere != nil {
		if there, err = o.Change.Elsewhere(l.dir, c.differs); err != nil {
			return there, false, err
		}
	}
	there.Change = nil
	there.Target = &Target{Root: l.dir, listing: l.files, origin: o.Target.origin}
	for _, p := range o.Target.Paths {
		rel, inside := o.Target.relative(p)
		if at := filepath.Join(l.dir, filepath.FromSlash(rel)); inside && exists(at) {
			there.Target.Paths = append(there.Target.Paths, at)
		}
	}
	there.Policies = slices.DeleteFunc(slices.Clone(there.Policies), func(dir string) bool {
		_, inside := there.Target.relative(dir)
		return inside && !exists(dir)
	})
	return there, len(o.Target.Paths) > 0 && len(there.Target.Paths) == 0, nil
}

// samePolicies reports whether the same policies are loaded for another state of the files.
func (r *run) samePolicies(there Options) bool {
	t := r.options.Target
	name := func(t *Target, dir string) string {
		if rel, inside := t.relative(dir); inside {
			return rel
		}
		return dir
	}
	return slices.EqualFunc(r.options.Policies, there.Policies, func(a, b string) bool {
		return name(t, a) == name(there.Target, b) && !t.touches(r.change.differs, a)
	})
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// moved gives the present path of an old one.
func (c *change) moved() func(string) string {
	now := map[string]string{}
	for present, old := range c.before {
		now[old] = present
	}
	return func(old string) string {
		if present, ok := now[old]; ok {
			return present
		}
		return old
	}
}

// names are what a finding is known by from one state of the files to another: its own fingerprint, and those of the findings
// that it speaks for. What is said of the linting itself is known by its words, in which paths stand.
func (r *run) names(f *finding.Finding) []string {
	if rule := r.set.Rule(f.RuleID); rule == nil || rule.Category() == "builtin" {
		at := r.judge.now(f.Location.Path)
		if moved := at != f.Location.Path || r.change != nil && r.change.before[at] != ""; moved {
			return []string{finding.Fingerprint(f.RuleID, at, "moved", "")} // its words name the path
		}
		return []string{finding.Fingerprint(f.RuleID, at, "", f.Message)}
	}
	own, _, _ := strings.Cut(f.Fingerprint, ":")
	names := append([]string{own}, r.kin[f]...)
	slices.Sort(names)
	return slices.Compact(names)
}
