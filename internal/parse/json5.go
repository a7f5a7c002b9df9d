package parse

import (
	"bytes"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// relaxed reads JSON as people write it, with comments, trailing commas, bare keys and single quotes: with its comments
// covered and its tabs made blanks it is a flow of YAML, which has the rest. A bare key needs a blank after its colon.
func relaxed(kind source.Kind) reader {
	return func(file *source.File) ([]*source.Document, []*source.SyntaxError) {
		covered := *file
		covered.Data = coverComments(file.Data)
		docs, faults := YAML(&covered, kind, source.YAML12)
		for _, doc := range docs {
			doc.File = file
		}
		return docs, faults
	}
}

// coverComments puts blanks in the place of comments and tabs, and leaves every line end and every string as it is.
func coverComments(data []byte) []byte {
	out := bytes.Clone(data)
	blank := func(from, to int) {
		for i := from; i < to; i++ {
			if out[i] != '\n' && out[i] != '\r' {
				out[i] = ' '
			}
		}
	}
	for i := 0; i < len(data); {
		rest, size := data[i:], 1
		switch {
		case rest[0] == '"' || rest[0] == '\'':
			size = stringLen(rest)
		case rest[0] == '\t':
			blank(i, i+1)
		case bytes.HasPrefix(rest, []byte("//")):
			if size = bytes.IndexByte(rest, '\n'); size < 0 {
				size = len(rest)
			}
			blank(i, i+size)
		case bytes.HasPrefix(rest, []byte("/*")):
			if size = bytes.Index(rest, []byte("*/")) + len("*/"); size < len("*/*") {
				size = len(rest)
			}
			blank(i, i+size)
		}
		i += size
	}
	return out
}

// stringLen is the length of the string that a text begins with, its quotes included; up to the line's end where it has none.
func stringLen(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '\n':
			return i
		case text[0]:
			return i + 1
		}
	}
	return len(text)
}
