package discover

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// yamlKind tells a Kubernetes manifest and a Compose file among all YAML.
func yamlKind(t *text) source.Kind {
	switch {
	case isManifest(t):
		return source.Manifest
	case isCompose(t):
		return source.Compose
	}
	return ""
}

// jsonKind tells a manifest among all JSON: both keys at the top of one value.
func jsonKind(t *text) source.Kind {
	if t.mayHave(manifestWords...) && flowHasKeys(t.bytes()) {
		return source.Manifest
	}
	return ""
}

// manifestWords stand in every manifest.
var manifestWords = []string{"apiVersion", "kind"}

// isManifest reports whether one of the documents has apiVersion and kind at its top.
func isManifest(t *text) bool {
	if !t.mayHave(manifestWords...) {
		return false
	}
	s := t.lines()
	var apiVersion, kind bool
	for s.next() {
		if s.first {
			apiVersion, kind = false, false
			if isFlow(s.line) && (t.has("apiVersion") && t.has("kind") || flowHasKeys(t.bytes())) { // the parser will see
				return true
			}
		}
		if s.indent == s.base {
			if hidesKeys(s.line) {
				return true
			}
			apiVersion = apiVersion || string(s.key) == "apiVersion"
			kind = kind || string(s.key) == "kind"
		}
		if apiVersion && kind {
			return true
		}
	}
	return false
}

// deployWords stand in objects that deploy charts, with Argo CD or Flux, and in those that hold values for them.
var deployWords = []string{"argoproj.io/", "helm.toolkit.fluxcd.io/", "ConfigMap"}

// mayDeploy reports whether a text may hold an object that says how a chart is deployed.
func mayDeploy(t *text) bool { return slices.ContainsFunc(deployWords, t.has) }

// isFlow reports whether a document begins like JSON, and not with the braces of a template engine.
func isFlow(line []byte) bool {
	return bytes.HasPrefix(line, []byte("{")) && !bytes.HasPrefix(line, []byte("{{")) && !bytes.HasPrefix(line, []byte("{%"))
}

// isTemplate reports whether a line begins with the braces of a template: no map at the top of YAML goes on like that.
func isTemplate(t *text) bool {
	if !t.has("{{") {
		return false
	}
	for s := t.lines(); s.next(); {
		if s.indent == 0 && bytes.HasPrefix(s.line, []byte("{{")) {
			return true
		}
	}
	return false
}

// isCompose reports whether there is a map of services of which one names its image or how to build it.
func isCompose(t *text) bool {
	if !t.mayHave("services") {
		return false
	}
	s := t.lines()
	inside, service := false, -1
	for s.next() {
		top := s.indent == s.base
		if top && s.key != nil {
			inside, service = string(s.key) == "services", -1
		}
		if (top || inside) && hidesKeys(s.line) || inside && hidesService(s.line) {
			return t.mayHave("image") || t.mayHave("build")
		}
		switch {
		case top:
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

func isChart(t *text) bool { return hasKeys(t, "apiVersion", "name") }

func isAction(t *text) bool { return hasKeys(t, "runs") }

// kustomizationOrManifest knows Flux's objects from kustomize's files, which share a name.
func kustomizationOrManifest(t *text) source.Kind {
	if t.has("kustomize.toolkit.fluxcd.io/") && isManifest(t) && !hasKeys(t, "resources") {
		return source.Manifest
	}
	return source.Kustomization
}

func composeOrManifest(t *text) source.Kind {
	if isManifest(t) {
		return source.Manifest
	}
	return source.Compose
}

// isDockerfile reports whether the first instruction is one with which a Dockerfile begins.
func isDockerfile(t *text) bool {
	s := t.lines()
	if !s.next() {
		return false
	}
	word := strings.ToUpper(string(bytes.Fields(s.line)[0]))
	return word == "FROM" || word == "ARG"
}

// hasKeys reports whether all keys stand at the top of one YAML document.
func hasKeys(t *text, keys ...string) bool {
	s := t.lines()
	found := map[string]bool{}
	for s.next() {
		if s.first && isFlow(s.line) {
			return true // the parser will see
		}
		if s.first {
			clear(found)
		}
		if s.indent == s.base {
			if hidesKeys(s.line) && t.mayHave(keys...) {
				return true
			}
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

// maxLine is how much of a line, in bytes, a scanner sees at the least. Keys stand at the beginning.
const maxLine = 64 << 10

// scanner goes through the lines of YAML text that hold anything, without parsing it.
type scanner struct {
	rest   []byte
	more   io.Reader // where the text goes on after rest, or nil
	line   []byte    // without indentation; good until the next one
	key    []byte    // the key that the line begins with, or nil
	indent int       // of this line
	base   int       // indentation of the document's top
	first  bool      // the line is the first of its document
	inDoc  bool
}

func (s *scanner) next() bool {
	for s.fill(); len(s.rest) > 0; s.fill() {
		line := s.cutLine()
		if rest, found := bytes.CutPrefix(line, []byte("---")); found && (len(rest) == 0 || rest[0] == ' ') {
			s.inDoc = false
			line = rest
		}
		body := bytes.TrimLeft(line, " ")
		s.indent = len(line) - len(body)
		body = skipProperties(body)
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

// fill reads on until rest holds a whole line or as much of one as is looked at.
func (s *scanner) fill() {
	if s.more == nil || len(s.rest) >= maxLine {
		return
	}
	buffer := make([]byte, 4*maxLine)
	n := copy(buffer, s.rest)
	for n < len(buffer) && s.more != nil {
		read, err := s.more.Read(buffer[n:])
		n += read
		if err != nil { // the text remembers it
			s.more = nil
		}
	}
	s.rest = buffer[:n]
}

// cutLine takes the next line. Of one that goes on past what was read it gives the beginning, and drops the rest.
func (s *scanner) cutLine() []byte {
	end, next := lineEnd(s.rest)
	line := s.rest[:end]
	for next == len(s.rest) && end == next && s.more != nil {
		s.rest = s.rest[max(0, next-2):] // a line end may have been cut in two
		s.fill()
		end, next = lineEnd(s.rest)
	}
	s.rest = s.rest[next:]
	return line
}

// lineEnd is where the first line ends and where the next one begins. YAML, unlike Git, also ends a line at a lone
// carriage return and, by its version 1.1, which is what its readers go by, at three characters of Unicode.
func lineEnd(data []byte) (end, next int) {
	for i, b := range data {
		switch b {
		case '\n':
			return i, i + 1
		case '\r':
			return i, i + 1 // of \r\n, what remains is an empty line
		case 0xc2, 0xe2:
			for _, char := range []string{"\u0085", "\u2028", "\u2029"} {
				if bytes.HasPrefix(data[i:], []byte(char)) {
					return i, i + len(char)
				}
			}
		}
	}
	return len(data), len(data)
}

// skipProperties drops the tags and anchors in front of a value.
func skipProperties(line []byte) []byte {
	for len(line) > 0 && (line[0] == '!' || line[0] == '&') {
		_, rest, _ := bytes.Cut(line, []byte{' '})
		line = bytes.TrimLeft(rest, " ")
	}
	return line
}

// keyOf is the plain or quoted key with which a line begins, or which it is.
func keyOf(line []byte) []byte {
	if key, ownLine := bytes.CutPrefix(line, []byte("? ")); ownLine {
		return unquoted(bytes.TrimSpace(skipProperties(key)))
	}
	key, rest, found := bytes.Cut(line, []byte{':'})
	if !found || len(rest) > 0 && rest[0] != ' ' && rest[0] != '\t' {
		return nil
	}
	return unquoted(bytes.TrimRight(key, " "))
}

// flowHasKeys reports whether a value of a JSON text has both apiVersion and kind at its top. Broken JSON is followed as
// far as it can be.
func flowHasKeys(r io.ByteReader) bool {
	var apiVersion, kind bool
	depth := 0
	last := "" // the string just read, if it may turn out to be a key
	for {
		b, err := r.ReadByte()
		if err != nil {
			return false
		}
		switch b {
		case ' ', '\t', '\r', '\n':
			continue
		case '{', '[':
			if depth++; depth == 1 {
				apiVersion, kind = false, false
			}
		case '}', ']':
			depth = max(0, depth-1)
		case '"':
			last = shortString(r)
			continue
		case ':':
			if depth == 1 {
				apiVersion = apiVersion || last == "apiVersion"
				kind = kind || last == "kind"
			}
		}
		last = ""
		if apiVersion && kind {
			return true
		}
	}
}

// shortString reads a JSON string up to its closing quote, and gives its text if that is short enough to be of interest.
func shortString(r io.ByteReader) string {
	text := append(make([]byte, 0, 64), '"') // apiVersion, each letter an escape
	escaped := false
	for {
		b, err := r.ReadByte()
		if err != nil || b == '"' && !escaped {
			break
		}
		escaped = b == '\\' && !escaped
		if len(text) < cap(text) {
			text = append(text, b)
		}
	}
	return string(unquoted(append(text, '"')))
}
