// Command bench times bin/plimsoll as its users run it, whole process by whole process, over the repositories of a
// corpus, and puts beside each figure what the same work costs without policies. Where actionlint can be built and helm
// is installed, they run over the same files in the same session. It prints Markdown; nothing passes or fails by it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
)

// floorArgs switch every rule off: the files are still found, parsed and rendered.
var floorArgs = []string{"--skip-rule", "*"}

// bench is one session.
type bench struct {
	bin    string // the program, absolute
	corpus string // directory of OWNER/NAME repositories, absolute
	out    io.Writer
}

func main() {
	bin := flag.String("bin", "bin/plimsoll", "the `program` to time")
	corpus := flag.String("corpus", corpusDir(), "`directory` of OWNER/NAME repositories; also $PLIMSOLL_CORPUS")
	floor := flag.String("floor", "", "only read, parse and render this `directory` with the plain libraries, which the program times itself")
	only := flag.String("part", "", "only this `part`: cold-start, workflows, charts, infrastructure, repositories")
	flag.Parse()
	if *floor != "" {
		if err := plain(*floor, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(2)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *bin, *corpus, *only, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func corpusDir() string {
	if dir := os.Getenv("PLIMSOLL_CORPUS"); dir != "" {
		return dir
	}
	return "../corpus"
}

// run does all parts, or only the one named.
func run(ctx context.Context, bin, corpus, only string, out io.Writer) error {
	bin, binErr := filepath.Abs(bin)
	corpus, corpusErr := filepath.Abs(corpus)
	if err := errors.Join(binErr, corpusErr); err != nil {
		return err
	}
	b := &bench{bin: bin, corpus: corpus, out: out}
	parts := []struct {
		name string
		run  func(context.Context) error
	}{
		{"cold-start", b.coldStart},
		{"workflows", b.workflows},
		{"charts", b.charts},
		{"infrastructure", b.infrastructure},
		{"repositories", b.repositories},
	}
	for _, part := range parts {
		if only != "" && part.name != only {
			continue
		}
		if err := part.run(ctx); err != nil {
			return err
		}
	}
	return nil
}
