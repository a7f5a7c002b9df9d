package shellcheck

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// masked is a script in which each ${{ … }}, which is no shell, is a word of the same length, after a line that says what the
// shell's flags do. So an offset in it, less that line, is one in the script.
type masked struct {
	text  string
	first int      // where the script begins in text
	holes [][2]int // the words, as offsets in the script
}

func mask(s workflow.PosixScript) masked {
	m := masked{first: len(s.Setup) + 1}
	script := []byte(s.Text)
	for _, e := range expression.Find(s.Text) {
		end := e.Offset + len(e.Text)
		copy(script[e.Offset:end], strings.Repeat("_", len(e.Text)))
		m.holes = append(m.holes, [2]int{e.Offset, end})
	}
	m.text = s.Setup + "\n" + string(script)
	return m
}

// offsets gives the part of the script that a remark is about; at least one character. Start is -1 for one that is about
// none of it.
func (m masked) offsets(r remark) (start, end int) {
	start, end = m.offset(r.Line, r.Column), m.offset(r.EndLine, r.EndColumn)
	if start < 0 || start >= len(m.text)-m.first {
		return -1, -1
	}
	_, size := utf8.DecodeRuneInString(m.text[m.first+start:])
	return start, max(end, start+size)
}

// offset is the place in the script of a line and a column in characters, both 1-based; -1 where it has no such place.
func (m masked) offset(line, column int) int {
	at := 0
	for ; line > 1; line-- {
		i := strings.IndexByte(m.text[at:], '\n')
		if i < 0 {
			return -1
		}
		at += i + 1
	}
	for ; column > 1 && at < len(m.text) && m.text[at] != '\n'; column-- {
		_, size := utf8.DecodeRuneInString(m.text[at:])
		at += size
	}
	return at - m.first
}

// unknowable are remarks about what a script takes from elsewhere, which is not seen from in it: variables of `env:` (2154,
// 2153), files that it sources (1090, 1091).
var unknowable = []int{1090, 1091, 2153, 2154}

// constant are remarks that a word is always the same, or a literal where a variable is meant. An expression is neither;
// that a word is one is all that makes them.
var constant = []int{2043, 2050, 2055, 2078, 2086, 2152, 2157, 2170, 2193, 2194, 2195, 2221, 2222, 2242, 2309}

// isFalse reports whether a remark about a part of the script only comes of what is not seen, or of the masking. Remarks
// about a comparison stand at its operator, so that an expression anywhere on their lines may be its cause.
func (m masked) isFalse(code, start, end int) bool {
	if slices.Contains(unknowable, code) {
		return true
	}
	if !slices.Contains(constant, code) {
		return false
	}
	script := m.text[m.first:]
	first := strings.LastIndexByte(script[:start], '\n') + 1
	last := len(script)
	if i := strings.IndexByte(script[min(end, len(script)):], '\n'); i >= 0 {
		last = end + i
	}
	return slices.ContainsFunc(m.holes, func(hole [2]int) bool { return first <= hole[0] && hole[1] <= last })
}
