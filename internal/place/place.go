// Package place moves a report from the files that were linted to those of the commit that it is shown on. For a pull
// request these differ: what is checked out, and linted, is the merge with the base branch, and what GitHub annotates is
// the pull request's own head. A line is known again by its text, never by its number.
package place

import (
	"context"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/git"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Tree is a commit's files.
type Tree struct {
	// Files is nil where the commit's files cannot be had: then all places are taken to be the same there.
	Files map[string]string // Git's ID of the text, by path from the repository's root, with slashes
	Links map[string]bool   // those of the files that are symbolic links
	// Read gives the text of an ID. An error leaves the lines of that file unknown.
	Read func(ctx context.Context, id string) ([]byte, error)
}

// Linted says what the report is about.
type Linted struct {
	Prefix string                   // of the report's paths, in the repository; "" or with a slash at its end
	Source func(path string) []byte // text of a linted file by the report's path; nil when it is not known
}

// maxReads bounds how many texts of the tree are read, since each may be a request; maxText how large one may be, in bytes.
const (
	maxReads = 60
	maxText  = 4 << 20
)

// Moved is a report with the places of a tree.
type Moved struct {
	Report *finding.Report
	// Source gives the text of a file of the tree that a finding stands in; nil when it is not known.
	Source func(path string) []byte
	// How many of the findings that count have no place of their own in the tree: NoFile stand nowhere, as it has no such
	// file, and NoLine at the start of their file.
	NoFile, NoLine int
}

// Move gives a copy of the report with the places of the tree. A finding whose file is not there has an empty path; one
// whose line is not there stands, not exactly, at the start of its file. A fix that cannot be moved as a whole is left out,
// and so is a related place.
func Move(ctx context.Context, r *finding.Report, from Linted, to Tree) Moved {
	m := &mover{ctx: ctx, from: from, to: to, lines: map[string]*lines{}, texts: map[string][]byte{}}
	moved := *r
	result := Moved{Report: &moved, Source: func(path string) []byte { return m.texts[path] }}
	moved.Findings = make([]*finding.Finding, len(r.Findings))
	for i, f := range finding.Ranked(r.Findings) { // the most severe first, should the reads run out
		there := *f
		moved.Findings[i] = &there
		if !f.Active() {
			continue
		}
		var found bool
		there.Location, found = m.location(f.Location)
		switch {
		case f.Location.Path == "" || f.Location.Path == ".": // it stood nowhere before
		case there.Location.Path == "":
			result.NoFile++
		case !found:
			result.NoLine++
		}
		there.Related = m.notes(f.Related)
		there.Fix = m.fix(f.Fix)
	}
	finding.Sort(moved.Findings)
	return result
}

type mover struct {
	ctx   context.Context
	from  Linted
	to    Tree
	lines map[string]*lines // by the report's path
	texts map[string][]byte // of the tree, by its path
	reads int
	byID  map[string]string // the tree turned round; "" for a text that several files have
}

// location moves one; found is false where its lines are not there.
func (m *mover) location(at source.Location) (moved source.Location, found bool) {
	if at.Path == "" || at.Path == "." {
		return source.Location{}, false
	}
	to := m.file(at.Path)
	if to.path == "" {
		return source.Location{}, false
	}
	moved = source.Location{Path: to.path, Span: at.Span}
	start, end := at.Span.Start.Line, at.Span.End.Line
	if start <= 1 && end <= 1 && !at.Span.Exact {
		return moved, true // the file as a whole
	}
	first, ok := to.line(start)
	if !ok {
		return source.FileStart(to.path), false
	}
	for line := start; line <= end; line++ { // a span must not be torn
		if line == end && at.Span.End.Column <= 1 && end > start {
			break // it ends before this line
		}
		if there, ok := to.line(line); !ok || there != first+line-start {
			return source.FileStart(to.path), false
		}
	}
	moved.Span.Start.Line, moved.Span.End.Line = first, first+max(0, end-start)
	moved.Span.Start.Offset, moved.Span.End.Offset = 0, 0 // of another text
	return moved, true
}

func (m *mover) notes(notes []source.Note) []source.Note {
	var moved []source.Note
	for _, note := range notes {
		at, _ := m.location(note.Location)
		if at.Path != "" {
			moved = append(moved, source.Note{Message: note.Message, Location: at})
		}
	}
	return moved
}

func (m *mover) fix(fix *finding.Fix) *finding.Fix {
	if fix == nil {
		return nil
	}
	moved := *fix
	moved.Edits = slices.Clone(fix.Edits)
	for i, edit := range fix.Edits {
		at, found := m.location(edit.Location)
		if !found {
			return nil
		}
		moved.Edits[i].Location = at
	}
	return &moved
}

// file finds the file's place in the tree and, unless its text is the same, which line is which.
func (m *mover) file(path string) *lines {
	if known, ok := m.lines[path]; ok {
		return known
	}
	to := &lines{}
	m.lines[path] = to
	ours := m.from.Source(path)
	if m.to.Files == nil {
		to.path, to.same = m.from.Prefix+path, true
		m.texts[to.path] = ours
		return to
	}
	to.path = m.resolve(m.from.Prefix + path)
	if to.path == "" && ours != nil {
		to.path = m.renamed(ours)
	}
	id := m.to.Files[to.path]
	switch {
	case to.path == "":
	case ours == nil || git.IsBlob(ours, id):
		to.same, m.texts[to.path] = true, ours
	case m.reads < maxReads && len(ours) <= maxText:
		m.reads++
		if theirs, err := m.to.Read(m.ctx, id); err == nil && len(theirs) <= maxText {
			to.match(ours, theirs)
			m.texts[to.path] = theirs
		}
	}
	return to
}
