package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
)

const version = "v1.2.3"

// makeRelease releases the sources in root for one platform, the cheapest that has an image.
func makeRelease(t *testing.T, root string) (out string) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program")
	}
	out = filepath.Join(t.TempDir(), "dist")
	if err := run(t.Context(), root, version, out, "linux/"+runtime.GOARCH); err != nil {
		t.Fatal(err)
	}
	return out
}

func name(suffix string) string { return "plimsoll_1.2.3_" + suffix }

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestTwiceTheSame makes the release a second time of a copy of the sources that is elsewhere, in no repository, and with
// all that an environment can say to Go.
func TestTwiceTheSame(t *testing.T) {
	first := makeRelease(t, "../..")
	root := t.TempDir()
	if err := os.CopyFS(filepath.Join(root, "internal"), os.DirFS("../../internal")); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"cmd", "policies"} {
		if err := os.CopyFS(filepath.Join(root, dir), os.DirFS("../../"+dir)); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"go.mod", "go.sum", "Dockerfile"} {
		if err := os.WriteFile(filepath.Join(root, file), read(t, "../../"+file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GOFLAGS", "-tags=other -ldflags=-w")
	t.Setenv("GOAMD64", "v3")
	t.Setenv("GODEBUG", "madvdontneed=1")
	t.Setenv("TZ", "Asia/Tokyo")
	t.Setenv("TMPDIR", t.TempDir())
	second := makeRelease(t, root)
	if diff := cmp.Diff(string(read(t, filepath.Join(first, "checksums.txt"))), string(read(t, filepath.Join(second, "checksums.txt")))); diff != "" {
		t.Errorf("two releases of one source (-first +second):\n%s", diff)
	}
}

func TestRelease(t *testing.T) {
	out := makeRelease(t, "../..")
	binary := filepath.Join(out, name("linux_"+runtime.GOARCH))

	t.Run("says its version", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("the program is one for Linux")
		}
		said, err := exec.CommandContext(t.Context(), binary, "version").Output()
		if err != nil || string(said) != "plimsoll "+version+"\n" {
			t.Errorf("version: %q, %v", said, err)
		}
	})
	t.Run("checksums", func(t *testing.T) {
		cmd := exec.CommandContext(t.Context(), "sha256sum", "--check", "--strict", "checksums.txt")
		cmd.Dir = out
		said, err := cmd.CombinedOutput()
		if err != nil || strings.Count(string(said), ": OK\n") != 4 {
			t.Errorf("%s%v", said, err)
		}
	})
	t.Run("inventory", func(t *testing.T) { checkInventory(t, binary) })
	t.Run("image", func(t *testing.T) { checkImage(t, out, binary) })
}

// checkInventory holds the inventory to what `go version -m` reads from the program.
func checkInventory(t *testing.T, binary string) {
	said, err := exec.CommandContext(t.Context(), "go", "version", "-m", binary).Output()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(said)) {
		if words := strings.Fields(line); words[0] == "dep" {
			want = append(want, words[1]+" "+words[2]+" "+words[3])
		}
	}
	bom := decode(t, binary+".cdx.json")
	var got []string
	for _, c := range *bom.Components {
		if c.Name != "std" {
			got = append(got, c.Name+" "+c.Version+" "+(*c.Properties)[0].Value)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) < 50 {
		t.Errorf("modules (-linked +listed):\n%s", diff)
	}
	checkGraph(t, bom)
}

// checkGraph holds that each reference leads to one component, and that each component is led to.
func checkGraph(t *testing.T, bom *cdx.BOM) {
	t.Helper()
	reached := map[string]int{bom.Metadata.Component.BOMRef: 1}
	for _, d := range *bom.Dependencies {
		for _, ref := range *d.Dependencies {
			reached[ref] = 1
		}
	}
	for _, c := range append(*bom.Components, *bom.Metadata.Component) {
		if reached[c.BOMRef]--; reached[c.BOMRef] != 0 {
			t.Errorf("%s: depended on by nothing, or there twice", c.BOMRef)
		}
	}
	for ref, left := range reached {
		if left > 0 {
			t.Errorf("%s is depended on and not there", ref)
		}
	}
}

func decode(t *testing.T, path string) *cdx.BOM {
	t.Helper()
	bom := &cdx.BOM{}
	if err := cdx.NewBOMDecoder(bytes.NewReader(read(t, path)), cdx.BOMFileFormatJSON).Decode(bom); err != nil {
		t.Fatal(err)
	}
	return bom
}

// checkImage reads the image back as a registry would be given it.
func checkImage(t *testing.T, out, binary string) {
	dir := t.TempDir()
	for path, data := range untar(t, read(t, filepath.Join(out, name("image.tar")))) {
		file := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	image, digest := onlyImage(t, dir)
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	config.Config.Labels = nil
	want := v1.Config{User: "65532:65532", WorkingDir: "/repo", Entrypoint: []string{"/plimsoll"}, Cmd: []string{"lint"}}
	if diff := cmp.Diff(want, config.Config); diff != "" || config.Architecture != runtime.GOARCH || config.OS != "linux" {
		t.Errorf("%s/%s (-Dockerfile +image):\n%s", config.OS, config.Architecture, diff)
	}
	layers, err := image.Layers()
	if err != nil || len(layers) != 1 {
		t.Fatal(len(layers), err)
	}
	layer, err := layers[0].Compressed()
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gzip.NewReader(layer)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	files := untar(t, data)
	if len(files) != 2 || files["repo/"] == nil || !bytes.Equal(files["plimsoll"], read(t, binary)) {
		t.Errorf("the layer does not hold the program and its directory alone: %d entries", len(files))
	}
	bom := decode(t, filepath.Join(out, name("image.cdx.json")))
	if want := strings.ReplaceAll(digest.String(), ":", "%3A"); !strings.HasSuffix(bom.Metadata.Component.PackageURL, want) {
		t.Errorf("the inventory is of %s, not of %s", bom.Metadata.Component.PackageURL, want)
	}
	checkGraph(t, bom)
}

func onlyImage(t *testing.T, dir string) (v1.Image, v1.Hash) {
	t.Helper()
	index, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	outer, err := index.IndexManifest()
	if err != nil || len(outer.Manifests) != 1 {
		t.Fatal(outer, err)
	}
	digest := outer.Manifests[0].Digest
	inner, err := index.ImageIndex(digest)
	if err != nil {
		t.Fatal(err)
	}
	images, err := inner.IndexManifest()
	if err != nil || len(images.Manifests) != 1 || images.Manifests[0].Platform.Architecture != runtime.GOARCH {
		t.Fatal(images, err)
	}
	image, err := inner.Image(images.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	return image, digest
}

func untar(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	r := tar.NewReader(bytes.NewReader(data))
	for {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[header.Name] = text
	}
}

func TestVersionsThatAreRefused(t *testing.T) {
	for _, version := range []string{"", "1.2.3", "v1.2", "v1.2.3-", "v1.2.3-dirty+x", "v01.2.3", "v1.2.3\n", "v1.2.3/../x", "dev"} {
		if err := run(t.Context(), "../..", version, filepath.Join(t.TempDir(), "dist"), ""); err == nil {
			t.Errorf("%q is taken", version)
		}
	}
	if err := run(t.Context(), "../..", version, filepath.Join(t.TempDir(), "dist"), "plan9/amd64"); err == nil {
		t.Error("a platform without a release is taken")
	}
}

// TestRecipesThatAreRefused holds that nothing of a Dockerfile is left out unsaid.
func TestRecipesThatAreRefused(t *testing.T) {
	for _, text := range []string{"FROM alpine\nCOPY a /a\n", "FROM scratch\nENV A=b\n", "FROM scratch\nRUN true\n", "FROM scratch AS a\nFROM scratch\n", ""} {
		path := filepath.Join(t.TempDir(), "Dockerfile")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readRecipe(path); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
