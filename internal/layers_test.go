// Package internal_test holds the house to its map: the block in README.md that says which package may import which.
package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/plimsoll-dev/plimsoll/"

// layers is the map: each package with the packages of this module that it may import.
type layers struct {
	order   []string // as drawn, top to bottom
	arrows  map[string][]string
	tooling []string // packages for tests and chores: they may import anything, and nobody may import them
}

// readMap reads the ```map block, whose lines are "package -> imported imported" and one "tool packages: a b c".
func readMap(t *testing.T) layers {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "```map\n")
	block, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("README.md has no ```map block")
	}
	m := layers{arrows: map[string][]string{}}
	for line := range strings.Lines(block) {
		if names, ok := strings.CutPrefix(line, "tool packages:"); ok {
			m.tooling = strings.Fields(names)
			continue
		}
		from, to, ok := strings.Cut(line, "->")
		if !ok {
			t.Fatalf("the map has a line without an arrow: %q", line)
		}
		name := strings.TrimSpace(from)
		m.order = append(m.order, name)
		m.arrows[name] = strings.Fields(to)
	}
	return m
}

// goPackage is one directory of Go files of this module; test files are left out.
type goPackage struct {
	name       string // path below the module, and below internal/ where it is there
	imports    map[string]string
	documented bool
}

// readPackages parses every package of the module; nested modules and test data are not part of it.
func readPackages(t *testing.T) []goPackage {
	t.Helper()
	found := map[string]*goPackage{}
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if _, err := fs.Stat(root, path.Join(name, "go.mod")); name != "." && err == nil {
				return fs.SkipDir
			}
			if base := path.Base(name); name != "." && (base == "testdata" || base[0] == '.' || base[0] == '_') {
				return fs.SkipDir
			}
		case path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go"):
			dir := strings.TrimPrefix(path.Dir(name), "internal/")
			if found[dir] == nil {
				found[dir] = &goPackage{name: dir, imports: map[string]string{}}
			}
			return found[dir].add(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	packages := make([]goPackage, 0, len(found))
	for _, p := range found {
		packages = append(packages, *p)
	}
	slices.SortFunc(packages, func(a, b goPackage) int { return strings.Compare(a.name, b.name) })
	return packages
}

func (p *goPackage) add(name string) error {
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", name), nil, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return err
	}
	p.documented = p.documented || describes(file)
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		if ours, ok := strings.CutPrefix(imported, module); ok {
			p.imports[strings.TrimPrefix(ours, "internal/")] = name
		}
	}
	return nil
}

// describes reports whether a file says what its package is, the way godoc shows it.
func describes(file *ast.File) bool {
	if file.Name.Name == "main" {
		return file.Doc.Text() != ""
	}
	return strings.HasPrefix(file.Doc.Text(), "Package "+file.Name.Name+" ")
}

func TestImportsFollowTheMap(t *testing.T) {
	m := readMap(t)
	for _, p := range readPackages(t) {
		if slices.Contains(m.tooling, p.name) {
			continue
		}
		allowed, drawn := m.arrows[p.name]
		if !drawn {
			t.Errorf("package %s is not in the map of internal/README.md", p.name)
			continue
		}
		for imported, file := range p.imports {
			if !slices.Contains(allowed, imported) {
				t.Errorf("%s imports %s, and the map draws no arrow %s -> %s", file, imported, p.name, imported)
			}
		}
	}
}

// Arrows that point only at lines above them cannot form a cycle, in the map as in the mind.
func TestMapPointsOneWay(t *testing.T) {
	m := readMap(t)
	for i, name := range m.order {
		for _, imported := range m.arrows[name] {
			if !slices.Contains(m.order[:i], imported) {
				t.Errorf("the map draws %s -> %s, but %s is not in a line above", name, imported, imported)
			}
		}
	}
}

func TestMapDrawsOnlyWhatExists(t *testing.T) {
	m := readMap(t)
	for _, name := range slices.Concat(m.order, m.tooling) {
		inside, _ := filepath.Glob(filepath.Join(name, "*.go"))
		outside, _ := filepath.Glob(filepath.Join("..", name, "*.go"))
		if len(inside)+len(outside) == 0 {
			t.Errorf("the map draws package %s, which does not exist", name)
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for _, p := range readPackages(t) {
		if !p.documented {
			t.Errorf("package %s has no package comment", p.name)
		}
	}
}

// A file that outgrows this holds more than one idea. The length of functions is held by the linter.
func TestFilesStayShort(t *testing.T) {
	const limit, testLimit = 400, 800 // lines
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".go" {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		allowed := limit
		if strings.HasSuffix(name, "_test.go") {
			allowed = testLimit
		}
		if lines := strings.Count(string(text), "\n"); lines > allowed {
			t.Errorf("%s has %d lines, and may have %d", name, lines, allowed)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
