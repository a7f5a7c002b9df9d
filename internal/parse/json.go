package parse

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// jsonEscape finds the escapes of JSON that the YAML library refuses: a slash, and half a UTF-16 pair.
var jsonEscape = regexp.MustCompile(`\\(?:\\|/|u[dD][89a-fA-F][0-9a-fA-F]{2})`)

// json reads a JSON text that is not YAML because of its escapes. The positions are those of a copy in which the escapes
// are covered, the values those of the text itself.
func (s *stream) json(text []byte, first int) {
	covered := jsonEscape.ReplaceAllFunc(text, func(escape []byte) []byte {
		return bytes.Repeat([]byte{'x'}, len(escape))
	})
	root, err := decode(yaml.NewDecoder(bytes.NewReader(covered)))
	if err != nil {
		s.fail(s.syntaxError(err, covered, first), text)
		return
	}
	if before := len(s.docs); s.document(root, text, first) && len(s.docs) > before {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		var value any
		if err := decoder.Decode(&value); err != nil {
			s.fail(s.syntaxError(err, covered, first), text)
			return
		}
		s.docs[before].Value = PlainNumbers(value)
	}
}

// PlainNumbers replaces each json.Number of a decoded value, in place, by the int or float64 that source.Document.Value holds.
func PlainNumbers(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			v[key] = PlainNumbers(item)
		}
	case []any:
		for i, item := range v {
			v[i] = PlainNumbers(item)
		}
	case json.Number:
		if i, err := strconv.Atoi(v.String()); err == nil {
			return i
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
		return v.String()
	}
	return value
}
