package render

import (
	"bytes"
	"encoding/base64"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/resid"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// generatorField is the field of a kustomization that makes objects of a kind.
func generatorField(kind string) string {
	if kind == "" {
		return ""
	}
	return strings.ToLower(kind[:1]) + kind[1:] + "Generator"
}

// generated asks for a generator that makes the value: the entry of a ConfigMap or Secret, or the object's name.
func (q question) generated(k *kustomization) (source.Trace, bool) {
	name := generatorField(field(q.built.Value, "kind"))
	for i, item := range slices.Backward(items(k.value[name])) {
		called := wordOf(item["name"])
		if called == "" || !q.made(called) {
			continue
		}
		at := source.Path{name, i}
		switch {
		case len(q.path) == 2 && (q.path[0] == "data" || q.path[0] == "binaryData"):
			key, _ := q.path[1].(string)
			if trace, ok := q.datum(k, item, at, key); ok {
				return trace, true
			}
		case q.path.String() == "metadata.name":
			before, after, ok := strings.Cut(q.said, called)
			if trace := q.from(k.place(at.Append("name"), q.text), "the generator gives the name here"); ok {
				return q.affixed(trace, before, after), true
			}
		case len(q.path) == 1 && q.path[0] == "type" && same(item["type"], q.value):
			return q.from(k.place(at.Append("type"), q.text), "the generator sets it here"), true
		}
		if trace, ok := q.option(k, item, at); ok {
			return trace, true
		}
	}
	return source.Trace{}, false
}

// made reports whether the object is one that a generator of that name makes.
func (q question) made(name string) bool {
	return slices.ContainsFunc(q.ids, func(id resid.ResId) bool { return id.Name == name })
}

func (q question) from(at source.Location, message string) source.Trace {
	return source.Trace{Location: at, Steps: []source.Step{{Note: source.Note{Message: message, Location: at}, Cause: true}}}
}

// option asks the options of a generator for a label or annotation, or for whether the object may change.
func (q question) option(k *kustomization, item map[string]any, at source.Path) (source.Trace, bool) {
	if len(q.path) == 0 {
		return source.Trace{}, false
	}
	own, _ := item["options"].(map[string]any)
	all, _ := k.value["generatorOptions"].(map[string]any)
	for _, options := range []struct {
		value map[string]any
		at    source.Path
	}{{own, at.Append("options")}, {all, source.Path{"generatorOptions"}}} {
		rest := q.path
		if rest[0] == "metadata" {
			rest = rest[1:]
		}
		if value, ok := rest.Get(options.value); ok && len(rest) > 0 && same(value, q.value) {
			return q.from(k.place(options.at.Append(rest...), q.text), "the generator's options set it here"), true
		}
	}
	return source.Trace{}, false
}

// datum asks one generator for one entry of its object.
func (q question) datum(k *kustomization, item map[string]any, at source.Path, key string) (source.Trace, bool) {
	for i, literal := range texts(item["literals"]) {
		left, right, _ := strings.Cut(literal, "=")
		if left != key || !q.encodes([]byte(unquoted(right))) {
			continue
		}
		return q.from(k.literal(at.Append("literals", i), left, right, q.text), "the generator's literal gives it here"), true
	}
	for i, named := range texts(item["files"]) {
		left, file, ok := strings.Cut(named, "=")
		if !ok {
			left, file = path.Base(named), named
		}
		if left == key {
			return q.contents(k, at.Append("files", i), path.Join(k.dir(), file)), true
		}
	}
	envs := texts(item["envs"])
	for i, file := range append(envs, wordOf(item["env"])) {
		entry := at.Append("envs", i)
		if i == len(envs) {
			entry = at.Append("env")
		}
		if file == "" {
			continue
		}
		if trace, ok := q.envLine(k, entry, path.Join(k.dir(), file), key); ok {
			return trace, true
		}
	}
	return source.Trace{}, false
}

// literal is the place of the value of a literal key=value, or of a text in it.
func (k *kustomization) literal(at source.Path, key, value, text string) source.Location {
	whole := k.place(at, key+"="+value)
	if whole.Span.End.Offset-whole.Span.Start.Offset != len(key)+1+len(value) {
		return whole // written in another way than it reads
	}
	start := whole.Span.Start.Offset + len(key) + 1
	end := whole.Span.End.Offset
	if i := strings.Index(value, text); text != "" && i >= 0 {
		start, end = start+i, start+i+len(text)
	}
	whole.Span = source.NewText(k.file.Data).Span(start, end)
	return whole
}

// encodes reports whether the value is made of the bytes, as a text or as a Secret writes it.
func (q question) encodes(data []byte) bool {
	return q.said == string(data) || strings.ReplaceAll(q.said, "\n", "") == base64.StdEncoding.EncodeToString(data)
}

// unquoted is a literal's value without the quotes around it, which the library takes off.
func unquoted(value string) string {
	if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
		return value[1 : n-1]
	}
	return value
}

// contents is the file that an entry is, or the text in it.
func (q question) contents(k *kustomization, entry source.Path, name string) source.Trace {
	data := q.sources.files.get(name, "").Data
	at := source.FileStart(name)
	if q.encodes(data) {
		at.Span = source.NewText(data).Span(0, len(bytes.TrimRight(data, "\n")))
		if i := bytes.Index(data, []byte(q.text)); q.text != "" && i >= 0 {
			at.Span = source.NewText(data).Span(i, i+len(q.text))
		}
	}
	return source.Trace{Location: at, Steps: []source.Step{
		{Note: source.Note{Message: "the generator reads the file here", Location: k.place(entry, "")}},
		{Note: source.Note{Message: "the file is all of it", Location: at}, Cause: true},
	}}
}

// envLine is the line of an env file that gives an entry, the last one.
func (q question) envLine(k *kustomization, entry source.Path, name, key string) (source.Trace, bool) {
	text := source.NewText(q.sources.files.get(name, "").Data)
	for n := text.Lines(); n > 0; n-- {
		line := strings.TrimSpace(string(text.Line(n)))
		left, right, ok := strings.Cut(line, "=")
		if !ok || strings.HasPrefix(line, "#") || strings.TrimPrefix(left, "\ufeff") != key || !q.encodes([]byte(right)) {
			continue
		}
		at := text.LineSpan(n)
		start := at.End.Offset - len(right)
		at = text.Span(start, at.End.Offset)
		location := source.Location{Path: name, Span: at}
		return source.Trace{Location: location, Steps: []source.Step{
			{Note: source.Note{Message: "the generator reads the file here", Location: k.place(entry, "")}},
			{Note: source.Note{Message: "the line of the file gives it here", Location: location}, Cause: true},
		}}, true
	}
	return source.Trace{}, false
}
