package finding

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Version is the version of the JSON report that Encode writes and Decode reads.
const Version = 1

// maxReport bounds, in bytes, the JSON that Decode reads. Every item is checked as it arrives, so what is held in
// memory stays within a small multiple of it.
const maxReport = 64 << 20

// Encode writes the report as JSON, version 1: indented, arrays never null, map keys sorted, with a final newline. The
// byte offsets of points are not part of it.
func (r *Report) Encode(w io.Writer) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(toWire(r)); err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	_, err := w.Write(DefuseJSON(b.Bytes()))
	return err
}

// DefuseJSON rewrites a JSON text so that no string in it holds "##[", of which GitHub's runner makes a command wherever
// it stands in a line of the log, nor a character that acts on a terminal or hides: such ones become escapes. The value
// of the JSON stays the same.
func DefuseJSON(text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte("##["), []byte(`#\u0023[`))
	out := make([]byte, 0, len(text))
	done := 0
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if r > '~' && !Shows(r) { // below are the encoder's own escapes, and the line ends between values
			out = append(out, text[done:at]...)
			for _, unit := range utf16.AppendRune(nil, r) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
			done = at + size
		}
		at += size
	}
	return append(out, text[done:]...)
}

// Shows reports whether a character does nothing but show itself: it neither controls a terminal nor turns the text
// around, and it is not invisible.
func Shows(r rune) bool {
	return unicode.IsPrint(r) && (r < unicode.MaxASCII || !unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector))
}

// Decode reads a JSON report, version 1. It is strict, since the report may come from a job that ran a stranger's code:
// unknown fields, impossible places, unclean paths, more than 64 MiB, and a "pass" that the findings contradict are
// errors.
func Decode(r io.Reader) (*Report, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxReport+1))
	if err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	if len(data) > maxReport {
		return nil, fmt.Errorf("read report: larger than %d MiB", maxReport>>20)
	}
	var head struct{ Version int }
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	if head.Version != Version {
		return nil, fmt.Errorf("read report: version %d is not %d; use the release of plimsoll that wrote it", head.Version, Version)
	}
	var wire wireReport
	if err := strict(data).Decode(&wire); err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	if err := wire.check(); err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	return wire.report(), nil
}

func strict(data []byte) *json.Decoder {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	return dec
}

// list is an array that is read item by item, each checked before the next, so that a hostile text is refused before
// it fills the memory. Null is not a list.
type list[T checker] []T

type checker interface{ check() error }

func (l *list[T]) UnmarshalJSON(data []byte) error {
	dec := strict(data)
	if open, err := dec.Token(); err != nil || open != json.Delim('[') {
		return errors.New("an array is expected")
	}
	*l = list[T]{}
	for dec.More() {
		var item T
		err := dec.Decode(&item)
		if err == nil {
			err = item.check()
		}
		if err != nil {
			return fmt.Errorf("item %d: %w", len(*l), err)
		}
		*l = append(*l, item)
	}
	return nil
}

func listOf[T checker, S any](items []S, convert func(S) T) list[T] {
	out := make(list[T], len(items))
	for i, item := range items {
		out[i] = convert(item)
	}
	return out
}

// itemsOf is the way back; an empty list becomes a nil slice.
func itemsOf[T checker, S any](l list[T], convert func(T) S) []S {
	var out []S
	for _, item := range l {
		out = append(out, convert(item))
	}
	return out
}

func (w wireReport) check() error {
	switch {
	case w.Findings == nil || w.NotEvaluated == nil || w.Rules == nil:
		return errors.New("findings, notEvaluated and rules are required")
	case w.Verdict != Pass && w.Verdict != Fail:
		return fmt.Errorf("unknown verdict %q: pass or fail is expected", w.Verdict)
	case w.FailOn != nil && severityNames[*w.FailOn] == "":
		return errors.New("failOn is no severity")
	case w.Change != nil && (w.Change.Number < 1 || w.Change.Number > math.MaxInt32 || !commitForm.MatchString(w.Change.Head)):
		return errors.New("change is no pull request with a full commit")
	}
	for i, f := range w.Findings {
		if w.Verdict == Pass && w.FailOn != nil && f.Suppressed == nil && f.Severity >= *w.FailOn {
			return fmt.Errorf("verdict is pass, but finding %d is at or above %s", i, w.FailOn)
		}
	}
	return nil
}

// commitForm is a commit's full hash.
var commitForm = regexp.MustCompile(`^(?:[0-9a-f]{40}|[0-9a-f]{64})$`)

func (w wireFinding) check() error {
	switch {
	case w.Rule == "":
		return errors.New("rule is required")
	case severityNames[w.Severity] == "":
		return errors.New("severity is required")
	case !w.Confidence.known():
		return fmt.Errorf("unknown confidence %q", w.Confidence)
	case w.Origin != nil && w.Origin.Root != "" && !cleanPath(w.Origin.Root):
		return fmt.Errorf("origin: root %q is not a clean relative path", w.Origin.Root)
	}
	if s := w.Suppressed; s != nil {
		if !s.By.known() {
			return fmt.Errorf("unknown suppression by %q", s.By)
		}
		if s.Location != nil {
			if err := s.Location.check(); err != nil {
				return err
			}
		}
	}
	return w.Location.check()
}

func (w wireLocation) check() error {
	switch {
	case !cleanPath(w.Path) || w.Path == ".":
		return fmt.Errorf("path %q is not a clean relative path", w.Path)
	case w.StartLine < 1 || w.StartColumn < 1 || w.EndLine < w.StartLine || w.EndColumn < 1,
		w.EndLine == w.StartLine && w.EndColumn < w.StartColumn,
		w.EndLine > math.MaxInt32 || w.StartColumn > math.MaxInt32 || w.EndColumn > math.MaxInt32:
		return fmt.Errorf("%d:%d to %d:%d is no place in a file", w.StartLine, w.StartColumn, w.EndLine, w.EndColumn)
	}
	return nil
}

func (w wireNote) check() error { return w.Location.check() }
func (w wireEdit) check() error { return w.Location.check() }

func (w wireMiss) check() error {
	if !cleanPath(w.Path) {
		return fmt.Errorf("path %q is not a clean relative path", w.Path)
	}
	return nil
}

func (w wireRule) check() error {
	switch {
	case w.ID == "":
		return errors.New("id is required")
	case severityNames[w.Severity] == "":
		return fmt.Errorf("rule %q: severity is required", w.ID)
	case !w.Confidence.known():
		return fmt.Errorf("rule %q: unknown confidence %q", w.ID, w.Confidence)
	}
	return nil
}

func (c Confidence) known() bool {
	return c == ConfidenceHigh || c == ConfidenceMedium || c == ConfidenceLow
}

func (b SuppressedBy) known() bool {
	return b == ByInline || b == ByConfig || b == ByBaseline || b == ByPersona || b == ByScope
}

// cleanPath reports whether the path stays in the repository and is written in the one way that Plimsoll writes it.
func cleanPath(path string) bool { return fs.ValidPath(path) && !strings.Contains(path, "\x00") }

func wireLocationOf(l source.Location) wireLocation {
	start, end := l.Span.Start, l.Span.End
	return wireLocation{l.Path, start.Line, start.Column, end.Line, end.Column, l.Span.Exact}
}

func (w wireLocation) location() source.Location {
	return source.Location{Path: w.Path, Span: source.Span{
		Start: source.Point{Line: w.StartLine, Column: w.StartColumn},
		End:   source.Point{Line: w.EndLine, Column: w.EndColumn},
		Exact: w.Exact,
	}}
}
