package causal

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// plainKustomization builds a kustomization from disk.
type plainKustomization struct {
	repo *Repository
	root string
	// free lets it load files beside its directory, as one that needs it is built.
	free bool
}

// editedDisk is the disk with some files edited.
type editedDisk struct {
	filesys.FileSystem
	repo  *Repository
	edits []Edit
}

// ReadFile implements filesys.FileSystem.
func (d editedDisk) ReadFile(name string) ([]byte, error) {
	if rel, err := filepath.Rel(d.repo.Root, name); err == nil {
		for _, e := range d.edits {
			if e.Path == filepath.ToSlash(rel) {
				return d.repo.text(e.Path, d.edits), nil
			}
		}
	}
	return d.FileSystem.ReadFile(name)
}

// Render implements Plain.
func (p *plainKustomization) Render(edits ...Edit) (*Scene, error) {
	scene, err := p.build(edits)
	if err != nil && !p.free && strings.Contains(err.Error(), "security; file") {
		p.free = true
		return p.build(edits)
	}
	return scene, err
}

func (p *plainKustomization) build(edits []Edit) (scene *Scene, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the Kustomize library gave up: %v", r)
		}
	}()
	options := krusty.MakeDefaultOptions()
	if p.free {
		options.LoadRestrictions = types.LoadRestrictionsNone
	}
	disk := editedDisk{FileSystem: filesys.MakeFsOnDisk(), repo: p.repo, edits: edits}
	built, err := krusty.MakeKustomizer(options).Run(disk, path.Join(filepath.ToSlash(p.repo.Root), p.root))
	if err != nil {
		return nil, err
	}
	scene = newScene()
	for _, object := range built.Resources() {
		data, err := object.MarshalJSON()
		if err != nil {
			return nil, err
		}
		scene.add("", string(data))
	}
	return scene, nil
}
