package discover

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// read is what became of a candidate. A file that is none of ours leaves nothing.
type read struct {
	file    *source.File
	problem *Problem
	nested  string // path of a folder: a submodule, or a repository within this one
	opened  bool
	size    int64 // bytes read
}

func (w *walker) read(c candidate) read {
	info, err := os.Lstat(w.absolute(c.path)) // of os.Root it would take a call for each folder above
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return read{} // tracked, but deleted
	case err != nil:
		return c.refuse(Unreadable, fmt.Sprintf("it cannot be read: %v", plain(err)))
	case info.IsDir():
		return read{nested: c.path}
	case info.Mode()&fs.ModeSymlink != 0 && isForeign(c.path):
		return read{}
	case info.Mode()&fs.ModeSymlink != 0 && c.role.is == nil:
		return w.readFolderLink(c)
	case c.role.is == nil:
		return read{}
	case info.Mode()&fs.ModeSymlink != 0:
		return w.readLink(c)
	case !info.Mode().IsRegular(): // opening a pipe would wait for ever
		return c.refuse(NotRegular, "it is not a regular file")
	}
	return w.readFile(c)
}

func (w *walker) absolute(p string) string { return filepath.Join(w.dir, filepath.FromSlash(p)) }

// refuse makes a problem of a candidate that cannot be read and might be ours. What a chart holds, its rendering reports.
func (c candidate) refuse(why Why, message string) read {
	if c.role.is == nil || c.role.kind == source.ChartFile {
		return read{}
	}
	return read{problem: &Problem{Path: c.path, Why: why, Message: message}}
}

// readFolderLink makes a problem of a link to a folder out of the repository: what is in there, nobody knows. Any other
// file of such a name is none of ours, and a folder of the repository is listed for itself.
func (w *walker) readFolderLink(c candidate) read {
	target, err := filepath.EvalSymlinks(w.absolute(c.path))
	if err != nil {
		return read{}
	}
	info, err := os.Lstat(target)
	if err != nil || !info.IsDir() {
		return read{}
	}
	if rel, err := filepath.Rel(w.dir, target); err == nil && filepath.IsLocal(rel) {
		return read{}
	}
	return read{problem: &Problem{Path: c.path, Why: LinkOut, Message: "it is a symbolic link to a folder out of the repository, " +
		"and nothing outside is read; lint that folder for itself, and exclude the link"}}
}

// readLink follows a symbolic link to a file of the repository that is not linted for itself as the same kind. A file
// that is not listed is not part of the repository: it may be .git/config, with a token.
func (w *walker) readLink(c candidate) read {
	info, err := w.root.Stat(c.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c.refuse(LinkBroken, "it is a symbolic link that leads nowhere")
	case errors.Is(err, syscall.ELOOP):
		return c.refuse(LinkLoop, "it is a symbolic link that leads back to itself")
	case err != nil:
		return c.refuse(LinkOut, "it is a symbolic link out of the repository, and nothing outside is read")
	case info.IsDir():
		return read{}
	case !info.Mode().IsRegular():
		return c.refuse(NotRegular, "it is a symbolic link to what is not a regular file")
	}
	target, err := filepath.EvalSymlinks(w.absolute(c.path))
	if err != nil {
		return c.refuse(Unreadable, fmt.Sprintf("its symbolic link cannot be followed: %v", plain(err)))
	}
	if target, err = filepath.Rel(w.dir, target); err != nil {
		return c.refuse(LinkOut, "it is a symbolic link out of the repository, and nothing outside is read")
	}
	target = filepath.ToSlash(target)
	if !w.listed(target) {
		return c.refuse(LinkOut, "it is a symbolic link to "+target+", which is not part of the repository")
	}
	if c.role.kind == source.ChartFile || roleOf(target, w.git).kind == c.role.kind && w.selection.has(target) {
		return read{}
	}
	return w.readFile(c)
}

func (w *walker) readFile(c candidate) read {
	if c.role.unread {
		return read{file: &source.File{Path: c.path, Kind: c.role.is(nil)}}
	}
	f, err := w.root.Open(c.path)
	if err != nil {
		return c.refuse(Unreadable, fmt.Sprintf("it cannot be read: %v", plain(err)))
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return c.refuse(Unreadable, fmt.Sprintf("it cannot be read: %v", plain(err)))
	}
	if info.Size() > w.options.MaxFileSize {
		return w.tooLarge(c, f, info.Size())
	}
	data, err := readAtMost(f, info.Size(), w.options.MaxFileSize)
	if err != nil {
		return c.refuse(Unreadable, fmt.Sprintf("it cannot be read: %v", plain(err)))
	}
	if int64(len(data)) > w.options.MaxFileSize { // it grew, or its size is not known beforehand
		return w.tooLarge(c, f, int64(len(data)))
	}
	r := read{opened: true, size: int64(len(data))}
	if kind := c.role.is(textOf(data)); kind != "" || isChartName(c.path) {
		r.file = &source.File{Path: c.path, Kind: kind, Data: data}
	}
	return r
}

// readAtMost reads a file of about the given size, and at most one byte more than the limit.
func readAtMost(f io.Reader, size, limit int64) ([]byte, error) {
	data := make([]byte, 0, size+1) // one more, so that the end shows without growing
	reader := io.LimitReader(f, limit+1)
	for {
		n, err := reader.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case errors.Is(err, io.EOF):
			return data, nil
		case err != nil:
			return nil, err
		case len(data) == cap(data):
			data = append(data, 0)[:len(data)]
		}
	}
}

// tooLarge makes a problem of a large file that is ours by name, by what it holds, or too large to tell.
func (w *walker) tooLarge(c candidate, f *os.File, size int64) read {
	if !c.role.ours && size <= maxLook {
		t := largeText(f)
		ours := c.role.kind != source.ChartFile && c.role.is(t) != ""
		if t.err != nil {
			return c.refuse(Unreadable, fmt.Sprintf("it cannot be read: %v", plain(t.err)))
		}
		if !ours {
			return read{opened: true}
		}
	}
	r := c.refuse(TooLarge, fmt.Sprintf("it is %s large, and files over %s are not read; raise limits.file-size or exclude it",
		mebibytes(size), mebibytes(w.options.MaxFileSize)))
	r.opened = true
	return r
}

func mebibytes(n int64) string { return fmt.Sprintf("%.4g MiB", float64(n)/(1<<20)) }
