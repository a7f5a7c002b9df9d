package facts_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func read(t *testing.T, path string, kind source.Kind, text string) *source.Document {
	t.Helper()
	docs, faults := parse.File(&source.File{Path: path, Kind: kind, Data: []byte(text)})
	if len(docs) != 1 || len(faults) != 0 {
		t.Fatalf("%d documents, faults %v", len(docs), faults)
	}
	return docs[0]
}

// TestInputIsAContract holds the shape that users' policies are written against.
func TestInputIsAContract(t *testing.T) {
	doc := read(t, "pod.yaml", source.Manifest, `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"name":"web","image":"nginx:1.27"}]}}`)
	text, err := json.Marshal(facts.Of(doc, facts.In(nil)))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	ref := got["refs"].([]any)[0].(map[string]any)
	wantRef := map[string]any{
		"kind": "image", "raw": "nginx:1.27", "name": "docker.io/library/nginx", "registry": "docker.io", "version": "1.27",
		"pin": "floating", "pinned": false, "context": "container", "path": []any{"spec", "containers", 0.0, "image"}, "note": ref["note"],
	}
	if diff := cmp.Diff(wantRef, ref); diff != "" {
		t.Errorf("ref (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]any{"path": "pod.yaml", "kind": "manifest"}, got["file"]); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
	kube := got["facts"].(map[string]any)["kube"].(map[string]any)
	if kube["kind"] != "Pod" || len(kube["pods"].([]any)) != 1 {
		t.Errorf("kube facts: %v", kube)
	}
	if got["doc"].(map[string]any)["kind"] != "Pod" {
		t.Errorf("doc: %v", got["doc"])
	}
}

func TestChartLock(t *testing.T) {
	chart := read(t, "charts/web/Chart.yaml", source.Chart, "apiVersion: v2\nname: web\nversion: 1.0.0\n")
	cases := map[string]struct {
		lock string
		want map[string]string
	}{
		"none":     {"", nil},
		"read":     {"dependencies:\n- {name: db, version: 16.4.2}\n", map[string]string{"db": "16.4.2"}},
		"broken":   {"dependencies: [", nil},
		"no shape": {"dependencies: db\n", nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			in := facts.Of(chart, facts.In(&source.Repository{ReadFile: func(path string) []byte {
				if path != "charts/web/Chart.lock" || c.lock == "" {
					return nil
				}
				return []byte(c.lock)
			}}))
			if diff := cmp.Diff(c.want, in.Facts.Chart.Locked); diff != "" {
				t.Errorf("locked (-want +got):\n%s", diff)
			}
		})
	}
}
