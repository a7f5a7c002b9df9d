package deploy

import (
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"helm.sh/helm/v3/pkg/chartutil"
)

// resolve finds the values files that a name means: one file, or those that match a pattern, or none. Why it cannot is
// the end of a Miss's message.
func (d *draft) resolve(dir, name string) (files []string, why string) {
	ref, rest, found := strings.Cut(name, "/")
	switch {
	case placeholder.MatchString(name):
		return nil, "its name has a placeholder that is filled in outside of the repository" + nameValues
	case strings.Contains(name, "://") || strings.HasPrefix(name, "git::"):
		return nil, "it is on the network, which lint does not use" + nameValues
	case found && strings.HasPrefix(ref, "$") && d.refs[ref[1:]]:
		dir, name = ".", rest
	case strings.Contains(name, "$"):
		return nil, "its name has a variable that is known only where it is deployed" + nameValues
	case strings.HasPrefix(name, "/"):
		dir, name = ".", strings.TrimLeft(name, "/")
	}
	full, ok := within(dir, name)
	if !ok {
		return nil, "it leads out of the repository" + nameValues
	}
	if d.exists(full) {
		return []string{full}, ""
	}
	if strings.ContainsAny(name, "*?[{") {
		matches, ok := d.glob(d.repo.Paths, full)
		if !ok {
			return nil, "the repository has too many patterns of values files for its size" + nameValues
		}
		files = matches
	}
	if len(files) == 0 && !d.missing {
		return nil, "it is not in the repository"
	}
	return files, ""
}

// exists reports whether there is a file.
func (f *finder) exists(name string) bool {
	_, found := slices.BinarySearch(f.repo.Paths, name)
	return found
}

// glob gives those of a sorted list of paths that match. It is false when all matching together took too long, or the
// pattern is none.
func (f *finder) glob(paths []string, pattern string) ([]string, bool) {
	base, _ := doublestar.SplitPattern(pattern)
	if base != "." {
		from, _ := slices.BinarySearch(paths, base)
		to, _ := slices.BinarySearch(paths, base+"0") // the character after the slash
		paths = paths[from:to]
	}
	if f.matched += len(paths); f.matched > maxMatches || !doublestar.ValidatePattern(pattern) {
		return nil, false
	}
	var out []string
	for _, name := range paths {
		if doublestar.MatchUnvalidated(pattern, name) {
			out = append(out, name)
		}
	}
	return out, true
}

// folders are all folders of the repository but its root, sorted.
func (f *finder) folders() []string {
	if f.dirs == nil {
		seen := map[string]bool{".": true}
		f.dirs = []string{}
		for _, name := range f.repo.Paths {
			for dir := path.Dir(name); !seen[dir] && dir != "/"; dir = path.Dir(dir) {
				seen[dir] = true
				f.dirs = append(f.dirs, dir)
			}
		}
		slices.Sort(f.dirs)
	}
	return f.dirs
}

// chartAt is the chart of the repository in a folder.
func (f *finder) chartAt(dir, name string) (Chart, bool) {
	at, ok := within(dir, strings.TrimLeft(name, "/"))
	if !ok {
		return Chart{}, false
	}
	c, found := f.byRoot[at]
	return c, found
}

// chartNamed is the chart of the repository that a name and a range of versions mean, where the chart is fetched from
// where charts are published. A range that takes any version says too little to tell it from another chart of that name.
func (f *finder) chartNamed(name, versions string) (Chart, bool) {
	if !strings.ContainsAny(versions, "123456789") {
		return Chart{}, false
	}
	var best Chart
	for _, c := range f.byName[name] {
		if chartutil.IsCompatibleRange(versions, c.Version) && (best.Root == "" || c.Root < best.Root) {
			best = c
		}
	}
	return best, best.Root != ""
}

// chartLike is the root of a chart that a path with placeholders may well mean, the first of several; "" when it means
// none, or may be anything of any repository.
func (f *finder) chartLike(dir string) string {
	pattern, ok := within(".", placeholder.ReplaceAllString(strings.TrimLeft(dir, "/"), "*"))
	if !ok || strings.Trim(pattern, "*/.") == "" {
		return ""
	}
	if _, ours := f.byRoot[pattern]; ours {
		return pattern
	}
	if !strings.Contains(pattern, "*") {
		return ""
	}
	matches, _ := f.glob(f.folders(), pattern)
	for _, root := range matches {
		if _, ours := f.byRoot[root]; ours {
			return root
		}
	}
	return ""
}
