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
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *bin, *corpus, os.Stdout)
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

func run(ctx context.Context, bin, corpus string, out io.Writer) error {
	bin, binErr := filepath.Abs(bin)
	corpus, corpusErr := filepath.Abs(corpus)
	if err := errors.Join(binErr, corpusErr); err != nil {
		return err
	}
	b := &bench{bin: bin, corpus: corpus, out: out}
	for _, part := range []func(context.Context) error{b.coldStart, b.workflows, b.charts, b.repositories} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}
