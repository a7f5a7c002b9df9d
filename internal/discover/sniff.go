package discover

import (
	"bytes"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

var bom = []byte("\xef\xbb\xbf")

// yamlKind tells a Kubernetes manifest and a Compose file among all YAML.
func yamlKind(data []byte) source.Kind {
	data = bytes.TrimPrefix(data, bom)
	switch {
	case isManifest(data):
		return source.Manifest
	case isCompose(data):
		return source.Compose
	}
	return ""
}

// jsonKind tells a manifest among all JSON: both keys at the top of one value.
func jsonKind(data []byte) source.Kind {
	data = bytes.TrimPrefix(data, bom)
	if hasManifestWords(data) && flowHasKeys(data) {
		return source.Manifest
	}
	return ""
}

func hasManifestWords(data []byte) bool {
	return bytes.Contains(data, []byte("apiVersion")) && bytes.Contains(data, []byte("kind"))
}

// isManifest reports whether one of the documents has apiVersion and kind at its top.
func isManifest(data []byte) bool {
	if !hasManifestWords(data) {
		return false
	}
	s := scanner{rest: data}
	var apiVersion, kind bool
	for s.next() {
		if s.first {
			apiVersion, kind = false, false
			if isFlow(s.line) { // the words are there somewhere; the parser will see
				return true
			}
		}
		if s.indent == s.base {
			apiVersion = apiVersion || string(s.key) == "apiVersion"
			kind = kind || string(s.key) == "kind"
		}
		if apiVersion && kind {
			return true
		}
	}
	return false
}

// isFlow reports whether a document begins like JSON, and not with the braces of a template engine.
func isFlow(line []byte) bool {
	return bytes.HasPrefix(line, []byte("{")) && !bytes.HasPrefix(line, []byte("{{")) && !bytes.HasPrefix(line, []byte("{%"))
}

// isTemplate reports whether a line begins with the braces of a template: no map at the top of YAML goes on like that.
func isTemplate(data []byte) bool {
	return bytes.HasPrefix(data, []byte("{{")) || bytes.Contains(data, []byte("\n{{"))
}

// isCompose reports whether there is a map of services of which one names its image or how to build it.
func isCompose(data []byte) bool {
	if !bytes.Contains(data, []byte("services")) {
		return false
	}
	s := scanner{rest: data}
	inside, service := false, -1
	for s.next() {
		switch {
		case s.key != nil && s.indent == s.base:
			inside, service = string(s.key) == "services", -1
		case !inside || s.key == nil:
		case service < 0:
			service = s.indent
		case s.indent > service:
			if key := string(s.key); key == "image" || key == "build" {
				return true
			}
		}
	}
	return false
}

func isChart(data []byte) bool { return hasKeys(data, "apiVersion", "name") }

func isAction(data []byte) bool { return hasKeys(data, "runs") }

// kustomizationOrManifest knows Flux's objects from kustomize's files, which share a name.
func kustomizationOrManifest(data []byte) source.Kind {
	if bytes.Contains(data, []byte("kustomize.toolkit.fluxcd.io/")) && isManifest(data) && !hasKeys(data, "resources") {
		return source.Manifest
	}
	return source.Kustomization
}

func composeOrManifest(data []byte) source.Kind {
	if isManifest(data) {
		return source.Manifest
	}
	return source.Compose
}

// isDockerfile reports whether the first instruction is one with which a Dockerfile begins.
func isDockerfile(data []byte) bool {
	for line := range bytes.Lines(bytes.TrimPrefix(data, bom)) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		word := strings.ToUpper(string(bytes.Fields(line)[0]))
		return word == "FROM" || word == "ARG"
	}
	return false
}

// hasKeys reports whether all keys stand at the top of one YAML document.
func hasKeys(data []byte, keys ...string) bool {
	s := scanner{rest: bytes.TrimPrefix(data, bom)}
	found := map[string]bool{}
	for s.next() {
		if s.first && isFlow(s.line) {
			return true // the parser will see
		}
		if s.first {
			clear(found)
		}
		if s.indent == s.base {
			found[string(s.key)] = true
		}
		all := true
		for _, key := range keys {
			all = all && found[key]
		}
		if all {
			return true
		}
	}
	return false
}

// scanner goes through the lines of YAML text that hold anything, without parsing it.
type scanner struct {
	rest   []byte
	line   []byte // without indentation
	key    []byte // the key that the line begins with, or nil
	indent int    // of this line
	base   int    // indentation of the document's top
	first  bool   // the line is the first of its document
	inDoc  bool
}

func (s *scanner) next() bool {
	for len(s.rest) > 0 {
		line := s.cutLine()
		if rest, found := bytes.CutPrefix(line, []byte("---")); found && (len(rest) == 0 || rest[0] == ' ') {
			s.inDoc = false
			line = rest
		}
		body := bytes.TrimLeft(line, " ")
		s.indent = len(line) - len(body)
		if len(bytes.TrimSpace(body)) == 0 || body[0] == '#' || !s.inDoc && body[0] == '%' {
			continue
		}
		s.line, s.key, s.first = body, keyOf(body), !s.inDoc
		if s.first {
			s.inDoc, s.base = true, s.indent
		}
		return true
	}
	return false
}

// cutLine takes the next line. YAML, unlike git, also ends a line at a lone carriage return.
func (s *scanner) cutLine() []byte {
	line, rest, _ := bytes.Cut(s.rest, []byte{'\n'})
	if i := bytes.IndexByte(line, '\r'); i >= 0 && i < len(line)-1 {
		s.rest = s.rest[i+1:]
		return line[:i]
	}
	s.rest = rest
	return bytes.TrimSuffix(line, []byte{'\r'})
}

// keyOf is the plain or quoted key with which a line begins.
func keyOf(line []byte) []byte {
	key, rest, found := bytes.Cut(line, []byte{':'})
	if !found || len(rest) > 0 && rest[0] != ' ' && rest[0] != '\t' {
		return nil
	}
	key = bytes.TrimRight(key, " ")
	if n := len(key); n >= 2 && (key[0] == '"' || key[0] == '\'') && key[n-1] == key[0] {
		key = key[1 : n-1]
	}
	return key
}

// flowHasKeys reports whether a value of a JSON text has both apiVersion and kind at its top. Broken JSON is followed as
// far as it can be.
func flowHasKeys(data []byte) bool {
	var apiVersion, kind bool
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '{', '[':
			if depth++; depth == 1 {
				apiVersion, kind = false, false
			}
		case '}', ']':
			depth--
		case '"':
			end := stringEnd(data, i+1)
			text := data[i+1 : min(end, len(data))]
			if depth == 1 && isKey(data, end+1) {
				apiVersion = apiVersion || string(text) == "apiVersion"
				kind = kind || string(text) == "kind"
			}
			i = end
		}
		if apiVersion && kind {
			return true
		}
	}
	return false
}

// stringEnd is the offset of the quote that ends the JSON string whose text begins at start.
func stringEnd(data []byte, start int) int {
	for i := start; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(data)
}

// isKey reports whether a colon follows.
func isKey(data []byte, at int) bool {
	if at > len(data) {
		return false
	}
	return bytes.HasPrefix(bytes.TrimLeft(data[at:], " \t\r\n"), []byte{':'})
}
