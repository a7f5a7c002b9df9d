package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// row is one line of a table: a run, and the run it is held against.
type row struct {
	name  string
	count int // of what the table's first column counts
	sample
	against time.Duration // wall time of the yardstick; 0 for none
}

// table prints rows of samples as Markdown. The ratio is of wall times.
func table(w io.Writer, title, count, ratio string, rows []row) {
	fmt.Fprintf(w, "### %s\n\n| | %s | wall s | CPU s | peak MB | %s |\n|---|---:|---:|---:|---:|---:|\n", title, count, ratio)
	for _, r := range rows {
		times := ""
		if r.against > 0 {
			times = fmt.Sprintf("%.2f×", r.wall.Seconds()/r.against.Seconds())
		}
		fmt.Fprintf(w, "| %s | %d | %.3f | %.3f | %.0f | %s |\n",
			strings.ReplaceAll(r.name, "|", `\|`), r.count, r.wall.Seconds(), r.cpu.Seconds(), float64(r.peak)/(1<<20), times)
	}
	fmt.Fprintln(w)
}
