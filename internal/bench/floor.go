package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v3"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// offline keeps the plain libraries from the network, and from programs that would use it: a base that is not in the
// repository fails at once.
var offline = []string{"PATH=", "HTTP_PROXY=http://127.0.0.1:9", "HTTPS_PROXY=http://127.0.0.1:9", "HOME=/nonexistent"}

// work is what one repository has for a linter of infrastructure.
type work struct {
	files, charts, kustomizations []string // files are YAML outside of charts; of the others, the directories
}

// workIn lists the work of a repository. Charts within a chart are its own, and a kustomization that another one in the
// repository names is built with that.
func workIn(dir string) (work, error) {
	var w work
	used := map[string]bool{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if d.Name() == ".git" || d.Name() == ".github" || d.Name() == "node_modules" {
				return fs.SkipDir
			}
			if info, err := os.Stat(filepath.Join(name, "Chart.yaml")); err == nil && info.Mode().IsRegular() {
				w.charts = append(w.charts, name)
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			return nil
		}
		if ext := filepath.Ext(name); ext == ".yaml" || ext == ".yml" || d.Name() == "Kustomization" {
			w.files = append(w.files, name)
		}
		if d.Name() == "kustomization.yaml" || d.Name() == "kustomization.yml" || d.Name() == "Kustomization" {
			folder := filepath.Dir(name)
			w.kustomizations = append(w.kustomizations, folder)
			return uses(name, used)
		}
		return nil
	})
	w.kustomizations = slices.DeleteFunc(w.kustomizations, func(folder string) bool { return used[folder] })
	return w, err
}

// uses marks the directories that a kustomization names.
func uses(name string, used map[string]bool) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var k struct{ Resources, Bases, Components []string }
	if err := yaml.Unmarshal(text, &k); err != nil {
		return nil //nolint:nilerr // it is none that can be built, which the build shows
	}
	for _, other := range slices.Concat(k.Resources, k.Bases, k.Components) {
		used[filepath.Join(filepath.Dir(name), other)] = true
	}
	return nil
}

// plain does what any linter has to with the plain libraries: it reads and parses each file, and renders each chart with
// its own values and each kustomization. What cannot be parsed or rendered is passed over. It tells what it did.
func plain(dir string, out io.Writer) error {
	w, err := workIn(dir)
	if err != nil {
		return err
	}
	documents := 0
	for _, name := range w.files {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		documents += parsed(text)
	}
	for _, folder := range w.charts {
		documents += calmly(rendered, folder)
	}
	for _, folder := range w.kustomizations {
		documents += calmly(built, folder)
	}
	_, err = fmt.Fprintln(out, len(w.files), len(w.charts), len(w.kustomizations), documents)
	return err
}

// parsed counts the documents of a text, up to the first that is no YAML.
func parsed(text []byte) int {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for n := 0; ; n++ {
		var value any
		if err := decoder.Decode(&value); err != nil {
			return n
		}
	}
}

// calmly does without what a library panics over.
func calmly(do func(string) int, folder string) (n int) {
	defer func() {
		if recover() != nil {
			n = 0
		}
	}()
	return do(folder)
}

func rendered(folder string) int {
	c, err := loader.LoadDir(folder)
	if err != nil {
		return 0
	}
	values := map[string]any{}
	if err := chartutil.ProcessDependencies(c, values); err != nil {
		return 0
	}
	all, err := chartutil.ToRenderValues(c, values, chartutil.ReleaseOptions{Name: "bench", Namespace: "default", IsInstall: true}, nil)
	if err != nil {
		return 0
	}
	texts, err := engine.Render(c, all)
	if err != nil {
		return 0
	}
	n := 0
	for _, text := range texts {
		n += parsed([]byte(text))
	}
	return n
}

func built(folder string) int {
	options := krusty.MakeDefaultOptions()
	options.LoadRestrictions = types.LoadRestrictionsNone
	objects, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return 0
	}
	return objects.Size()
}

// infrastructure times the program on what each repository has beside its workflows, next to a process of ours that does
// the unavoidable part with the plain libraries.
func (b *bench) infrastructure(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "plimsoll-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	config := filepath.Join(temp, "plimsoll.yaml")
	if err := writeFile(config, []byte("exclude: ['.github/**']\n")); err != nil {
		return err
	}
	times, err := b.besideFloor(contest{
		count: func(dir string) (int, error) {
			w, err := workIn(dir)
			return len(w.files) + len(w.charts) + len(w.kustomizations), err
		},
		floor: func(dir string) (sample, error) { return b.floor(ctx, self, dir) },
		lint: func(dir string) (sample, error) {
			return steady(ctx, dir, b.bin, "lint", "--root", ".", "--config", config)
		},
	})
	if err != nil {
		return err
	}
	var rows []row
	for _, t := range times {
		rows = append(rows, row{name: t.name + ", floor", count: t.count, sample: t.floor},
			row{name: t.name, count: t.count, sample: t.lint, against: t.floor.wall})
	}
	table(b.out, "Infrastructure, beside reading, parsing and rendering it with the plain libraries",
		"files, charts, kustomizations", "of the floor", append(rows, totals(times, "**all, floor**")...))
	return nil
}

// floor times this program's own plain run in a process without network.
func (b *bench) floor(ctx context.Context, self, dir string) (sample, error) {
	args := append(slices.Clone(offline), self, "-floor", dir)
	return steady(ctx, dir, "/usr/bin/env", append([]string{"-i"}, args...)...)
}
