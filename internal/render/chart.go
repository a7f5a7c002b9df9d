package render

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"

	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/trace"
)

// chartFile is one file of a chart.
type chartFile struct {
	name string // within the chart
	path string // in the repository, where it stands in the chart's directory
	data []byte
}

// home is what is known of one chart of the tree of charts that is rendered.
type home struct {
	root   string          // directory in the repository; "" for one that came out of an archive
	anchor source.Location // where a vendored chart is declared, when findings in it belong there
}

// chartLoader reads a chart with all its dependencies.
type chartLoader struct {
	tree     *tree
	siblings []sibling
	files    map[*chart.File]fileHome          // by the pointers that Helm keeps when it copies charts to rename them
	absent   map[*chart.Dependency]declaration // likewise: the dependencies that are nowhere
	hidden   []Problem                         // templates that a .helmignore leaves out
	open     []string                          // directories being loaded, to notice a dependency that leads back
	parser   *trace.Parser                     // is given the templates as they are read; nil for nobody
	size     int64
	count    int
}

// fileHome says where a chart's file stands; path is "" for one out of an archive.
type fileHome struct {
	path string
	home home
}

// loadError is what keeps a chart from being loaded, at a place.
type loadError struct {
	at      source.Location
	message string
	unread  bool // our own parser does not read the file either
}

func (e *loadError) Error() string { return e.message }

func failAt(name, format string, args ...any) *loadError {
	return &loadError{at: source.FileStart(name), message: fmt.Sprintf(format, args...)}
}

// load reads the chart in a directory.
func (l *chartLoader) load(root string) (*chart.Chart, error) {
	found, err := l.directory(root)
	if err != nil {
		return nil, err
	}
	l.open = append(l.open, root)
	defer func() { l.open = l.open[:len(l.open)-1] }()
	return l.build(found, home{root: root})
}

// directory lists a chart's files as Helm does: all but those that its .helmignore names.
func (l *chartLoader) directory(root string) ([]chartFile, error) {
	rules, err := l.ignoreRules(root)
	if err != nil {
		return nil, err
	}
	w := chartWalk{loader: l, root: root, ignore: rules}
	at, _, err := l.tree.resolve(root)
	if err != nil {
		return nil, failAt(root, "%s %s", root, err)
	}
	if err := w.dir("", []string{at}); err != nil {
		return nil, err
	}
	l.hidden = append(l.hidden, w.hidden()...)
	return w.found, nil
}

// chartWalk walks one chart's directory.
type chartWalk struct {
	loader *chartLoader
	root   string
	ignore *ignoreFile
	found  []chartFile
}

// dir walks a directory; within are the real directories around it, to notice a link that leads back.
func (w *chartWalk) dir(name string, within []string) error {
	entries, err := w.loader.tree.list(path.Join(w.root, name))
	if err != nil {
		return failAt(path.Join(w.root, name), "%s: %s", path.Join(w.root, name), err)
	}
	for _, entry := range entries {
		inner := path.Join(name, entry)
		if entry == ".git" || w.ignored(inner) {
			continue
		}
		full := path.Join(w.root, inner)
		at, info, err := w.loader.tree.resolve(full)
		switch {
		case err != nil:
			return failAt(full, "%s %s", full, linkFault(err))
		case !info.IsDir():
			if err := w.file(inner, full); err != nil {
				return err
			}
		case w.ignores(inner, info): // a link, by what it leads to
			continue
		case slices.Contains(within, at):
			return failAt(full, "%s %s", full, errLinks)
		default:
			if err := w.dir(inner, append(slices.Clip(within), at)); err != nil {
				return err
			}
		}
	}
	return nil
}

// linkFault words an error of a path that is listed in its directory, so that nothing can be missing but a link's target.
func linkFault(err error) string {
	if refused(err) {
		return err.Error()
	}
	return "is a symbolic link whose target is not there"
}

// ignored asks .helmignore of the entry itself: a link is judged by its own name before it is followed.
func (w *chartWalk) ignored(name string) bool {
	info, err := w.loader.tree.lstat(path.Join(w.root, name))
	return err == nil && w.ignores(name, info)
}

func (w *chartWalk) file(name, full string) error {
	l := w.loader
	data, _, err := l.tree.read(full)
	if err != nil {
		return failAt(full, "%s %s", full, err)
	}
	l.size += int64(len(data))
	l.count++
	switch {
	case l.size > maxChart:
		return failAt(full, "the chart's files are larger than the limit of %d MiB; list what is not part of it in .helmignore", maxChart>>20)
	case l.count > maxFiles:
		return failAt(full, "the chart has more than %d files; list what is not part of it in .helmignore", maxFiles)
	}
	if data = bytes.TrimPrefix(data, []byte("\ufeff")); strings.HasPrefix(name, "templates/") || strings.Contains(name, "/templates/") {
		l.parser.Add(data)
	}
	w.found = append(w.found, chartFile{name: name, path: full, data: data})
	return nil
}

// build makes a chart of its files, and charts of what stands in its charts/ directory.
func (l *chartLoader) build(found []chartFile, at home) (*chart.Chart, error) {
	var own []*loader.BufferedFile
	paths := map[string]string{}
	vendored := map[string][]chartFile{}
	for _, f := range found {
		if inner, ok := strings.CutPrefix(f.name, "charts/"); ok {
			name, rest, nested := strings.Cut(inner, "/")
			if nested || path.Ext(name) == ".tgz" {
				vendored[name] = append(vendored[name], chartFile{name: rest, path: f.path, data: f.data})
			}
			continue
		}
		own = append(own, &loader.BufferedFile{Name: f.name, Data: f.data})
		paths[f.name] = f.path
	}
	c, err := loader.LoadFiles(own)
	if err != nil {
		return nil, chartFault(found, at, err)
	}
	for _, f := range slices.Concat(c.Templates, c.Files, c.Raw) {
		l.files[f] = fileHome{path: paths[f.Name], home: at}
	}
	declared := declarations(c, found, at)
	for _, name := range slices.Sorted(maps.Keys(vendored)) {
		if strings.IndexAny(name, "_.") == 0 {
			continue
		}
		if err := l.vendored(c, name, vendored[name], declared, at); err != nil {
			return nil, err
		}
	}
	return c, l.resolve(c, declared, at)
}

// vendored adds one entry of charts/: an archive or a directory.
func (l *chartLoader) vendored(c *chart.Chart, name string, found []chartFile, declared []declaration, at home) error {
	if path.Ext(name) == ".tgz" {
		sub, err := loader.LoadArchive(bytes.NewReader(found[0].data))
		if err != nil {
			return failAt(found[0].path, "%s: %s", found[0].path, err)
		}
		anchor := source.FileStart(found[0].path)
		if d, ok := declarationOf(declared, sub.Name()); ok {
			anchor = d.at
		}
		if at.anchor.Path != "" {
			anchor = at.anchor
		}
		l.archived(sub, home{anchor: anchor})
		c.AddDependency(sub)
		return nil
	}
	inner := home{root: path.Join(at.root, "charts", name), anchor: at.anchor}
	if d, ok := declarationOf(declared, metadataName(found)); ok && inner.anchor.Path == "" && d.remote() {
		inner.anchor = d.at
	}
	sub, err := l.build(found, inner)
	if err != nil {
		return err
	}
	c.AddDependency(sub)
	return nil
}

// archived gives all files of a chart out of an archive the same home.
func (l *chartLoader) archived(c *chart.Chart, at home) {
	for _, f := range slices.Concat(c.Templates, c.Files, c.Raw) {
		l.files[f] = fileHome{home: at}
	}
	declared := declarations(c, nil, at)
	for i := range declared {
		declared[i].at = at.anchor
	}
	l.noteAbsent(c, declared)
	for _, sub := range c.Dependencies() {
		l.archived(sub, at)
	}
}

// resolve adds the declared dependencies that are not vendored but stand elsewhere in the repository.
func (l *chartLoader) resolve(c *chart.Chart, declared []declaration, at home) error {
	for i, d := range c.Metadata.Dependencies {
		if present(c, d) {
			continue
		}
		root, why := l.elsewhere(d, at)
		if slices.Contains(l.open, root) {
			root, why = "", fmt.Sprintf("%s leads back to a chart that it is part of", root)
		}
		if root == "" {
			declared[i].why = why
			continue
		}
		sub, err := l.load(root)
		if err != nil {
			return err
		}
		c.AddDependency(sub)
	}
	l.noteAbsent(c, declared)
	return nil
}

// noteAbsent notes which of a chart's dependencies are not among its charts. It asks before Helm renames them.
func (l *chartLoader) noteAbsent(c *chart.Chart, declared []declaration) {
	for i, d := range c.Metadata.Dependencies {
		if !present(c, d) {
			l.absent[d] = declared[i]
		}
	}
}

// present reports whether a dependency is among a chart's charts: one of its name and version, or one of its name that
// is meant by no other entry, for Helm renders that whatever its version.
func present(c *chart.Chart, d *chart.Dependency) bool {
	return slices.ContainsFunc(c.Dependencies(), func(sub *chart.Chart) bool {
		meant := func(d *chart.Dependency) bool {
			return d.Name == sub.Name() && chartutil.IsCompatibleRange(d.Version, sub.Metadata.Version)
		}
		return d.Name == sub.Name() && (meant(d) || !slices.ContainsFunc(c.Metadata.Dependencies, meant))
	})
}

// elsewhere finds the root of a dependency in the repository: where its file:// repository says, else a chart of its name
// whose version Helm would take, be it published where it may. Of several it is the nearest, and of these the newest. Why
// there is none is said only where there is more to say than that.
func (l *chartLoader) elsewhere(d *chart.Dependency, at home) (root, why string) {
	if local, ok := strings.CutPrefix(d.Repository, "file://"); ok {
		if at.root == "" || strings.HasPrefix(local, "/") {
			return "", d.Repository + " leads out of the repository"
		}
		root, _, err := l.tree.resolve(at.root + "/" + local)
		if err != nil || !l.tree.isFile(path.Join(root, "Chart.yaml")) {
			return "", "there is no chart at " + d.Repository
		}
		return root, ""
	}
	var best sibling
	for _, s := range l.siblings {
		switch {
		case s.Name != d.Name || !l.tree.isFile(path.Join(s.Root, "Chart.yaml")):
		case !chartutil.IsCompatibleRange(d.Version, s.Version):
			why = fmt.Sprintf("it is not in charts/, and %s is version %s", s.Root, s.Version)
		case best.Root == "" || s.before(best, at.root):
			best = s
		}
	}
	return best.Root, why
}

// before reports whether a chart is a better candidate than another for a dependency of the chart at a root.
func (s sibling) before(other sibling, root string) bool {
	near := commonFolders(s.Root, root) - commonFolders(other.Root, root)
	if near != 0 {
		return near > 0
	}
	a, errA := semver.NewVersion(s.Version)
	b, errB := semver.NewVersion(other.Version)
	if errA != nil || errB != nil || a.Equal(b) {
		return s.Root < other.Root
	}
	return a.GreaterThan(b)
}

// commonFolders counts the folders that two paths begin with alike.
func commonFolders(a, b string) int {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	n := 0
	for n < min(len(as), len(bs)) && as[n] == bs[n] {
		n++
	}
	return n
}

// chartFault places an error of Helm's loader in the file that it names.
func chartFault(found []chartFile, at home, err error) error {
	for _, f := range found {
		if strings.Contains(err.Error(), "cannot load "+f.name) {
			return yamlFault(f, err)
		}
	}
	name := path.Join(at.root, "Chart.yaml")
	return failAt(name, "%s: %s", name, plainYAMLError(err))
}
