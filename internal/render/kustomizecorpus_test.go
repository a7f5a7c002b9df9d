package render_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestKustomizeCorpus builds the kustomizations of public repositories and asks for the place of every scalar. What is
// exact has to read there as it was built, in whole or in part. PLIMSOLL_CORPUS_ONLY narrows it to repositories.
func TestKustomizeCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("asks for the place of every scalar of the corpus's kustomizations")
	}
	c := &kustomizeCorpus{tallies: map[string]*tally{}, texts: map[string]*source.Text{}}
	for _, repo := range corpus.Repositories(t) {
		if strings.Contains(repo, os.Getenv("PLIMSOLL_CORPUS_ONLY")) {
			c.repository(t, repo)
		}
	}
	t.Logf("%d built, %d of them plainly too; built %s, plainly %s, %.2fx; places took %s", c.built, c.plain,
		c.isolated.Round(time.Millisecond), c.direct.Round(time.Millisecond), float64(c.isolated)/float64(max(c.direct, 1)), c.asked.Round(time.Millisecond))
	for _, name := range []string{"image", "security", "other", "definitions"} {
		n := c.tallies[name]
		if n == nil {
			continue
		}
		t.Logf("%-12s %s", name, n)
		if (name == "image" || name == "security") && n.near*100 > n.all {
			t.Errorf("more than one in a hundred places of %s fields is not exact", name)
		}
	}
}

// kustomizeCorpus collects what becomes of the kustomizations.
type kustomizeCorpus struct {
	tallies                 map[string]*tally
	texts                   map[string]*source.Text // by path on disk
	built, plain            int
	isolated, direct, asked time.Duration
}

func (c *kustomizeCorpus) repository(t *testing.T, repo string) {
	t.Helper()
	root, err := filepath.Abs(repo)
	if err != nil {
		t.Fatal(err)
	}
	units := slices.DeleteFunc(sample(render.NewPlan(filesOf(t, root), render.PlanOptions{}).Units), func(u render.Unit) bool {
		return u.Renderer != render.Kustomize
	})
	if len(units) == 0 {
		return
	}
	r, err := render.New(render.Options{Root: root, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	r.Render(context.Background(), units[0]) // starts the child, which is not what is measured
	for _, unit := range units {
		start := time.Now()
		result := r.Render(context.Background(), unit)
		took := time.Since(start)
		if len(result.Documents) == 0 {
			continue
		}
		c.built++
		start = time.Now()
		if resmap, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), filepath.Join(root, unit.Root)); err == nil {
			if _, err := resmap.AsYaml(); err != nil {
				t.Fatal(err)
			}
			c.direct += time.Since(start)
			c.isolated += took
			c.plain++
			want, _ := plainly(t, root, unit)
			compare(t, repo+"/"+unit.Root, want, want, result)
		}
		start = time.Now()
		for _, d := range result.Documents {
			c.judge(t, root, unit, d)
		}
		c.asked += time.Since(start)
	}
}

// tally counts places.
type tally struct{ all, equal, part, wrong, near int }

func (n *tally) String() string {
	share := func(i int) string { return fmt.Sprintf("%d (%.2f%%)", i, 100*float64(i)/float64(n.all)) }
	return fmt.Sprintf("%d: equal %s, part %s, wrong %s, near %s", n.all, share(n.equal), share(n.part), share(n.wrong), share(n.near))
}

// judge asks for the place of every scalar of an object.
func (c *kustomizeCorpus) judge(t *testing.T, root string, unit render.Unit, d *source.Document) {
	t.Helper()
	const most, stride = 300, 997 // of each class and object; of definitions, which are large, one of so many
	seen := map[string]int{}
	scalars(nil, d.Value, func(path source.Path, value any) {
		class := classOf(d, path)
		n := c.tallies[class]
		if n == nil {
			n = &tally{}
			c.tallies[class] = n
		}
		if seen[class]++; (class == "definitions" && seen[class]%stride != 1) || (class != "definitions" && seen[class] > most) {
			return
		}
		n.all++
		trace := d.Locate(path, "")
		text := c.textAt(t, root, trace.Location)
		switch said := strings.TrimSpace(fmt.Sprint(value)); {
		case !trace.Span.Exact:
			n.near++
		case reads(text, value):
			n.equal++
		case readsAs(text) != "" && strings.Contains(said, readsAs(text)):
			n.part++
		default:
			n.wrong++
			t.Errorf("%s %s %s = %.60q: %s:%d %.60q", unit.Root, d.Object, path, said, trace.Path, trace.Span.Start.Line, text)
		}
	})
}

func scalars(path source.Path, value any, visit func(source.Path, any)) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			scalars(path.Append(key), inner, visit)
		}
	case []any:
		for i, inner := range v {
			scalars(path.Append(i), inner, visit)
		}
	default:
		visit(path, value)
	}
}

func classOf(d *source.Document, path source.Path) string {
	last, _ := path[len(path)-1].(string)
	name := path.String()
	switch {
	case d.Object.Kind == "CustomResourceDefinition":
		return "definitions"
	case last == "image":
		return "image"
	case strings.Contains(name, "securityContext"), strings.HasPrefix(name, "rules"), strings.HasPrefix(last, "host"),
		last == "serviceAccountName", last == "automountServiceAccountToken", strings.HasPrefix(name, "roleRef"):
		return "security"
	}
	return "other"
}

func (c *kustomizeCorpus) textAt(t *testing.T, root string, at source.Location) string {
	t.Helper()
	text, ok := c.texts[filepath.Join(root, at.Path)]
	if !ok {
		data, err := os.ReadFile(filepath.Join(root, at.Path))
		if err != nil {
			t.Errorf("%s: %s", at.Path, err)
		}
		text = source.NewText(data)
		c.texts[filepath.Join(root, at.Path)] = text
	}
	if at.Span.End.Offset > len(text.Data) {
		t.Errorf("%s: %+v is past the end", at.Path, at.Span)
		return ""
	}
	return string(text.Data[at.Span.Start.Offset:at.Span.End.Offset])
}

// readsAs is a text of a YAML file as the scalar that it is.
func readsAs(text string) string {
	docs, _ := parse.YAML(&source.File{Data: []byte(text)}, source.Manifest, source.YAML11)
	if len(docs) != 1 {
		return strings.TrimSpace(text)
	}
	switch docs[0].Value.(type) {
	case map[string]any, []any:
		return strings.TrimSpace(text)
	}
	return strings.TrimSpace(fmt.Sprint(docs[0].Value))
}

func reads(text string, value any) bool {
	if value == nil || value == "" {
		return true // the place is that of the key
	}
	if said := strings.TrimSpace(fmt.Sprint(value)); said == strings.TrimSpace(text) || said == base64.StdEncoding.EncodeToString([]byte(text)) {
		return true
	}
	return readsAs(text) == strings.TrimSpace(fmt.Sprint(value))
}
