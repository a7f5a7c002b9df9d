package discover

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// list fills in the listing and the selection.
func (w *walker) list(ctx context.Context) error {
	for _, pattern := range slices.Concat(w.options.Include, w.options.Exclude) {
		if !doublestar.ValidatePattern(pattern) {
			return fmt.Errorf("pattern %q is malformed", pattern)
		}
	}
	w.selection = selection{include: w.options.Include, exclude: w.options.Exclude}
	for _, p := range w.options.Files {
		w.paths = append(w.paths, strings.TrimSuffix(p, "/")) // so Git writes a repository within this one
	}
	if !w.git {
		if err := w.walk(ctx, "."); err != nil {
			return err
		}
	}
	w.sortPaths()
	for _, given := range w.options.Paths {
		if err := w.add(ctx, given); err != nil {
			return err
		}
	}
	w.sortPaths()
	return nil
}

func (w *walker) sortPaths() {
	slices.Sort(w.paths)
	w.paths = slices.Compact(w.paths)
}

// add takes a path that the user gave into the selection, and into the listing where Git leaves it out.
func (w *walker) add(ctx context.Context, given string) error {
	rel, err := w.relative(given)
	if err != nil {
		return err
	}
	info, err := w.root.Stat(rel)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("path %s does not exist", given)
	}
	if err != nil {
		return fmt.Errorf("path %s: %w", given, plain(err))
	}
	w.selection.paths = append(w.selection.paths, rel)
	if !info.IsDir() {
		w.paths = append(w.paths, rel)
		return nil
	}
	if rel != "." && !w.hasUnder(rel) {
		return w.walk(ctx, rel)
	}
	return nil
}

// relative gives a path as the listing writes it.
func (w *walker) relative(given string) (string, error) {
	rel := filepath.FromSlash(given)
	if filepath.IsAbs(rel) {
		rel = w.below(rel)
	}
	if !filepath.IsLocal(rel) {
		return "", fmt.Errorf("path %s is outside of the repository %s", given, w.dir)
	}
	return filepath.ToSlash(filepath.Clean(rel)), nil
}

// below gives an absolute path relative to the root, which may have been reached through a link; what is not below it stays
// as it is.
func (w *walker) below(abs string) string {
	for _, resolve := range []func(string) (string, error){
		func(p string) (string, error) { return p, nil },
		filepath.EvalSymlinks,
	} {
		real, err := resolve(abs)
		if err != nil {
			continue
		}
		if rel, err := filepath.Rel(w.dir, real); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	return abs
}

// walk lists all files under a folder. It follows no links, and leaves out .git.
func (w *walker) walk(ctx context.Context, dir string) error {
	return fs.WalkDir(w.root.FS(), dir, func(p string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && p == ".":
			return err
		case err != nil:
			w.problems = append(w.problems, Problem{p, Unreadable, fmt.Sprintf("the folder cannot be read: %v", plain(err))})
			return nil
		case entry.Name() == ".git" && entry.IsDir():
			return fs.SkipDir
		case !entry.IsDir() && entry.Name() != ".git":
			w.paths = append(w.paths, p)
		}
		return nil
	})
}

// listed reports whether a path is in the sorted listing.
func (w *walker) listed(p string) bool {
	_, found := slices.BinarySearch(w.paths, p)
	return found
}

// hasUnder reports whether the sorted listing has files in a folder.
func (w *walker) hasUnder(dir string) bool {
	prefix := dir + "/"
	i := sort.SearchStrings(w.paths, prefix)
	return i < len(w.paths) && strings.HasPrefix(w.paths[i], prefix)
}

// selection says which files somebody asked for.
type selection struct {
	paths            []string // as in the listing; none means all
	include, exclude []string
	charts           []string // charts that a path inside selects
	all              chartSet
}

// lets reports whether the patterns let a file in.
func (s *selection) lets(p string) bool {
	return (len(s.include) == 0 || matchesAny(s.include, p)) && !matchesAny(s.exclude, p)
}

func (s *selection) has(p string) bool {
	if !s.lets(p) {
		return false
	}
	if len(s.paths) == 0 || underAny(s.paths, p) {
		return true
	}
	return underAny(s.charts, p) && (isChartName(p) || s.all.owns(p))
}

// beside reports whether a file is in the folder of a file that is asked for by name.
func (w *walker) beside(p string) bool {
	return slices.ContainsFunc(w.selection.paths, func(asked string) bool {
		return path.Dir(asked) == path.Dir(p) && w.listed(asked) && !w.hasUnder(asked)
	})
}

// addCharts selects the charts that a path leads into, as a whole: what one template does, another file decides.
func (s *selection) addCharts(charts chartSet) {
	s.all = charts
	for _, p := range s.paths {
		for dir := range ancestors(p) {
			rel := strings.TrimPrefix(p, dir+"/")
			if charts[dir] && (rel == chartName || isChartPlace(rel) || isChartPlace(rel+"/")) {
				s.charts = append(s.charts, dir)
			}
		}
	}
}

func matchesAny(patterns []string, p string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return doublestar.MatchUnvalidated(pattern, p) })
}

func underAny(dirs []string, p string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool {
		return dir == "." || p == dir || strings.HasPrefix(p, dir+"/")
	})
}

// ancestors yields the folders above a path, the nearest first, down to ".".
func ancestors(p string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for dir := path.Dir(p); ; dir = path.Dir(dir) {
			if !yield(dir) || dir == "." {
				return
			}
		}
	}
}

// plain takes the operation and path off an error; who reports it names the path.
func plain(err error) error {
	if pathError, ok := errors.AsType[*os.PathError](err); ok {
		return pathError.Err
	}
	return err
}
