package workflow

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// versionOf is the version of the action that a step uses, as a tag names it: its ref, or where that is a commit what the
// comment behind it says, as update bots write it: `# v4.2.2`. "" where neither is a version.
func versionOf(doc *source.Document, s *Step) string {
	_, ref, _ := strings.Cut(s.Uses, "@")
	if refs.IsCommit(ref) {
		ref = commentAfter(doc, s.Path.Append("uses"))
	}
	if _, _, ok := majorMinor(ref); !ok {
		return ""
	}
	return ref
}

// versionOf is the version of the action that a step uses; "" where the workflow is of no document.
func (w *Workflow) versionOf(s *Step) string {
	if w.doc == nil {
		return ""
	}
	return versionOf(w.doc, s)
}

// commentAfter is the first word of the comment on the line where the scalar at path ends.
func commentAfter(doc *source.Document, path source.Path) string {
	at := doc.Locate(path, "").Location
	if !at.Span.Exact || at.Path != doc.File.Path || at.Span.End.Offset > len(doc.File.Data) {
		return ""
	}
	line, _, _ := bytes.Cut(doc.File.Data[at.Span.End.Offset:], []byte("\n"))
	_, comment, _ := strings.Cut(string(line), "#")
	for word := range strings.FieldsSeq(comment) {
		_, after, tagged := strings.Cut(word, "@") // ratchet:actions/checkout@v4
		if tagged {
			word = after
		}
		if word = strings.TrimPrefix(word, "tag="); word != "" {
			return word
		}
	}
	return ""
}

// newest stands for the minor version of a tag that names only the major one, as v4 does.
const newest = 1 << 20

// majorMinor reads v4, v4.2 or 4.2.1.
func majorMinor(version string) (major, minor int, ok bool) {
	parts := strings.Split(strings.TrimPrefix(version, "v"), ".")
	major, err := strconv.Atoi(parts[0])
	if err != nil {
		return 0, 0, false
	}
	if len(parts) == 1 {
		return major, newest, true
	}
	minor, err = strconv.Atoi(parts[1])
	return major, minor, err == nil
}
