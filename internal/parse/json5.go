package parse

import (
	"bytes"
	"regexp"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// relaxed reads JSON as people write it, with comments, trailing commas, bare keys and single quotes: with its comments
// covered and its tabs made blanks it is a flow of YAML, which has the rest but for what a backslash means between single
// quotes. A bare key needs a blank after its colon.
func relaxed(kind source.Kind) reader {
	return func(file *source.File) ([]*source.Document, []*source.SyntaxError) {
		covered := *file
		covered.Data = coverComments(file.Data)
		docs, faults := read(&covered, &stream{kind: kind, dialect: source.YAML12, amend: unescape})
		for _, doc := range docs {
			doc.File = file
		}
		return docs, faults
	}
}

var escape = regexp.MustCompile(`\\(?s:.)`)

// escapes are the characters that JSON5 writes with another one; every other character behind a backslash is itself.
var escapes = map[string]string{`\b`: "\b", `\f`: "\f", `\n`: "\n", `\r`: "\r", `\t`: "\t", `\v`: "\v", `\0`: "\x00"}

// unescape reads the backslashes in single quotes, which YAML takes for text.
func unescape(node *yaml.Node) {
	for _, child := range node.Content {
		unescape(child)
	}
	if node.Kind != yaml.ScalarNode || node.Style&yaml.SingleQuotedStyle == 0 {
		return
	}
	node.Value = escape.ReplaceAllStringFunc(node.Value, func(pair string) string {
		if char, ok := escapes[pair]; ok {
			return char
		}
		return pair[1:]
	})
}

// coverComments puts blanks in the place of comments and tabs, writes an escaped quote in single quotes as YAML does, and
// leaves every line end and all else of a string as it is.
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
			doubleQuotes(out[i : i+size])
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

// doubleQuotes writes the escaped quotes of a string in single quotes, in place, as two quotes.
func doubleQuotes(text []byte) {
	for i := 1; text[0] == '\'' && i+1 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		if text[i+1] == '\'' {
			text[i] = '\''
		}
		i++
	}
}
