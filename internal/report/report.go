// Package report shows a finding.Report: to people on a terminal, to GitHub's log, job summary and code scanning, and to
// other programs. A reporter decides nothing: the verdict stands before it is called. All text of the repository under
// lint is hostile and passes through escape.go before it is written where it could act.
package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// Reporter writes a report in one format. It writes the same bytes for the same report.
type Reporter interface {
	Report(w io.Writer, r *finding.Report) error
}

// Func is a Reporter that is a function.
type Func func(w io.Writer, r *finding.Report) error

// Report calls the function.
func (f Func) Report(w io.Writer, r *finding.Report) error { return f(w, r) }

// Source gives the text of a linted file by its path in the report, or nil when it is not known. The texts must be
// those that were linted, or code frames and columns will be off.
type Source func(path string) []byte

// Options are what reporters need to know beside the report. The zero value is good.
type Options struct {
	Source Source // nil: no code frames, no columns where they need the text
	Colour bool   // text: use ANSI colours
	Width  int    // text: columns that a line of a code frame may take; 0: 100
	Links  Links  // summary: where the linted commit is on the web

	// Category tells apart the SARIF of several runs over one commit, such as the jobs of a matrix.
	Category string
	// OmitSuppressed leaves suppressed findings out of SARIF. Code scanning opens an alert for every result, suppressed
	// or not (github/codeql-action#1230); other readers of SARIF honour the mark.
	OmitSuppressed bool
	// Budget is how many bytes a summary may take; 0: 900 KiB. GitHub drops a job summary above 1 MiB as a whole, and
	// refuses the summary of a check run above 65 535 characters.
	Budget int
}

// Links say where the linted commit is on the web. With any of them empty nothing is linked.
type Links struct {
	ServerURL  string // https://github.com
	Repository string // owner/name
	SHA        string // full commit
}

// formats is the table of all formats, in the order in which they are named to people.
var formats = []struct {
	name string
	make func(Options) Reporter
}{
	{"text", newText},
	{"json", func(Options) Reporter { return Func(reportJSON) }},
	{"sarif", newSARIF},
	{"github", newGitHub},
	{"summary", newSummary},
	{"junit", func(Options) Reporter { return Func(reportJUnit) }},
}

// Formats lists the names of all formats.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// New makes the reporter of a format.
func New(format string, o Options) (Reporter, error) {
	for _, f := range formats {
		if f.name == format {
			return f.make(o), nil
		}
	}
	return nil, unknownFormat(format)
}

func unknownFormat(name string) error {
	return fmt.Errorf("unknown format %q: use %s", name, strings.Join(Formats(), ", "))
}

// Spec is a format and where to write it.
type Spec struct {
	Format string
	Path   string // file to write; "" for standard output
}

// ParseSpec reads "format" or "format=file". The file "-" is standard output.
func ParseSpec(spec string) (Spec, error) {
	format, path, hasPath := strings.Cut(spec, "=")
	switch {
	case !slices.Contains(Formats(), format):
		return Spec{}, unknownFormat(format)
	case hasPath && path == "":
		return Spec{}, fmt.Errorf("format %q names no file: use %s=FILE, or %s alone for standard output", spec, format, format)
	case path == "-":
		path = ""
	}
	return Spec{Format: format, Path: path}, nil
}

func reportJSON(w io.Writer, r *finding.Report) error { return r.Encode(w) }

// failsGate reports whether the finding counts against the verdict.
func failsGate(r *finding.Report, f *finding.Finding) bool {
	return f.Active() && r.FailOn > 0 && f.Severity >= r.FailOn
}
