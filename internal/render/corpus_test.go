package render_test

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestCorpus renders public repositories. Every unit renders or says why, and what renders without a problem is
// what the libraries make of the same files when nothing stands between.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("renders every chart and kustomization of the corpus twice")
	}
	counts := map[string]int{}
	var isolated, direct time.Duration
	for _, repo := range corpus.Repositories(t) {
		root, err := filepath.Abs(repo)
		if err != nil {
			t.Fatal(err)
		}
		plan := render.NewPlan(filesOf(t, root), render.PlanOptions{})
		if len(plan.Units) == 0 {
			continue
		}
		r, err := render.New(render.Options{Root: root, Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, unit := range sample(plan.Units) {
			unit.Variants = unit.Variants[:1]
			start := time.Now()
			result := r.Render(context.Background(), unit)
			isolated += time.Since(start)
			counts[unit.Renderer+outcomeOf(result)]++
			for _, p := range result.Problems {
				if p.Message == "" || (p.What == "" && len(result.Documents) == 0) || p.Location.Path == "" || strings.Contains(p.Message, "crashed") {
					t.Errorf("%s: %s: %+v", repo, unit.Root, p)
				}
			}
			if len(result.Problems) > 0 {
				continue
			}
			start = time.Now()
			want, ok := plainly(t, root, unit)
			direct += time.Since(start)
			if ok {
				compare(t, repo+"/"+unit.Root, want, again(t, root, unit, want), result)
			}
			everyPlaceIsThere(t, root, result)
		}
		r.Close()
	}
	t.Logf("%v; isolated %s, of which what renders took %s directly", counts, isolated.Round(time.Millisecond), direct.Round(time.Millisecond))
}

// sample is all charts and some of the kustomizations, evenly: a repository may well have twenty of the same twelve
// megabytes. PLIMSOLL_CORPUS_FULL=1 renders them all.
func sample(units []render.Unit) []render.Unit {
	const most = 8
	var charts, kustomizations []render.Unit
	for _, u := range units {
		if u.Renderer == render.Helm {
			charts = append(charts, u)
		} else {
			kustomizations = append(kustomizations, u)
		}
	}
	step := (len(kustomizations) + most - 1) / most
	for i, u := range kustomizations {
		if i%max(step, 1) == 0 || os.Getenv("PLIMSOLL_CORPUS_FULL") != "" {
			charts = append(charts, u)
		}
	}
	return charts
}

func outcomeOf(result render.Result) string {
	switch {
	case len(result.Problems) == 0:
		return " rendered"
	case len(result.Documents) > 0:
		return " rendered in part"
	default:
		return " " + result.Problems[0].Rule
	}
}

// again is what the libraries make of a chart another time: what differs is made up at random.
func again(t *testing.T, root string, unit render.Unit, first []map[string]any) []map[string]any {
	t.Helper()
	if unit.Renderer == render.Kustomize {
		return first
	}
	second, _ := plainly(t, root, unit)
	return second
}

func compare(t *testing.T, name string, want, again []map[string]any, result render.Result) {
	t.Helper()
	var got []map[string]any
	for _, d := range result.Documents {
		m, _ := d.Value.(map[string]any)
		got = append(got, m)
	}
	if len(want) != len(got) {
		t.Errorf("%s: %d documents, want %d", name, len(got), len(want))
		return
	}
	for _, list := range [][]map[string]any{want, again, got} {
		slices.SortStableFunc(list, func(a, b map[string]any) int { return cmp.Compare(identity(a), identity(b)) })
	}
	for i := range want {
		if !gocmp.Equal(want[i], again[i]) {
			continue
		}
		if diff := gocmp.Diff(want[i], got[i]); diff != "" {
			t.Errorf("%s: %s (-direct +isolated):\n%s", name, identity(want[i]), diff)
		}
	}
}

func identity(m map[string]any) string {
	doc := parse.Objects(source.NewDocument(&source.File{}, source.Manifest, m, nil))
	if len(doc) == 0 {
		return ""
	}
	return doc[0].Object.APIVersion + " " + doc[0].Object.String()
}

// plainly is what the libraries make of a unit in this very process, from disk; false when it takes what they do not
// do: to use a component alone, or a sibling as a dependency.
func plainly(t *testing.T, root string, unit render.Unit) ([]map[string]any, bool) {
	t.Helper()
	dir := filepath.Join(root, unit.Root)
	plain := plainChart
	if unit.Renderer == render.Kustomize {
		plain = plainKustomization
	}
	texts, ok := plain(t, dir)
	if !ok {
		return nil, false
	}
	var out []map[string]any
	for _, text := range texts {
		docs, errs := parse.YAML(&source.File{Path: "direct", Data: []byte(text)}, source.Manifest, source.YAML11)
		if len(errs) > 0 {
			t.Errorf("%s: %s", dir, errs[0])
		}
		for _, doc := range docs {
			for _, object := range parse.Objects(doc) {
				out = append(out, object.Value.(map[string]any))
			}
		}
	}
	return out, true
}

func plainKustomization(t *testing.T, dir string) ([]string, bool) {
	t.Helper()
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		if !strings.Contains(err.Error(), "no matches for Id") {
			t.Errorf("%s: only we build it: %s", dir, err)
		}
		return nil, false
	}
	var texts []string
	for _, object := range built.Resources() {
		data, err := object.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(data))
	}
	return texts, true
}

func plainChart(t *testing.T, dir string) ([]string, bool) {
	t.Helper()
	c, err := loader.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := chartutil.ProcessDependencies(c, chartutil.Values{}); err != nil {
		t.Fatal(err)
	}
	if len(c.Dependencies()) < len(c.Metadata.Dependencies) {
		return nil, false
	}
	version, err := chartutil.ParseKubeVersion(render.DefaultKubeVersion)
	if err != nil {
		t.Fatal(err)
	}
	caps := chartutil.DefaultCapabilities.Copy()
	caps.KubeVersion = *version
	release := chartutil.ReleaseOptions{Name: "release-name", Namespace: "default", Revision: 1, IsInstall: true}
	values, err := chartutil.ToRenderValuesWithSchemaValidation(c, chartutil.Values{}, release, caps, true)
	if err != nil {
		t.Fatal(err)
	}
	rendered, err := engine.Render(c, values)
	if err != nil {
		t.Errorf("%s: only we render it: %s", dir, err)
	}
	var texts []string
	for _, crd := range c.CRDObjects() {
		texts = append(texts, string(crd.File.Data))
	}
	for name, text := range rendered {
		if filepath.Base(name) != "NOTES.txt" {
			texts = append(texts, text)
		}
	}
	return texts, true
}

// everyPlaceIsThere asks for the place of every object's kind and of every container's image: it is within its file,
// and what is exact and no action reads there as it was rendered, or as a part of it.
func everyPlaceIsThere(t *testing.T, root string, result render.Result) {
	t.Helper()
	for _, d := range result.Documents {
		paths := []source.Path{{"kind"}}
		containers, _ := source.Path{"spec", "template", "spec", "containers"}.Get(d.Value)
		list, _ := containers.([]any)
		for i := range list {
			paths = append(paths, source.Path{"spec", "template", "spec", "containers", i, "image"})
		}
		for _, path := range paths {
			trace := d.Locate(path, "")
			data, err := os.ReadFile(filepath.Join(root, trace.Path))
			if err != nil || trace.Span.End.Offset > len(data) {
				t.Errorf("%s %s %s: %+v is no place in the repository: %v", result.Unit.Root, d.Object, path, trace, err)
				continue
			}
			value, ok := path.Get(d.Value)
			text := string(data[trace.Span.Start.Offset:trace.Span.End.Offset])
			if s, isText := value.(string); ok && isText && trace.Span.Exact && !strings.Contains(text, "{{") && !strings.Contains(s, strings.Trim(text, `"'`)) {
				t.Errorf("%s %s %s: exact place %s:%d reads %q, rendered %q", result.Unit.Root, d.Object, path, trace.Path, trace.Span.Start.Line, text, s)
			}
		}
	}
}
