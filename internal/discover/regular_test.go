package discover_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/discover"
)

func TestReadRegular(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("there", "text")
	write("large", strings.Repeat("x", 2000))
	for name, target := range map[string]string{"inside": "there", "out": "/etc/passwd", "dangling": "nowhere"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close() //nolint:errcheck // only read
	cases := map[string]struct {
		text, fault string
		found       bool
	}{
		"there":    {"text", "", true},
		"inside":   {"text", "", true},
		"absent":   {"", "", false},
		"large":    {"", "larger than", true},
		"out":      {"", "symbolic link out of the repository", true},
		"dangling": {"", "or to nothing", true},
		".":        {"", "not a regular file", true},
	}
	for name, c := range cases {
		data, found, err := discover.ReadRegular(root, name, 1000)
		if string(data) != c.text || found != c.found || (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %q, %v, %v; want %q, %v, %q", name, data, found, err, c.text, c.found, c.fault)
		}
	}
}
