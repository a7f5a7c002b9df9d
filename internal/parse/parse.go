// Package parse turns the bytes of a file into documents with positions. It is a table from kind of file to function;
// what cannot be read is a syntax error at its place, never an empty result.
package parse

import (
	"bytes"
	"fmt"
	"regexp"
	"unicode/utf8"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// MaxBytes is the size of the largest file that is parsed. A parsed YAML text takes some thirty times its size.
const MaxBytes = 16 << 20

// A reader parses one file. Documents that could be read are returned beside the errors of those that could not.
type reader func(*source.File) ([]*source.Document, []*source.SyntaxError)

// readerOf is the table: which reader takes a kind of file, or nil for a kind that is read only by rendering.
func readerOf(kind source.Kind) reader {
	switch kind {
	case source.Workflow, source.Action, source.Compose, source.ActionsLock, source.Dependabot, source.PreCommit, source.GitLabCI, source.Settings:
		return plain(kind, source.YAML12)
	case source.Chart, source.Requirements, source.Kustomization:
		return plain(kind, source.YAML11)
	case source.Renovate, source.DevContainer:
		return relaxed(kind)
	case source.Manifest:
		return manifests
	case source.Dockerfile:
		return dockerfile
	case source.Terraform:
		return terraform
	}
	return nil
}

// File parses a file by its kind. A kind that has no parser (a chart's other files) gives nothing: its renderer reads it.
// A file that is too large or no text gives one error and no documents; within a stream, a broken document gives an
// error while the documents beside it are still returned.
func File(file *source.File) ([]*source.Document, []*source.SyntaxError) {
	read := readerOf(file.Kind)
	if read == nil {
		return nil, nil
	}
	return read(file)
}

func plain(kind source.Kind, dialect source.Dialect) reader {
	return func(file *source.File) ([]*source.Document, []*source.SyntaxError) {
		return YAML(file, kind, dialect)
	}
}

// refusal says why a file's bytes are not parsed at all, or is nil.
func refusal(file *source.File) *source.SyntaxError {
	if len(file.Data) > MaxBytes {
		return atStart(file, fmt.Sprintf("the file is larger than %d MB; exclude it if it is not to be linted", MaxBytes>>20))
	}
	if reason, ok := source.IsUTF8Text(file.Data); !ok {
		return atStart(file, reason)
	}
	if !utf8.Valid(file.Data) {
		at := invalidUTF8(file.Data)
		return &source.SyntaxError{
			Message: fmt.Sprintf("byte 0x%02x is not UTF-8; save the file as UTF-8", file.Data[at]),
			Span:    source.NewText(file.Data).Span(at, at+1),
		}
	}
	return nil
}

// atStart is an error that concerns the file as a whole.
func atStart(file *source.File, message string) *source.SyntaxError {
	return &source.SyntaxError{Message: message, Span: source.FileStart(file.Path).Span}
}

func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(data) - 1
}

// templateHint is added to the error of a text that some template engine is meant to fill in first.
const templateHint = "it looks like a template of another tool; exclude it if it is not used as it stands"

// templateMark is what other templates have in the place of a value or a line: %s, <%= x %>, ${x}, @X@.
var templateMark = regexp.MustCompile(`<%|(?:^|[:-][ \t]+)["']?[ \t]*(?:%[sdvqfx](?:["'\s]|$)|\$\{|@\w+@)`)

// looksTemplated reports whether a text holds the braces of a template engine.
func looksTemplated(data []byte) bool {
	return bytes.Contains(data, []byte("{{")) || bytes.Contains(data, []byte("{%"))
}
