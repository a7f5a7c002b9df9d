// Command release builds what a release holds: the program for every platform, an image of it, inventories of both, and the
// checksums that action.yml is held to. The same sources and Go give the same bytes, on any machine; it has no clock.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
)

// versionForm is what a release may be called: v1.2.3 or v1.2.3-rc.1, which a file name and an image's tag both take.
var versionForm = regexp.MustCompile(`^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9a-z]+(\.[0-9a-z]+)*)?$`)

func main() {
	version := flag.String("version", "", "the release's `version`, as v1.2.3")
	out := flag.String("out", "dist", "`directory` to write to; what is there of an earlier run is replaced")
	only := flag.String("platforms", "", "of the platforms only these, as linux/amd64,windows/arm64")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, ".", *version, *out, *only)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// run makes the release of the sources in root.
func run(ctx context.Context, root, version, out, only string) error {
	if !versionForm.MatchString(version) {
		return fmt.Errorf("version %q is not one such as v1.2.3", version)
	}
	platforms, err := choose(only)
	if err != nil {
		return err
	}
	if err := errors.Join(os.RemoveAll(out), os.MkdirAll(out, 0o750)); err != nil {
		return err
	}
	r := &release{root: root, version: version, out: out}
	var built []program
	for _, p := range platforms {
		program, err := r.build(ctx, p)
		if err != nil {
			return err
		}
		built = append(built, program)
	}
	if err := r.image(built); err != nil {
		return fmt.Errorf("image: %w", err)
	}
	return r.checksums()
}

// release is one run.
type release struct {
	root    string // of the sources
	version string // as v1.2.3
	out     string // directory
}

// path is that of a file of the release, such as plimsoll_1.2.3_linux_amd64.
func (r *release) path(suffix string) string {
	return filepath.Join(r.out, "plimsoll_"+strings.TrimPrefix(r.version, "v")+"_"+suffix)
}
