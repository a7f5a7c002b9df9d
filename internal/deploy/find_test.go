package deploy

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestFind reads testdata/*.txtar: a repository, and in the file "want" what is found in it.
func TestFind(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			repo, charts, want := unpack(archive)
			releases, misses := Find(repo, charts)
			if diff := cmp.Diff(want, describe(releases, misses)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// unpack makes a repository of an archive, as discovery and planning would.
func unpack(archive *txtar.Archive) (repo Repository, charts []Chart, want string) {
	texts := map[string][]byte{}
	for _, f := range archive.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		texts[f.Name] = f.Data
		repo.Paths = append(repo.Paths, f.Name)
		file := &source.File{Path: f.Name, Data: f.Data}
		switch {
		case path.Base(f.Name) == "Chart.yaml":
			docs, _ := parse.YAML(file, source.Chart, source.YAML11)
			o := object{doc: docs[0]}
			charts = append(charts, Chart{
				Root: path.Dir(f.Name), Name: o.text(source.Path{"name"}), Version: o.text(source.Path{"version"}),
			})
			continue
		case strings.Contains(f.Name, "/templates/"):
			file.Kind = source.ChartFile
		case path.Base(f.Name) == "kustomization.yaml":
			file.Kind = source.Kustomization
		case path.Ext(f.Name) == ".tf":
			file.Kind = source.Terraform
		case bytes.Contains(f.Data, []byte("apiVersion:")):
			file.Kind = source.Manifest
		}
		if file.Kind != "" {
			repo.Files = append(repo.Files, file)
		}
	}
	slices.Sort(repo.Paths)
	slices.SortFunc(repo.Files, func(a, b *source.File) int { return strings.Compare(a.Path, b.Path) })
	repo.Read = func(name string) ([]byte, error) {
		if data, ok := texts[name]; ok {
			return data, nil
		}
		return nil, fs.ErrNotExist
	}
	return repo, charts, want
}

var formNames = map[Form]string{Map: "map", Text: "text", Parameters: "parameters", Parameter: "parameter", Contents: "contents"}

func describe(releases []Release, misses []Miss) string {
	var b strings.Builder
	for _, r := range releases {
		fmt.Fprintf(&b, "%s: %s\n", r.Chart, r.Name)
		fmt.Fprintf(&b, "  at %s:%d, release %q, namespace %q", r.At.Path, r.At.Span.Start.Line, r.Release, r.Namespace)
		if r.KubeVersion != "" || len(r.APIVersions) > 0 {
			fmt.Fprintf(&b, ", kubernetes %q %v", r.KubeVersion, r.APIVersions)
		}
		if r.Bare {
			b.WriteString(", bare")
		}
		if r.Partial {
			b.WriteString(", partial")
		}
		b.WriteByte('\n')
		for _, l := range r.Layers {
			fmt.Fprintf(&b, "  %s %s", formNames[l.Form], l.File)
			if len(l.At) > 0 {
				fmt.Fprintf(&b, " %d %s", l.Doc, l.At)
			}
			if l.Key != "" {
				fmt.Fprintf(&b, " for %s", l.Key)
			}
			if l.Literal {
				b.WriteString(" literal")
			}
			for _, f := range l.Fill {
				fmt.Fprintf(&b, " %s=%s", f.Placeholder, f.Text)
			}
			b.WriteByte('\n')
		}
	}
	for _, m := range misses {
		fmt.Fprintf(&b, "miss of %s at %s:%d: %s\n", m.Chart, m.At.Path, m.At.Span.Start.Line, m.Message)
	}
	return b.String()
}
