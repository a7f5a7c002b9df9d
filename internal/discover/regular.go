package discover

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ReadRegular reads a file of the repository that is wanted by its name, such as a configuration, within a bound of bytes.
// There is none when found is false. What is there but is no plain text file inside the repository – a link out of it or
// to nothing, a pipe, too large – is an error: it must not be taken for absent, nor waited for.
func ReadRegular(root *os.Root, name string, limit int64) (data []byte, found bool, err error) {
	local := filepath.FromSlash(name)
	if _, err := root.Lstat(local); errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	} else if err != nil {
		return nil, true, fmt.Errorf("%s: %w", name, plain(err))
	}
	info, err := root.Stat(local)
	switch {
	case err != nil:
		return nil, true, fmt.Errorf("%s is a symbolic link out of the repository, or to nothing", name)
	case !info.Mode().IsRegular():
		return nil, true, fmt.Errorf("%s is not a regular file", name)
	case info.Size() > limit:
		return nil, true, fmt.Errorf("%s is larger than %s", name, mebibytes(limit))
	}
	file, err := root.Open(local)
	if err != nil {
		return nil, true, fmt.Errorf("%s: %w", name, plain(err))
	}
	defer file.Close() //nolint:errcheck // only read
	data, err = io.ReadAll(io.LimitReader(file, limit))
	return data, true, err
}
