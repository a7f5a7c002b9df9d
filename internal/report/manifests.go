package report

import (
	"bytes"
	"io"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Manifests is a stream of YAML that one source file was rendered to.
type Manifests struct {
	Source string // the template or resource file
	Origin source.Origin
	Text   []byte
}

// WriteManifests writes the documents of all streams as one, word for word, each under a comment that says what it was
// rendered from. Documents without content are left out. For a terminal, all that would do more than show is escaped.
func WriteManifests(w io.Writer, all []Manifests, terminal bool) error {
	var b bytes.Buffer
	for _, m := range all {
		comment := m.comment()
		for _, doc := range documents(m.Text) {
			b.WriteString("---\n" + comment)
			if !terminal {
				b.Write(doc)
				continue
			}
			for line := range bytes.Lines(doc) {
				cells := strings.Split(strings.TrimRight(string(line), "\r\n"), "\t")
				for i, cell := range cells {
					cells[i] = Visible(cell)
				}
				b.WriteString(strings.Join(cells, "\t") + "\n")
			}
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// comment is a line of YAML; no name in it can end the line.
func (m Manifests) comment() string {
	words := "# " + Visible(m.Source) + ", rendered by " + m.Origin.Renderer + " from " + Visible(m.Origin.Root)
	if len(m.Origin.Variants) == 0 {
		return words + "\n"
	}
	variants := make([]string, len(m.Origin.Variants))
	for i, v := range m.Origin.Variants {
		variants[i] = Visible(v)
	}
	return words + " with " + strings.Join(variants, ", ") + "\n"
}

// documents cuts a stream at the lines that begin a document: within one, no line begins with "---", not even a
// block's. What holds only comments and directives is no document. Each ends with a line end.
func documents(text []byte) [][]byte {
	var docs [][]byte
	var doc []byte
	held := false
	end := func() {
		if held {
			docs = append(docs, append(bytes.TrimRight(doc, "\n"), '\n'))
		}
		doc, held = nil, false
	}
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\ufeff"))) {
		if rest, ok := bytes.CutPrefix(line, []byte("---")); ok && len(bytes.TrimSpace(rest)) == 0 {
			end()
			continue
		}
		if rest, ok := bytes.CutPrefix(line, []byte("---")); ok && (rest[0] == ' ' || rest[0] == '\t') {
			end()
			line = bytes.TrimLeft(rest, " \t")
		}
		if !held && bytes.HasPrefix(line, []byte("%")) {
			continue // a directive, such as the version of YAML
		}
		body := bytes.TrimSpace(line)
		if len(doc) == 0 && len(body) == 0 {
			continue
		}
		held = held || len(body) > 0 && body[0] != '#' && !bytes.Equal(body, []byte("..."))
		doc = append(doc, line...)
	}
	end()
	return docs
}
