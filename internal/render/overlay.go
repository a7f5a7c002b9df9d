package render

import (
	"errors"
	"path"
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// The library wants absolute paths. The repository seems to stand in mount, so that what leads above its root shows;
// a kustomization made up by us seems to stand in made.
const (
	mount = "/repository"
	made  = "/made"
)

var errReadOnly = errors.New("the repository is only read")

// overlay is the library's view of the repository: its files, some of them replaced, and nothing else.
type overlay struct {
	tree  *tree
	edits map[string][]byte // by path in the repository
	extra map[string][]byte // files that are not there: patches and charts' texts on their own, by path in the repository
	pads  *pads             // how texts are moved down; nil for not at all
	made  []byte            // the kustomization in made, nil for none
}

var _ filesys.FileSystem = overlay{}

const madeFile = made + "/kustomization.yaml"

// local is a path in the repository.
func local(name string) (string, error) {
	rest, ok := strings.CutPrefix(path.Clean(filepath.ToSlash(name)), mount)
	switch {
	case !ok || (rest != "" && rest[0] != '/'):
		return "", errOutside
	case rest == "":
		return ".", nil
	}
	return rest[1:], nil
}

// ReadFile implements filesys.FileSystem.
func (o overlay) ReadFile(name string) ([]byte, error) {
	if name == madeFile && o.made != nil {
		return o.made, nil
	}
	at, err := local(name)
	if err != nil {
		return nil, err
	}
	if data, ok := o.pads.pad(at); ok {
		return data, nil
	}
	if data, ok := o.extra[at]; ok {
		return data, nil
	}
	at, _, err = o.tree.resolve(at)
	if err != nil {
		return nil, err
	}
	if data, ok := o.edits[at]; ok {
		return data, nil
	}
	if data, ok := o.pads.pad(at); ok {
		return data, nil
	}
	data, _, err := o.tree.read(at)
	return data, err
}

// CleanedAbs implements filesys.FileSystem: links are followed, so that the library's restrictions see where they lead.
func (o overlay) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	switch {
	case o.made != nil && name == made:
		return made, "", nil
	case o.made != nil && name == madeFile:
		return made, path.Base(madeFile), nil
	}
	at, err := local(name)
	if err != nil {
		return "", "", err
	}
	if _, ok := o.extra[at]; ok {
		full := path.Join(mount, at)
		return filesys.ConfirmedDir(path.Dir(full)), path.Base(full), nil
	}
	if _, ok := o.extra[path.Join(at, "kustomization.yaml")]; ok {
		return filesys.ConfirmedDir(path.Join(mount, at)), "", nil
	}
	at, info, err := o.tree.resolve(at)
	if err != nil {
		return "", "", err
	}
	full := path.Join(mount, at)
	if info.IsDir() {
		return filesys.ConfirmedDir(full), "", nil
	}
	return filesys.ConfirmedDir(path.Dir(full)), path.Base(full), nil
}

// IsDir implements filesys.FileSystem.
func (o overlay) IsDir(name string) bool {
	at, err := local(name)
	return err == nil && o.tree.isDir(at)
}

// Exists implements filesys.FileSystem.
func (o overlay) Exists(name string) bool {
	_, _, err := o.CleanedAbs(name)
	return err == nil
}

// ReadDir implements filesys.FileSystem.
func (o overlay) ReadDir(name string) ([]string, error) {
	at, err := local(name)
	if err != nil {
		return nil, err
	}
	return o.tree.list(at)
}

// The rest of filesys.FileSystem is not used by builds, and would write or reach further than they need.

// Create is refused.
func (overlay) Create(string) (filesys.File, error) { return nil, errReadOnly }

// Mkdir is refused.
func (overlay) Mkdir(string) error { return errReadOnly }

// MkdirAll is refused.
func (overlay) MkdirAll(string) error { return errReadOnly }

// RemoveAll is refused.
func (overlay) RemoveAll(string) error { return errReadOnly }

// WriteFile is refused.
func (overlay) WriteFile(string, []byte) error { return errReadOnly }

// Open is refused: files are read whole, within their limit.
func (overlay) Open(string) (filesys.File, error) { return nil, errReadOnly }

// Glob is refused.
func (overlay) Glob(string) ([]string, error) { return nil, errReadOnly }

// Walk is refused.
func (overlay) Walk(string, filepath.WalkFunc) error { return errReadOnly }
