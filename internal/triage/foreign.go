package triage

import (
	"bytes"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/peers"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// foreign are the comments of other linters in one file. They need no reason, and one that does nothing is not told: it is
// there for the other linter.
type foreign struct {
	path  string
	text  *source.Text
	notes []foreignNote
}

type foreignNote struct {
	peers.Comment
	line int // 1-based line that it stands on
	next int // the line that it speaks of besides, when nothing else stands on its own
}

// foreignKinds are the files that other linters of workflows read.
var foreignKinds = []source.Kind{source.Workflow, source.Action, source.Dependabot, source.PreCommit}

// foreignIgnores reads a file's comments of other linters; nil where there is none.
func foreignIgnores(file *source.File) *foreign {
	if !slices.Contains(foreignKinds, file.Kind) ||
		!bytes.Contains(file.Data, []byte("# zizmor:")) && !bytes.Contains(file.Data, []byte("ratchet:exclude")) {
		return nil
	}
	out := &foreign{path: file.Path, text: source.NewText(file.Data)}
	for n := 1; n <= out.text.Lines(); n++ {
		line := out.text.Line(n)
		note, ok := peers.ReadComment(string(line))
		if !ok || insideQuotes(line[:note.Start]) {
			continue
		}
		next := n
		if len(bytes.TrimSpace(line[:note.Start])) == 0 {
			next = nextLine(out.text, n)
		}
		out.notes = append(out.notes, foreignNote{note, n, next})
	}
	return out
}

func (f *foreign) suppress(found *finding.Finding) *finding.Suppression {
	if f == nil {
		return nil
	}
	for _, note := range f.notes {
		if !slices.Contains(note.Rules, found.RuleID) || !f.covers(note, found.Location.Span) {
			continue
		}
		start := f.text.Offset(note.line, note.Start+1)
		at := source.Location{Path: f.path, Span: f.text.Span(start, f.text.LineSpan(note.line).End.Offset)}
		reason := "a comment for " + note.Tool + " ignores it"
		if note.Reason != "" {
			reason += ": " + note.Reason
		}
		return &finding.Suppression{By: finding.ByInline, Reason: reason, Location: &at}
	}
	return nil
}

// covers reports whether a comment speaks of a finding. The other linter reports a whole step, or all of `on:`, where we
// report a line of it, and lets the comment stand on any line of that.
func (f *foreign) covers(note foreignNote, span source.Span) bool {
	within := func(line, first, last int) bool { return line >= first && line <= last }
	if within(note.line, span.Start.Line, span.End.Line) || within(note.next, span.Start.Line, span.End.Line) {
		return true
	}
	if !note.Wide {
		return false
	}
	parent, first, last := block(f.text, span.Start.Line)
	return note.line == parent || within(note.line, first, last) || first > 0 && note.next == first
}

// block finds by indentation what stands around a line: the line of the key that it belongs to, and from where to where the
// list item reaches that it is part of – of a workflow mostly a step – or else the value of the top-level key. The list of
// all jobs is no block, and gives first and last as 0.
func block(text *source.Text, line int) (parent, first, last int) {
	indent := indentOf(text, line)
	for n := line; n > 0; n-- {
		depth, body := indentOf(text, n), bytes.TrimSpace(text.Line(n))
		if len(body) == 0 || body[0] == '#' || n != line && depth >= indent {
			continue
		}
		if n != line && parent == 0 {
			parent = n
		}
		indent = depth
		item := bytes.HasPrefix(body, []byte("- "))
		if item || depth == 0 {
			if !item && (bytes.HasPrefix(body, []byte("jobs:")) || bytes.HasPrefix(body, []byte("runs:"))) {
				return parent, 0, 0
			}
			return parent, n, blockEnd(text, n, depth)
		}
	}
	return parent, 0, 0
}

// blockEnd is the last line of what begins on a line with an indentation.
func blockEnd(text *source.Text, first, indent int) int {
	last := first
	for n := first + 1; n <= text.Lines(); n++ {
		if len(bytes.TrimSpace(text.Line(n))) == 0 {
			continue
		}
		if indentOf(text, n) <= indent {
			break
		}
		last = n
	}
	return last
}

func indentOf(text *source.Text, line int) int {
	body := text.Line(line)
	return len(body) - len(bytes.TrimLeft(body, " "))
}
