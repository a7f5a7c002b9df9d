package render_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestMain lets the test binary be its own child, as plimsoll is.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == render.WorkerArgument {
		if err := render.Worker(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// filesOf lists a repository's files, classified as far as rendering needs it.
func filesOf(t testing.TB, root string) []*source.File {
	t.Helper()
	var files []*source.File
	charts := map[string]bool{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.Name() == ".git":
			return filepath.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		file := &source.File{Path: filepath.ToSlash(rel), Kind: kindOf(d.Name())}
		if file.Kind == source.Chart {
			charts[path.Dir(file.Path)] = true
		}
		if file.Kind == source.Chart || file.Kind == source.Kustomization {
			if file.Data, err = os.ReadFile(name); err != nil {
				return err
			}
		}
		files = append(files, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		for dir := path.Dir(f.Path); f.Kind == source.Manifest && dir != "."; dir = path.Dir(dir) {
			if charts[dir] {
				f.Kind = source.ChartFile
			}
		}
	}
	return files
}

func kindOf(name string) source.Kind {
	switch name {
	case "Chart.yaml":
		return source.Chart
	case "kustomization.yaml", "kustomization.yml", "Kustomization":
		return source.Kustomization
	}
	if strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml") {
		return source.Manifest
	}
	return ""
}
