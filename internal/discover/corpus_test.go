package discover

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// The look at the content stands in for a parse, so it must not miss what a parse would find.
func TestCorpusManifests(t *testing.T) {
	root := corpus.Dir(t)
	if testing.Short() {
		t.Skip("parses the whole corpus")
	}
	r, err := Walk(context.Background(), Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems {
		t.Errorf("%s: %s", p.Path, p.Message)
	}
	kinds := map[string]source.Kind{}
	for _, f := range r.Files {
		kinds[f.Path] = f.Kind
	}
	manifests, taken := 0, 0
	err = filepath.WalkDir(root, func(p string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(p) != ".yaml" && filepath.Ext(p) != ".yml" {
			return err
		}
		rel, _ := filepath.Rel(root, p)
		kind := kinds[filepath.ToSlash(rel)]
		is, broken := parsedManifest(t, p)
		if is {
			manifests++
		}
		if is && kind == "" {
			t.Errorf("%s is a manifest", rel)
		}
		if kind == source.Manifest && !is {
			taken++
			t.Logf("%s is taken for a manifest (broken: %v)", rel, broken)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d manifests; %d more files are taken for one", manifests, taken)
}

// parsedManifest reports whether a document of the file has apiVersion and kind, and whether the file does not parse.
func parsedManifest(t *testing.T, file string) (is, broken bool) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var doc yaml.Node
		if err := decoder.Decode(&doc); errors.Is(err, io.EOF) {
			return is, false
		} else if err != nil {
			return is, true
		}
		found := map[string]bool{}
		if len(doc.Content) == 1 && doc.Content[0].Kind == yaml.MappingNode {
			for i := 0; i+1 < len(doc.Content[0].Content); i += 2 {
				found[doc.Content[0].Content[i].Value] = doc.Content[0].Content[i+1].Kind == yaml.ScalarNode
			}
		}
		is = is || found["apiVersion"] && found["kind"]
	}
}
