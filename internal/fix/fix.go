// Package fix turns what a rule would have written, said by paths, into edits of the text. It gives no edit where it cannot
// be sure that nothing else changes: a document that was rendered, a value that an anchor shares, a map in one line.
package fix

import (
	"bytes"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Change is an edit of a document as a rule says it.
type Change struct {
	Path source.Path
	Text string // the part of the scalar at Path that is replaced; "" for all of it
	With string // what stands in its place, as it is written in the file
	// Block, where it is not "", is the YAML of the key that Path ends with and its value, unindented: it replaces the
	// key, or is added as the first of its map where there is none.
	Block string
}

// Edits gives the edits that make the changes; false where one of them cannot be made surely.
func Edits(doc *source.Document, changes []Change) ([]finding.Edit, bool) {
	if doc.Origin != nil {
		return nil, false
	}
	var edits []finding.Edit
	for _, c := range changes {
		var edit finding.Edit
		var ok bool
		if c.Block != "" {
			edit, ok = set(doc, c)
		} else {
			edit, ok = replace(doc, c)
		}
		if !ok {
			return nil, false
		}
		edits = append(edits, edit)
	}
	return edits, len(edits) > 0
}

func replace(doc *source.Document, c Change) (finding.Edit, bool) {
	if _, found := c.Path.Get(doc.Value); !found || !doc.Own(c.Path) {
		return finding.Edit{}, false
	}
	at := doc.Locate(c.Path, c.Text).Location
	span := at.Span
	text := doc.File.Data[span.Start.Offset:span.End.Offset]
	ok := span.Exact && at.Path == doc.File.Path && len(text) > 0 && (c.Text == "" || string(text) == c.Text)
	return finding.Edit{Location: at, NewText: c.With}, ok
}

// set replaces a key with all of its value to the end of the line, or adds it before the first key of its map.
func set(doc *source.Document, c Change) (finding.Edit, bool) {
	if len(c.Path) == 0 || !doc.Own(c.Path) {
		return finding.Edit{}, false
	}
	parent := c.Path[:len(c.Path)-1]
	extent, ok := doc.Extent(parent)
	if !ok || !isMapBlock(doc, parent) {
		return finding.Edit{}, false
	}
	text := source.NewText(doc.File.Data)
	start, end := extent.Start.Offset, extent.Start.Offset
	indent := string(doc.File.Data[start-(extent.Start.Column-1) : start])
	if strings.Trim(indent, " ") != "" { // a list's dash: the key is written under it
		indent = strings.Repeat(" ", len(indent))
	}
	if key, found := doc.KeySpan(c.Path); found {
		value, ok := doc.Extent(c.Path)
		if !ok {
			return finding.Edit{}, false
		}
		start, end = key.Start.Offset, max(lineEnd(doc.File.Data, key.End.Offset), lineEnd(doc.File.Data, value.End.Offset))
	}
	block := strings.ReplaceAll(strings.TrimRight(c.Block, "\n"), "\n", "\n"+indent)
	if start == end {
		block += "\n" + indent
	}
	return finding.Edit{Location: source.Location{Path: doc.File.Path, Span: text.Span(start, end)}, NewText: block}, true
}

// isMapBlock reports whether a path leads to a map that has a line for each key.
func isMapBlock(doc *source.Document, path source.Path) bool {
	value, _ := path.Get(doc.Value)
	if m, isMap := value.(map[string]any); !isMap || len(m) == 0 {
		return false
	}
	extent, _ := doc.Extent(path)
	return !bytes.HasPrefix(doc.File.Data[extent.Start.Offset:], []byte("{"))
}

func lineEnd(data []byte, at int) int {
	if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
		return at + len(bytes.TrimRight(data[at:at+i], "\r"))
	}
	return len(data)
}
