package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// image writes an image of the program for each Linux platform, as one archive of an OCI layout that `skopeo copy
// oci-archive:` and `docker load` take, and its inventory. The Dockerfile says what is in it. Without a Linux program
// there is none.
func (r *release) image(built []program) error {
	linux := slices.DeleteFunc(slices.Clone(built), func(p program) bool { return p.platform.os != "linux" })
	if len(linux) == 0 {
		return nil
	}
	recipe, err := readRecipe(filepath.Join(r.root, "Dockerfile"))
	if err != nil {
		return err
	}
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for i := range linux {
		image, err := recipe.image(&linux[i], r.version)
		if err != nil {
			return err
		}
		on := v1.Platform{OS: linux[i].platform.os, Architecture: linux[i].platform.arch}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: &on}})
	}
	digest, err := index.Digest()
	if err != nil {
		return err
	}
	if err := r.writeLayout(index); err != nil {
		return err
	}
	return writeInventory(r.path("image.cdx.json"), r.imageInventory(digest.String(), linux))
}

// recipe is what a Dockerfile says that starts from nothing and copies one program.
type recipe struct {
	target string // of the program
	config v1.Config
}

// readRecipe reads the Dockerfile; an instruction that it does not know is an error, so the two cannot part.
func readRecipe(path string) (*recipe, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	stages, _, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		return nil, err
	}
	if len(stages) != 1 || stages[0].BaseName != "scratch" {
		return nil, errors.New("the Dockerfile is not one stage from scratch")
	}
	out := &recipe{}
	for _, command := range stages[0].Commands {
		switch c := command.(type) {
		case *instructions.CopyCommand:
			out.target = strings.TrimPrefix(c.DestPath, "/")
		case *instructions.UserCommand:
			out.config.User = c.User
		case *instructions.WorkdirCommand:
			out.config.WorkingDir = c.Path
		case *instructions.EntrypointCommand:
			out.config.Entrypoint = c.CmdLine
		case *instructions.CmdCommand:
			out.config.Cmd = c.CmdLine
		default:
			return nil, fmt.Errorf("the Dockerfile has %s, which a release cannot follow", command.Name())
		}
	}
	return out, nil
}

func (c *recipe) image(p *program, version string) (v1.Image, error) {
	files := c.layer(p)
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(files)), nil }
	layer, err := tarball.LayerFromOpener(open, tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	image, err := mutate.AppendLayers(mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON), layer)
	if err != nil {
		return nil, err
	}
	file, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	file = file.DeepCopy()
	file.OS, file.Architecture, file.Config = p.platform.os, p.platform.arch, c.config
	file.Config.Labels = map[string]string{
		"org.opencontainers.image.licenses": "Apache-2.0",
		"org.opencontainers.image.source":   "https://" + modulePath,
		"org.opencontainers.image.title":    "plimsoll",
		"org.opencontainers.image.version":  version,
	}
	return mutate.ConfigFile(image, file)
}

// layer is a tar of the program and of the directory that it starts in.
func (c *recipe) layer(p *program) []byte {
	return archive(
		entry{name: strings.TrimPrefix(c.config.WorkingDir, "/") + "/", mode: 0o755},
		entry{name: c.target, mode: 0o755, data: p.data},
	)
}

// writeLayout writes the layout as one file, whose entries are in the order of their names.
func (r *release) writeLayout(index v1.ImageIndex) error {
	dir, err := os.MkdirTemp("", "plimsoll-image")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if _, err := layout.Write(dir, empty.Index); err != nil {
		return err
	}
	named := layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": r.version})
	if err := layout.Path(dir).AppendIndex(index, named); err != nil {
		return err
	}
	var entries []entry
	root := os.DirFS(dir)
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		entries = append(entries, entry{name: name, mode: 0o644, data: data})
		return err
	})
	if err != nil {
		return err
	}
	return os.WriteFile(r.path("image.tar"), archive(entries...), 0o600)
}

// entry is a file of an archive; a name that ends in a slash is a directory.
type entry struct {
	name string
	mode int64
	data []byte
}

// archive writes a tar with nothing of the machine in it: files of root, from the beginning of time.
func archive(entries ...entry) []byte {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, e := range entries {
		header := &tar.Header{Name: e.name, Mode: e.mode, Size: int64(len(e.data)), ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
		// A buffer takes all that is written to it.
		_ = w.WriteHeader(header)
		_, _ = w.Write(e.data)
	}
	_ = w.Close()
	return out.Bytes()
}
