package deploy

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"helm.sh/helm/v3/pkg/chartutil"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TableKey is the key under which Shadow tags a table: no YAML text that Helm reads can hold it.
const TableKey = "\x00table"

// Apply puts the layer over the values that lower layers gave, as Helm puts a -f or --set over those before it: tables
// are merged, anything else is replaced, a --set reaches into lists. Data is the text of the layer's file. The values
// given belong to the result and are changed; nil means none. Numbers are those of Helm's own reader, float64 in tables.
func (l Layer) Apply(values map[string]any, data []byte) (map[string]any, error) {
	return l.apply(values, data, nil)
}

// Shadow is Apply with a tag in place of every scalar, and one more in every table under TableKey, so that the layers'
// shadows, applied one over the other, tell which layer each part of the merged values comes from. Tag gets the path
// within the layer's values, which the layer's Locator takes. Null stays null and an empty list stays empty: Helm's
// further merging goes by what they are. Of a key that a parameter makes on its way there is no tag.
func (l Layer) Shadow(values map[string]any, data []byte, tag func(source.Path) string) (map[string]any, error) {
	return l.apply(values, data, tag)
}

// Merge puts the upper values over the lower ones, as Helm does with two -f. The lower ones are changed and returned;
// parts of the upper ones become parts of them.
func Merge(lower, upper map[string]any) map[string]any {
	if lower == nil {
		lower = map[string]any{}
	}
	for key, value := range upper {
		under, below := lower[key].(map[string]any)
		over, above := value.(map[string]any)
		if below && above {
			value = Merge(under, over)
		}
		lower[key] = value
	}
	return lower
}

func (l Layer) apply(values map[string]any, data []byte, tag func(source.Path) string) (map[string]any, error) {
	if values == nil {
		values = map[string]any{}
	}
	switch l.Form {
	case Map, Text:
		own, err := l.table(data)
		if err != nil {
			return nil, err
		}
		if tag != nil {
			own, _ = shadow(own, nil, tag).(map[string]any)
		}
		return Merge(values, own), nil
	default:
		settings, err := l.settings(data)
		if err != nil {
			return nil, err
		}
		for _, s := range settings {
			if err := s.into(values, tag); err != nil {
				return nil, err
			}
		}
		return values, nil
	}
}

// shadow copies a value with tags for its scalars and tables.
func shadow(value any, at source.Path, tag func(source.Path) string) any {
	switch v := value.(type) {
	case map[string]any:
		out := map[string]any{TableKey: tag(at)}
		for key, item := range v {
			out[key] = shadow(item, at.Append(key), tag)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = shadow(item, at.Append(i), tag)
		}
		return out
	case nil:
		return nil
	default:
		return tag(at)
	}
}

// table reads the values of a layer that is a table.
func (l Layer) table(data []byte) (map[string]any, error) {
	if len(l.At) == 0 && l.Doc == 0 {
		return readTable([]byte(l.fill(string(data))))
	}
	doc, err := l.document(data)
	if err != nil {
		return nil, err
	}
	value, _ := l.At.Get(doc.Value)
	if l.Form == Text && isTerraform(l.File) {
		table, err := l.written(doc)
		return withoutExpressions(table), err
	}
	if l.Form == Text {
		text, ok := value.(string)
		if !ok && value != nil {
			return nil, fmt.Errorf("%s is not a text that holds YAML", l.At)
		}
		return readTable([]byte(l.fill(text)))
	}
	if _, ok := value.(map[string]any); !ok && value != nil {
		return nil, fmt.Errorf("%s is not a map", l.At)
	}
	return plainTable(l.fillAll(value))
}

// readTable reads a values file as Helm does. Helm's reader panics on some texts.
func readTable(data []byte) (values map[string]any, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML reader gave up: %v", r)
		}
	}()
	return chartutil.ReadValues(data)
}

// plainTable gives a document's value the types that Helm's reader gives.
func plainTable(value any) (map[string]any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	err = json.Unmarshal(text, &out)
	return out, err
}

var errNoDocument = errors.New("the document that holds the values cannot be read")

func (l Layer) document(data []byte) (*source.Document, error) {
	var a actions
	if l.Template {
		a, _ = readActions(data)
		data = a.plain
	}
	docs := documentsOf(&source.File{Path: l.File, Kind: source.Manifest, Data: data}, source.Manifest)
	if l.Doc >= len(docs) {
		return nil, errNoDocument
	}
	if l.Template {
		docs[l.Doc].Value = a.restored(docs[l.Doc].Value)
	}
	return docs[l.Doc], nil
}

// fill puts the layer's fillings in the place of their placeholders.
func (l Layer) fill(text string) string {
	if len(l.Fill) == 0 {
		return text
	}
	pairs := make([]string, 0, 2*len(l.Fill))
	for _, f := range l.Fill {
		pairs = append(pairs, f.Placeholder, f.Text)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// fillAll fills every text of a value, and no key: Find passes over those that have placeholders.
func (l Layer) fillAll(value any) any {
	if len(l.Fill) == 0 {
		return value
	}
	return retold(value, func(text string) any { return l.fill(text) })
}

// retold copies a value with what is told of each text in its place; keys stay.
func retold(value any, tell func(string) any) any {
	switch v := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, item := range v {
			out[key] = retold(item, tell)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = retold(item, tell)
		}
		return out
	case string:
		return tell(v)
	}
	return value
}
