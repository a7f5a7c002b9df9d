// Package discover finds the files of a repository that are ours to lint, says of which kind each is, and reads them:
// once, within bounds, and never anything outside of the repository.
//
// Kinds are told by name and place first, and by a cheap look at the content where names do not tell: a full parse of
// everything would cost more than the rest of the program. The look errs on the side of taking a file.
package discover

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// DefaultMaxFileSize is the size in bytes over which a file is a problem instead of being read.
const DefaultMaxFileSize = 10 << 20

// Options say what to look at.
type Options struct {
	Root string // the repository's root; must exist
	// Files lists the repository's files, relative to Root, with slashes, as Git knows them; missing ones and folders are
	// passed over. Nil outside Git: then all files under Root are listed, but for those in .git.
	Files []string
	// Paths are the files and folders to lint, absolute or relative to Root; none means all. One that Files does not
	// list, such as an ignored file, is linted all the same, since somebody asked for it. A path inside a chart selects
	// the chart.
	Paths []string
	// Include and Exclude are doublestar patterns on paths relative to Root. With any Include a file must match one; a
	// file that matches an Exclude is never read. A chart is in or out as its Chart.yaml is.
	Include, Exclude []string
	MaxFileSize      int64 // bytes; 0 means DefaultMaxFileSize
	Workers          int   // files read at a time; 0 means twice the number of processors
}

// Result is what there is to lint.
type Result struct {
	// Files are all files of a known kind that are selected, and beside them the charts and kustomizations that are not,
	// since these may reach what is selected, the manifests in the folder of a selected file, which are judged together
	// with it, and those that may say how a chart is deployed. Sorted by path. Data is nil for chart files that hold no
	// comments of ours, such as archives.
	Files    []*source.File
	Paths    []string  // of all files listed, selected or not; sorted
	Problems []Problem // sorted by path
	// Nested are the submodules, and the repositories within this one, that Git lists as one path and that are selected.
	// Nothing in them was looked at, unless a path inside was asked for. Sorted.
	Nested []string
	Stats  Stats

	selection *selection
}

// Selected reports whether findings in a file are asked for: it is under the paths given, or belongs to a chart that
// they select, and the patterns let it in. It may be asked of files that are not in Files, such as a patch.
func (r *Result) Selected(path string) bool { return r.selection.has(path) }

// Included reports whether the patterns let a file in, whatever paths are asked for.
func (r *Result) Included(path string) bool { return r.selection.lets(path) }

// Why is the reason for a Problem.
type Why string

// The reasons for which a file is not linted.
const (
	TooLarge   Why = "too-large"
	LinkOut    Why = "link-out"    // a symbolic link out of the repository, or to what is not part of it
	LinkLoop   Why = "link-loop"   // symbolic links that lead to each other
	LinkBroken Why = "link-broken" // a symbolic link to nothing
	Unreadable Why = "unreadable"
	NotRegular Why = "not-regular" // a device, pipe or socket
)

// Problem is a file, or a folder, that is ours to lint but could not be read.
type Problem struct {
	Path    string
	Why     Why
	Message string // what is wrong and what to do, without the path and a final full stop
}

// Stats say how much was looked at.
type Stats struct {
	Listed int                 // files in the listing
	Read   int                 // files opened
	Bytes  int64               // bytes read
	Kinds  map[source.Kind]int // selected files by kind
}

// Walk lists, classifies and reads. An error means that the options are wrong, such as a path that does not exist, or
// that ctx is done; what is wrong with a file is a Problem.
func Walk(ctx context.Context, options Options) (*Result, error) {
	options.MaxFileSize = cmp.Or(options.MaxFileSize, DefaultMaxFileSize)
	options.Workers = cmp.Or(options.Workers, 2*runtime.GOMAXPROCS(0))
	abs, err := filepath.Abs(options.Root)
	if err != nil {
		return nil, err
	}
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // only read

	w := &walker{options: options, dir: abs, root: root, git: options.Files != nil}
	if err := w.list(ctx); err != nil {
		return nil, err
	}
	if err := w.findCharts(ctx); err != nil {
		return nil, err
	}
	reads, err := w.readAll(ctx, w.candidates())
	if err != nil {
		return nil, err
	}
	return w.result(reads), nil
}

// walker is one walk under way.
type walker struct {
	options   Options
	dir       string // the root's absolute path, links resolved
	root      *os.Root
	git       bool
	paths     []string // the listing, sorted
	problems  []Problem
	selection selection
	charts    chartSet
	chartRead []read
}

// candidate is a listed file. One without a role is not worth opening, but may be no file at all.
type candidate struct {
	path string
	role role
}

// findCharts reads every Chart.yaml, since the place of all other files depends on where the charts are.
func (w *walker) findCharts(ctx context.Context) error {
	var found []candidate
	for _, p := range w.paths {
		if isChartName(p) && w.selection.lets(p) {
			found = append(found, candidate{p, roleOf(p, w.git)})
		}
	}
	reads, err := w.readAll(ctx, found)
	if err != nil {
		return err
	}
	w.charts = chartSet{}
	for _, r := range reads {
		if r.file == nil {
			continue
		}
		dir := path.Dir(r.file.Path)
		if w.hasUnder(path.Join(dir, "templates")) { // a chart, if a broken one
			r.file.Kind = source.Chart
		}
		if r.file.Kind == source.Chart {
			w.charts[dir] = true
		}
	}
	w.chartRead = reads
	w.selection.addCharts(w.charts)
	return nil
}

func (w *walker) candidates() []candidate {
	var out []candidate
	for _, p := range w.paths {
		if isChartName(p) || !w.selection.lets(p) {
			continue
		}
		role := roleOf(p, w.git)
		if role.kind != source.Workflow && w.charts.owns(p) {
			role = w.charts.role(p)
		} else if role.kind == "" && role.is != nil && w.charts.above(p) {
			role.is = templateOr(role.is)
		}
		switch {
		case w.selection.has(p) || role.kind == source.Kustomization:
			out = append(out, candidate{p, role})
		case role.kind == "" && role.is != nil && w.beside(p):
			out = append(out, candidate{p, role.manifest()})
		case len(w.charts) > 0 && role.kind == "" && role.is != nil:
			out = append(out, candidate{p, role.deployer()})
		}
	}
	return out
}

// readAll reads candidates in parallel and keeps their order.
func (w *walker) readAll(ctx context.Context, candidates []candidate) ([]read, error) {
	reads := make([]read, len(candidates))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(w.options.Workers)
	const batch = 64 // files are small: hand them out in batches
	for start := 0; start < len(candidates); start += batch {
		group.Go(func() error {
			for i := start; i < min(start+batch, len(candidates)); i++ {
				if err := ctx.Err(); err != nil {
					return err
				}
				reads[i] = w.read(candidates[i])
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("read the repository: %w", err)
	}
	return reads, nil
}

func (w *walker) result(reads []read) *Result {
	r := &Result{selection: &w.selection, Paths: w.paths, Problems: w.problems}
	r.Stats = Stats{Listed: len(w.paths), Kinds: map[source.Kind]int{}}
	for _, one := range slices.Concat(w.chartRead, reads) {
		if one.opened {
			r.Stats.Read++
			r.Stats.Bytes += one.size
		}
		if one.nested != "" && w.selection.has(one.nested) && !w.hasUnder(one.nested) {
			r.Nested = append(r.Nested, one.nested)
		}
		if p := one.problem; p != nil && w.selection.has(p.Path) {
			r.Problems = append(r.Problems, *p)
		}
		if f := one.file; f != nil && f.Kind != "" {
			r.Files = append(r.Files, f)
			if w.selection.has(f.Path) {
				r.Stats.Kinds[f.Kind]++
			}
		}
	}
	slices.Sort(r.Nested)
	slices.SortFunc(r.Files, func(a, b *source.File) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortFunc(r.Problems, func(a, b Problem) int { return cmp.Compare(a.Path, b.Path) })
	return r
}
