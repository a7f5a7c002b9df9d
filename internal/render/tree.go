package render

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// tree reads a repository and nothing else. Paths are relative to its root, with slashes. Links are followed as long as
// they stay inside; os.Root holds that even against a tree that changes under our feet. It is for one goroutine.
type tree struct {
	root *os.Root
	dirs map[string]*os.Root // directories that no link led to, the root itself among them: asking there takes one step
	// watched are the paths of which touched tells whether anybody asked.
	watched Watched
	touched bool
}

// maxDirs is how many directories a tree keeps open.
const maxDirs = 200

// Refusals. A refusal names no path: who reports it knows which entry led there.
var (
	errOutside = errors.New("leads out of the repository; lint reads nothing outside of it")
	errGit     = errors.New("leads into .git; lint does not read it")
	errLinks   = errors.New("is a loop of symbolic links")
	errSpecial = errors.New("is no regular file")
	errTooBig  = fmt.Errorf("is larger than the limit of %d MiB", maxFile>>20)
)

// refused reports whether an error says that the tree will not read a path, rather than that nothing is there.
func refused(err error) bool {
	return slices.ContainsFunc([]error{errOutside, errGit, errLinks, errSpecial, errTooBig}, func(r error) bool {
		return errors.Is(err, r)
	})
}

func openTree(root string) (*tree, error) {
	r, err := os.OpenRoot(root)
	if err != nil {
		return nil, err
	}
	return &tree{root: r, dirs: map[string]*os.Root{".": r}}, nil
}

func (t *tree) close() error {
	t.forget()
	return t.root.Close()
}

// forget closes all directories but the root.
func (t *tree) forget() {
	for name, dir := range t.dirs {
		if name != "." {
			_ = dir.Close() // only read
		}
	}
	t.dirs = map[string]*os.Root{".": t.root}
}

// parent is the directory of a path without links.
func (t *tree) parent(name string) (*os.Root, error) {
	at := path.Dir(name)
	if dir, ok := t.dirs[at]; ok {
		return dir, nil
	}
	above, err := t.parent(at)
	if err != nil {
		return nil, err
	}
	dir, err := above.OpenRoot(path.Base(at))
	if err != nil {
		return nil, err
	}
	if len(t.dirs) >= maxDirs {
		t.forget()
	}
	t.dirs[at] = dir
	return dir, nil
}

// lstat tells what is at a path whose directories are no links; the last step may be one.
func (t *tree) lstat(name string) (fs.FileInfo, error) {
	if name == "." {
		return t.root.Lstat(name)
	}
	dir, err := t.parent(name)
	if err != nil {
		return nil, err
	}
	return dir.Lstat(path.Base(name))
}

// maxLinks is how many symbolic links a path may pass, as on Linux.
const maxLinks = 40

// resolve gives the path's own place, all links followed, and what is there.
func (t *tree) resolve(name string) (string, fs.FileInfo, error) {
	rest := strings.Split(filepath.ToSlash(name), "/")
	at, links := ".", 0
	for len(rest) > 0 {
		step := rest[0]
		rest = rest[1:]
		switch step {
		case "", ".":
			continue
		case "..":
			if at == "." {
				return "", nil, errOutside
			}
			at = path.Dir(at)
			continue
		case ".git":
			return "", nil, errGit
		}
		next := path.Join(at, step)
		t.touched = t.touched || t.watched.Paths[next]
		if t.dirs[next] != nil && len(rest) > 0 {
			at = next
			continue
		}
		info, err := t.lstat(next)
		if err != nil {
			t.touched = t.touched || t.watched.Folders[next]
			return "", nil, plainError(err)
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		target, err := t.root.Readlink(next)
		switch links++; {
		case err != nil:
			return "", nil, plainError(err)
		case links > maxLinks:
			return "", nil, errLinks
		case filepath.IsAbs(target):
			return "", nil, errOutside
		}
		rest = append(strings.Split(filepath.ToSlash(target), "/"), rest...)
	}
	t.touched = t.touched || t.watched.Folders[at]
	info, err := t.lstat(at)
	return at, info, err
}

// plainError takes the operation and path off an error; the caller names the path in its own words.
func plainError(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// read gives a file's bytes, and the path where it stands once links are followed.
func (t *tree) read(name string) ([]byte, string, error) {
	at, info, err := t.resolve(name)
	switch {
	case err != nil:
		return nil, "", err
	case !info.Mode().IsRegular():
		return nil, at, errSpecial
	case info.Size() > maxFile:
		return nil, at, errTooBig
	}
	dir, err := t.parent(at)
	if err != nil {
		return nil, at, plainError(err)
	}
	f, err := dir.Open(path.Base(at))
	if err != nil {
		return nil, at, plainError(err)
	}
	defer f.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = errTooBig
	}
	return data, at, err
}

// isDir reports whether the path leads to a directory of the repository.
func (t *tree) isDir(name string) bool {
	_, info, err := t.resolve(name)
	return err == nil && info.IsDir()
}

// isFile reports whether the path leads to a file of the repository.
func (t *tree) isFile(name string) bool {
	_, info, err := t.resolve(name)
	return err == nil && info.Mode().IsRegular()
}

// list gives the names in a directory, sorted.
func (t *tree) list(name string) ([]string, error) {
	at, _, err := t.resolve(name)
	if err != nil {
		return nil, err
	}
	dir, err := t.root.Open(at)
	if err != nil {
		return nil, plainError(err)
	}
	defer dir.Close() //nolint:errcheck // only read
	names, err := dir.Readdirnames(-1)
	slices.Sort(names)
	return names, err
}

// files reads each file of a repository once, for the places in it. It is safe for concurrent use, and outlives the
// Renderer: places are asked for when rendering is over.
type files struct {
	root string
	mu   sync.Mutex
	read map[string]*source.File
}

func newFiles(root string) *files { return &files{root: root, read: map[string]*source.File{}} }

// get never fails: a file that cannot be read has no text, and every place in it is its start.
func (f *files) get(name string, kind source.Kind) *source.File {
	f.mu.Lock()
	defer f.mu.Unlock()
	if file, ok := f.read[name]; ok {
		return file
	}
	file := &source.File{Path: name, Kind: kind}
	if t, err := openTree(f.root); err == nil {
		defer t.close() //nolint:errcheck // only read
		if data, _, err := t.read(name); err == nil {
			file.Data = data
		}
	}
	f.read[name] = file
	return file
}
