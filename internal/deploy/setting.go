package deploy

import (
	"fmt"
	"strconv"
	"strings"

	"helm.sh/helm/v3/pkg/strvals"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// maxParameters bounds a list of parameters. People write a few dozen at most.
const maxParameters = 1_000

// setting is one --set, --set-string or --set-file.
type setting struct {
	key      string
	text     string // as --set takes it: commas escaped, but in a list
	literal  bool
	verbatim bool        // the text is the value, and no syntax of --set
	at       source.Path // of the value in the document
}

// settings reads the parameters of a layer, in the order in which Helm applies them: those with types before those
// that stay texts.
func (l Layer) settings(data []byte) ([]setting, error) {
	if l.Form == Contents {
		return []setting{{key: l.Key, text: string(data), verbatim: true}}, nil
	}
	if len(l.At) == 0 {
		return []setting{l.single(string(data))}, nil
	}
	doc, err := l.document(data)
	if err != nil {
		return nil, err
	}
	value, _ := l.At.Get(doc.Value)
	if l.Form == Parameter {
		if list, isList := value.([]any); isList {
			return []setting{{key: l.Key, text: l.settingText(list), literal: l.Literal, at: l.At}}, nil
		}
		return []setting{l.single(scalarText(value))}, nil
	}
	list, _ := value.([]any)
	if len(list) > maxParameters {
		return nil, fmt.Errorf("%s has more than %d parameters", l.At, maxParameters)
	}
	var typed, literal []setting
	for i, item := range list {
		s, ok := l.entry(item, l.At.Append(i))
		switch {
		case !ok:
		case s.literal:
			literal = append(literal, s)
		default:
			typed = append(typed, s)
		}
	}
	return append(typed, literal...), nil
}

// single is the setting of a Parameter. In quotes it is a text, as Flux has it.
func (l Layer) single(text string) setting {
	s := setting{key: l.Key, text: l.fill(text), literal: l.Literal, at: l.At}
	for _, quote := range []string{"'", `"`} {
		if len(s.text) > 1 && strings.HasPrefix(s.text, quote) && strings.HasSuffix(s.text, quote) {
			s.text, s.literal = strings.Trim(s.text, `'"`), true
		}
	}
	s.text = escape(s.text)
	return s
}

// entry reads one of a list of parameters; it is false for one that has no value here, such as one with a file.
func (l Layer) entry(item any, at source.Path) (setting, bool) {
	m, _ := item.(map[string]any)
	name, _ := m["name"].(string)
	force, _ := m["forceString"].(bool)
	if !force { // as Argo CD's image updater writes it
		force, _ = m["forcestring"].(bool)
	}
	for _, key := range []string{"value", "values"} {
		if value, ok := m[key]; ok && name != "" {
			return setting{key: l.fill(name), text: l.settingText(value), literal: l.Literal || force, at: at.Append(key)}, true
		}
	}
	return setting{}, false
}

// settingText writes a scalar, or a list of scalars, as --set takes it.
func (l Layer) settingText(value any) string {
	list, ok := value.([]any)
	if !ok {
		return escape(l.fill(scalarText(value)))
	}
	texts := make([]string, len(list))
	for i, item := range list {
		texts[i] = escape(l.fill(scalarText(item)))
	}
	return "{" + strings.Join(texts, ",") + "}"
}

func scalarText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// escape keeps commas part of a value: without a backslash they would begin the next setting. In braces they part the
// items of a list, as Argo CD has it too.
func escape(text string) string {
	if strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}") {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		if text[i] == ',' && (i == 0 || text[i-1] != '\\') {
			b.WriteByte('\\')
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// into applies the setting with Helm's own parser.
func (s setting) into(values map[string]any, tag func(source.Path) string) error {
	at, ok := keyPath(s.key)
	if !ok {
		return fmt.Errorf("the parameter's name %q is no path to a value", s.key)
	}
	line := s.key + "=" + s.text
	var err error
	switch {
	case tag != nil:
		err = strvals.ParseIntoFile(s.key+"="+s.outline(), values, s.tags(at, tag))
	case s.verbatim:
		err = strvals.ParseIntoFile(s.key+"=x", values, func([]rune) (any, error) { return s.text, nil })
	case s.literal:
		err = strvals.ParseIntoString(line, values)
	default:
		err = strvals.ParseInto(line, values)
	}
	if err != nil {
		return fmt.Errorf("the parameter %s cannot be set: %w", s.key, err)
	}
	return nil
}

// outline is a text that sets what the setting's text sets, as far as its shape goes.
func (s setting) outline() string {
	if s.text == "" || s.verbatim {
		return "x"
	}
	return s.text
}

// tags gives a value's tag for its text; the items of a list come one by one.
func (s setting) tags(at source.Path, tag func(source.Path) string) strvals.RunesValueReader {
	item := 0
	return func(text []rune) (any, error) {
		if !s.literal && strings.EqualFold(string(text), "null") {
			return nil, nil //nolint:nilnil // the value is null
		}
		if !s.verbatim && strings.HasPrefix(s.text, "{") {
			item++
			return tag(at.Append(item - 1)), nil
		}
		return tag(at), nil
	}
}

// keyPath is the path that a key of --set means. It is false for a key that holds more than a path.
func keyPath(key string) (source.Path, bool) {
	var path source.Path
	name, named := "", false // named: a name has begun, so that an empty one counts
	for i := 0; i < len(key); i++ {
		switch c := key[i]; c {
		case '\\':
			if i++; i == len(key) {
				return nil, false
			}
			name, named = name+key[i:i+1], true
		case '.':
			if named {
				path = append(path, name)
			}
			name, named = "", false
		case '[':
			if named {
				path = append(path, name)
			}
			end := strings.IndexByte(key[i:], ']')
			if end < 0 {
				return nil, false
			}
			index, err := strconv.Atoi(key[i+1 : i+end])
			if err != nil || index < 0 {
				return nil, false
			}
			path = append(path, index)
			name, named = "", false
			i += end
		case ',', '=':
			return nil, false
		default:
			name, named = name+key[i:i+1], true
		}
	}
	if named {
		path = append(path, name)
	}
	return path, len(path) > 0
}
