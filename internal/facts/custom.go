package facts

import (
	"bytes"
	"path"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/kube"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Bounds on what is read of a repository to know the kinds that it defines.
const (
	maxDefinitionFiles = 2000
	maxDefinitionBytes = 64 << 20 // of the texts with a definition, together
)

// customs finds the CustomResourceDefinitions among the files of a repository, those of one kind when they are first asked
// for. A text past the bounds defines nothing. It may be used at the same time.
type customs struct {
	texts func() []definingText
	known sync.Map // groupKind to func() []*kube.Definition
}

type groupKind struct{ group, kind string }

// definingText is the text of one document that looks like a definition.
type definingText struct {
	file string
	data []byte
}

func customsOf(files *source.Repository) *customs {
	return &customs{texts: sync.OnceValue(func() []definingText { return definingTexts(files) })}
}

const definitionKind = "CustomResourceDefinition"

func definingTexts(files *source.Repository) []definingText {
	if files == nil {
		return nil
	}
	var found []definingText
	seen, read, size := map[string]bool{}, 0, 0
	for _, name := range files.Paths {
		switch path.Ext(name) {
		case ".yaml", ".yml", ".json":
		default:
			continue
		}
		text := files.Read(name)
		if !bytes.Contains(text, []byte(definitionKind)) {
			continue
		}
		if read++; read > maxDefinitionFiles {
			break
		}
		for doc := range bytes.SplitSeq(text, []byte("\n---")) {
			if !bytes.Contains(doc, []byte(definitionKind)) || seen[string(doc)] {
				continue
			}
			if size += len(doc); size > maxDefinitionBytes {
				return found
			}
			seen[string(doc)] = true
			found = append(found, definingText{name, doc})
		}
	}
	return found
}

// of gives the definitions of a kind, in the order of their files.
func (c *customs) of(group, kind string) []*kube.Definition {
	read, _ := c.known.LoadOrStore(groupKind{group, kind}, sync.OnceValue(func() []*kube.Definition { return c.read(group, kind) }))
	return read.(func() []*kube.Definition)()
}

func (c *customs) read(group, kind string) []*kube.Definition {
	var found []*kube.Definition
	for _, text := range c.texts() {
		if !bytes.Contains(text.data, []byte(group)) || !bytes.Contains(text.data, []byte(kind)) {
			continue
		}
		d := kube.DefinitionOf(plainYAML(text.data), text.file)
		if d != nil && d.Group == group && d.Kind == kind {
			found = append(found, d)
		}
	}
	return found
}

// plainYAML reads a document; nil where it is none. Of a chart's template the lines with actions are left out: a definition
// is seldom more of a template than that, and where both ways of a condition stay, the objects of both are taken.
func plainYAML(data []byte) any {
	var value any
	if yaml.Unmarshal(data, &value) == nil || !bytes.Contains(data, []byte("{{")) {
		return value
	}
	var plain []byte
	for line := range bytes.Lines(data) {
		if !bytes.Contains(line, []byte("{{")) {
			plain = append(plain, line...)
		}
	}
	value = nil
	if yaml.Unmarshal(plain, &value) != nil {
		return nil
	}
	return value
}

// misfits are what the definitions of an object's kind do not take of it: those in the files of the repository, and those that
// are rendered together with it.
func (c *customs) misfits(object *kube.Facts, doc *source.Document, rendered []*kube.Definition) []kube.Misfit {
	return object.Custom(doc, slices.Concat(c.of(object.Group, object.Kind), rendered))
}

// renderedDefinitions reads the definitions among rendered documents; others are found where they stand.
func renderedDefinitions(docs []*source.Document) []*kube.Definition {
	var found []*kube.Definition
	for _, doc := range docs {
		if doc.Origin == nil || doc.Object.Kind != definitionKind {
			continue
		}
		if d := kube.DefinitionOf(doc.Value, doc.File.Path); d != nil {
			found = append(found, d)
		}
	}
	return found
}
