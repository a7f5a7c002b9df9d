package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Bounds on what is laid out of a commit, in bytes.
const (
	maxCopied = 10 << 20 // of one file that cannot be linked: nothing that lints reads a larger one
	maxLaid   = 1 << 30  // of all that cannot be linked
)

// layout is the files of a commit in a folder of their own, so that they are read as the present ones are, by the same code
// and within the same bounds. Those that did not change are hard links to the present ones where the system allows.
type layout struct {
	dir   string   // absolute, links resolved
	files []string // sorted, without those that Git ignores
	links []string // those of the files that are symbolic links

	root *os.Root
	made map[string]bool // folders
	laid int64           // bytes that are not linked
}

// layOut lays out the part of a change's base that Root is, from Git's objects and what the diff says is the same on disk.
// It runs no program of the repository: nothing is checked out, so no filter and no hook is asked.
func (t *Target) layOut(ctx context.Context, c *change) (*layout, error) {
	tree, err := c.repo.Tree(ctx, c.base)
	if err != nil {
		return nil, err
	}
	differs := map[string]bool{}
	for _, p := range c.diff.Paths() {
		differs[p] = true
	}
	var names, ids []string
	for name, id := range tree.Files {
		rel, inside := strings.CutPrefix(name, t.prefix)
		if !inside {
			continue
		}
		if !layable(rel) {
			return nil, fmt.Errorf("it has a file that cannot be laid out: %q", name)
		}
		names = append(names, rel)
		if differs[name] || tree.Links[name] {
			ids = append(ids, id)
		}
	}
	slices.Sort(names)
	texts, err := c.repo.Blobs(ctx, ids)
	if err != nil {
		return nil, err
	}
	l, err := newLayout(names)
	if err != nil {
		return nil, err
	}
	for _, rel := range names {
		name := t.prefix + rel
		switch text := texts[tree.Files[name]]; {
		case tree.Links[name]:
			l.links = append(l.links, rel)
		case differs[name]:
			err = errors.Join(err, l.write(rel, text))
		default:
			err = errors.Join(err, l.link(filepath.Join(t.Root, filepath.FromSlash(rel)), rel))
		}
	}
	if err = errors.Join(err, t.layIgnored(ctx, l, names)); err == nil {
		for _, rel := range l.links { // last, so that nothing is written through one
			err = errors.Join(err, l.symlink(string(texts[tree.Files[t.prefix+rel]]), rel))
		}
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// layable refuses names that a work tree cannot have, and that a commit made by hand can.
func layable(name string) bool {
	if !fs.ValidPath(name) || !filepath.IsLocal(filepath.FromSlash(name)) || strings.ContainsRune(name, 0) {
		return false
	}
	return !slices.ContainsFunc(strings.Split(name, "/"), func(step string) bool { return strings.EqualFold(step, ".git") })
}

// layIgnored adds the dependencies of charts that were fetched and are in no commit: the commit has them as the present has.
func (t *Target) layIgnored(ctx context.Context, l *layout, names []string) error {
	if !slices.ContainsFunc(names, func(name string) bool { return path.Base(name) == "Chart.yaml" }) {
		return nil
	}
	ignored, err := t.repo.IgnoredUnder(ctx, "charts")
	if err != nil {
		return err
	}
	for _, name := range ignored {
		rel, inside := strings.CutPrefix(name, t.prefix)
		abs := filepath.Join(t.Root, filepath.FromSlash(rel))
		if info, err := os.Lstat(abs); !inside || err != nil || !info.Mode().IsRegular() {
			continue
		}
		if err := l.link(abs, rel); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

func newLayout(files []string) (*layout, error) {
	dir, err := os.MkdirTemp("", "plimsoll-base-")
	if err != nil {
		return nil, err
	}
	l := &layout{files: files, made: map[string]bool{".": true}}
	if l.dir, err = filepath.EvalSymlinks(dir); err == nil {
		l.root, err = os.OpenRoot(l.dir)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return l, nil
}

// Close removes what was laid out.
func (l *layout) Close() error { return errors.Join(l.root.Close(), os.RemoveAll(l.dir)) }

func (l *layout) folder(of string) error {
	dir := path.Dir(of)
	if l.made[dir] {
		return nil
	}
	l.made[dir] = true
	return l.root.MkdirAll(dir, 0o700)
}

func (l *layout) write(name string, text []byte) error {
	if err := l.folder(name); err != nil {
		return err
	}
	f, err := l.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

func (l *layout) symlink(target, name string) error {
	if err := l.folder(name); err != nil {
		return err
	}
	return l.root.Symlink(target, name)
}

// link gives a file on disk a second name, or copies it where that cannot be, as between two file systems.
func (l *layout) link(from, name string) error {
	if err := l.folder(name); err != nil {
		return err
	}
	err := os.Link(from, filepath.Join(l.dir, filepath.FromSlash(name)))
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	info, err := in.Stat()
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no regular file", name)
	case info.Size() > maxCopied:
		return l.hollow(name, info.Size())
	}
	if l.laid += info.Size(); l.laid > maxLaid {
		return fmt.Errorf("it is larger than the %d MiB that may be copied", maxLaid>>20)
	}
	text, err := io.ReadAll(io.LimitReader(in, maxCopied))
	if err != nil {
		return err
	}
	return l.write(name, text)
}

// hollow makes a file of a size that takes no room: it is refused for its size, as the one is that it stands for.
func (l *layout) hollow(name string, size int64) error {
	if err := l.write(name, nil); err != nil {
		return err
	}
	f, err := l.root.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), f.Close())
}
