package render

import (
	"bytes"
	"path"
	"strings"
	"unicode"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// inlinePatches gives each strategic merge patch that is written in a kustomization a file of its own, for its lines to
// be told. The library takes the text of a patch without the blanks around it.
func (s *scan) inlinePatches(k *kustomization, c *changes) {
	for i, item := range items(k.value["patches"]) {
		at := source.Path{"patches", i}
		text, ok := item["patch"].(string)
		if _, file := item["path"]; !ok || file || c.gone[at.String()] {
			continue
		}
		if name, ok := s.inlinePatch(k, at.Append("patch"), text); ok {
			other := map[string]any{"path": name}
			for key, value := range item {
				if key != "patch" {
					other[key] = value
				}
			}
			c.put[at.String()] = other
		}
	}
	for i, value := range texts(k.value["patchesStrategicMerge"]) {
		at := source.Path{"patchesStrategicMerge", i}
		if !c.gone[at.String()] && strings.ContainsAny(value, "\n{") {
			if name, ok := s.inlinePatch(k, at, value); ok {
				c.put[at.String()] = name
			}
		}
	}
}

// inlinePatch moves one patch, and reports whether it is one that can be.
func (s *scan) inlinePatch(k *kustomization, at source.Path, text string) (string, bool) {
	data := []byte(strings.TrimRightFunc(text, unicode.IsSpace))
	docs, errs := parse.YAML(&source.File{Path: k.file.Path, Data: data}, source.Manifest, source.YAML11)
	if len(errs) > 0 || len(docs) == 0 {
		return "", false
	}
	if formOf(docs) == list {
		s.loose = true
		return "", false
	}
	name := at.String()
	full := path.Join(k.dir(), name)
	_, _, err := s.tree.resolve(full)
	if first := bytes.TrimLeft(data, "\n"); err == nil || first[0] == ' ' || first[0] == '\t' || first[0] == '{' {
		return "", false
	}
	s.extra[full] = data
	s.moved = append(s.moved, movable{name: full, data: data, as: origin{File: k.file.Path, At: at, Patch: true}})
	return name, true
}
