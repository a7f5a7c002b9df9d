package finding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fix is an edit that removes a finding.
type Fix struct {
	Description string
	Edits       []Edit
}

// Block is what a fix writes at one place, for people to read.
type Block struct {
	// Where is the place in words, "before line 9"; "" where it is the finding's own line and nothing is written elsewhere. Its
	// path is as the repository has it, and so not safe to print.
	Where string
	Lines []string // without the indentation that they share
}

// Blocks are what the finding's fix writes, in the order of the file; none without a fix.
func (f *Finding) Blocks() []Block {
	if f.Fix == nil {
		return nil
	}
	edits := slices.Clone(f.Fix.Edits)
	slices.SortStableFunc(edits, ByPlace)
	var blocks []Block
	for _, edit := range edits {
		where := edit.where(f.Location.Path)
		if len(edits) == 1 && where == fmt.Sprintf("in line %d", f.Location.Span.Start.Line) {
			where = ""
		}
		if n := len(blocks); n > 0 && blocks[n-1].Where == where {
			blocks[n-1].Lines = append(blocks[n-1].Lines, edit.lines()...)
			continue
		}
		blocks = append(blocks, Block{Where: where, Lines: edit.lines()})
	}
	return blocks
}

// ByPlace compares edits by their places.
func ByPlace(a, b Edit) int {
	x, y := a.Location.Span.Start, b.Location.Span.Start
	return cmp.Or(cmp.Compare(a.Location.Path, b.Location.Path), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column))
}

// where says where an edit writes, for a reader of the file of the given path.
func (e Edit) where(path string) string {
	span, words := e.Location.Span, "in line %d"
	switch {
	case span.Start.Line != span.End.Line:
		words = fmt.Sprintf("in place of lines %%d to %d", span.End.Line)
	case span.Start == span.End && strings.Contains(e.NewText, "\n"):
		words = "before line %d"
	}
	words = fmt.Sprintf(words, span.Start.Line)
	if e.Location.Path != path {
		words += " of " + e.Location.Path
	}
	return words
}

func (e Edit) lines() []string {
	lines := strings.Split(strings.TrimSpace(e.NewText), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t\r")
	}
	return outdented(lines)
}

// outdented takes off the indentation that all lines but the first share: an edit begins within its line.
func outdented(lines []string) []string {
	shared := -1
	for _, line := range lines[1:] {
		if indent := len(line) - len(strings.TrimLeft(line, " ")); line != "" && (shared < 0 || indent < shared) {
			shared = indent
		}
	}
	if strings.HasSuffix(lines[0], ":") { // a key, with its value below
		shared -= 2
	}
	for i := range lines[1:] {
		if line := &lines[i+1]; shared > 0 {
			*line = (*line)[min(shared, len(*line)):]
		}
	}
	return lines
}
