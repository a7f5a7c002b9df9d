package charts

import (
	"cmp"
	"path"
	"sort"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func (f *Facts) vendor(name string) {
	if f.Vendored == nil {
		f.Vendored = map[string]bool{}
	}
	f.Vendored[name] = true
}

// vendored reports whether a chart's dependency lies in the repository, as a folder or packed.
func vendored(dir, name string, files *source.Repository) bool {
	if files == nil || name == "" {
		return false
	}
	folder := path.Join(dir, "charts", name)
	packed := folder + "-"
	for _, p := range files.Paths[sort.SearchStrings(files.Paths, packed):] {
		if !strings.HasPrefix(p, packed) {
			break
		}
		if version, ok := strings.CutSuffix(p[len(packed):], ".tgz"); ok && version != "" && version[0] >= '0' && version[0] <= '9' {
			return true
		}
	}
	return files.Has(folder + "/Chart.yaml")
}

// Own marks the charts of a kustomization that lie in its chart home, which is where Kustomize takes them from.
// See https://kubectl.docs.kubernetes.io/references/kustomize/builtins/#_helmchartinflationgenerator_.
func Own(doc *source.Document, found []refs.Ref, files *source.Repository) {
	root := source.Node{Value: doc.Value}
	home := cmp.Or(root.Key("helmGlobals").Key("chartHome").Text(), "charts")
	entries := root.Key("helmCharts").Items()
	for i := range found {
		r := &found[i]
		if r.Kind != refs.Chart || len(r.Path) < 2 || r.Path[0] != "helmCharts" {
			continue
		}
		index, ok := r.Path[1].(int)
		if !ok || index >= len(entries) {
			continue
		}
		folder := home
		if entries[index].Key("repo").Text() != "" && r.Version != "" { // where Kustomize itself puts what it fetched
			folder = path.Join(home, r.Name+"-"+r.Version)
		}
		if files.Has(path.Join(path.Dir(doc.File.Path), folder, r.Name, "Chart.yaml")) {
			r.Own()
		}
	}
}
