package parse

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// maxSearch is the size of the largest document that is read again to find the line of its error.
const maxSearch = 256 << 10

var yamlErrorLine = regexp.MustCompile(`^line (\d+): `)

// syntaxError places an error of the YAML library, which names the start of the construct that it was reading, one line
// too early or not at all. Text is the part of the file that was read, first its 1-based line.
func (s *stream) syntaxError(err error, text []byte, first int) *source.SyntaxError {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if m := yamlErrorLine.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
	}
	if !namesItsStart(message) && len(text) <= maxSearch {
		line = errorLine(text, err.Error(), line)
	}
	offset := s.yaml.LineOffset(first + line - 1)
	at := s.yaml.Text().Point(min(offset, max(0, len(s.yaml.Text().Data)-1)))
	return &source.SyntaxError{Message: message, Span: s.yaml.Text().LineSpan(at.Line)}
}

// namesItsStart tells the errors for which the start of the construct is the place to look at: quotes never closed.
func namesItsStart(message string) bool {
	return strings.HasPrefix(message, "found unexpected end of stream") ||
		strings.HasPrefix(message, "found unexpected document indicator")
}

// errorLine is the first line of the text after which reading it gives that same error, from the given line on.
func errorLine(text []byte, message string, from int) int {
	ends := lineEnds(text)
	fails := func(lines int) bool {
		_, err := decode(yaml.NewDecoder(bytes.NewReader(text[:ends[lines-1]])))
		return err != nil && err.Error() == message
	}
	from = max(1, min(from, len(ends)))
	low, step := from-1, 1 // low: the last line known not to fail
	for low+step < len(ends) && !fails(low+step) {
		low += step
		step *= 2
	}
	high := min(low+step, len(ends))
	for low+1 < high {
		if mid := (low + high) / 2; fails(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}

func lineEnds(text []byte) []int {
	var ends []int
	for i, c := range text {
		if c == '\n' {
			ends = append(ends, i+1)
		}
	}
	if len(ends) == 0 || ends[len(ends)-1] < len(text) {
		ends = append(ends, len(text))
	}
	return ends
}
