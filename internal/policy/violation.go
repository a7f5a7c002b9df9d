package policy

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/plimsoll-dev/plimsoll/internal/fix"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// relate reads the other places of a violation: [{msg, path, text, key, file, doc}].
func (v *Violation) relate(value any) error {
	list, _ := value.([]any)
	for _, element := range list {
		m, _ := element.(map[string]any)
		p, err := pathOf(m["path"])
		if err != nil {
			return fmt.Errorf("rule %s: related: %w", v.Rule.ID, err)
		}
		message, _ := m["msg"].(string)
		text, _ := m["text"].(string)
		file, _ := m["file"].(string)
		key, err := keyOf(m["key"])
		if err != nil {
			return fmt.Errorf("rule %s: related: %w", v.Rule.ID, err)
		}
		doc, err := positionOf(m["doc"])
		if err != nil {
			return fmt.Errorf("rule %s: related: %w", v.Rule.ID, err)
		}
		v.Related = append(v.Related, RelatedPath{Message: message, File: file, Doc: doc, Path: p, Text: text, Key: key})
	}
	return nil
}

// keyOf reads which key is meant; "" where a value is.
func keyOf(value any) (Key, error) {
	switch name, _ := value.(string); {
	case value == nil:
		return "", nil
	case name == string(LastKey) || name == string(FirstKey):
		return Key(name), nil
	}
	return "", fmt.Errorf("key is %v: it must be last or first", value)
}

// positionOf reads the position of a document in its unit; nil where there is none.
func positionOf(value any) (*int, error) {
	if value == nil {
		return nil, nil
	}
	number, ok := value.(json.Number)
	if !ok {
		return nil, fmt.Errorf("doc must be the number of a document, as facts have it, not %T", value)
	}
	i, err := strconv.Atoi(number.String())
	if err != nil || i < 0 {
		return nil, fmt.Errorf("doc is %s, which is no number of a document", number)
	}
	return &i, nil
}

// mend reads what the rule would write: {description, edits: [{path, text, with} or {path, block}]}.
func (v *Violation) mend(value any) error {
	if value == nil {
		return nil
	}
	m, _ := value.(map[string]any)
	f := &Fix{}
	f.Description, _ = m["description"].(string)
	edits, _ := m["edits"].([]any)
	for _, element := range edits {
		m, _ := element.(map[string]any)
		p, err := pathOf(m["path"])
		if err != nil {
			return fmt.Errorf("rule %s: fix: %w", v.Rule.ID, err)
		}
		c := fix.Change{Path: p}
		c.Text, _ = m["text"].(string)
		c.With, _ = m["with"].(string)
		c.Block, _ = m["block"].(string)
		f.Changes = append(f.Changes, c)
	}
	if f.Description == "" || len(f.Changes) == 0 {
		return fmt.Errorf("rule %s: fix must have a description and edits", v.Rule.ID)
	}
	v.Fix = f
	return nil
}

// pathOf reads a path as Rego has it: an array of strings and numbers. Absent, it is the document's root.
func pathOf(value any) (source.Path, error) {
	if value == nil {
		return nil, nil
	}
	list, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("path must be an array of keys and indexes, not %T", value)
	}
	p := make(source.Path, 0, len(list))
	for _, step := range list {
		switch v := step.(type) {
		case string:
			p = append(p, v)
		case json.Number:
			i, err := v.Int64()
			if err != nil {
				return nil, fmt.Errorf("path holds %s, which is no index", v)
			}
			p = append(p, int(i))
		default:
			return nil, fmt.Errorf("path holds %T: it takes strings and numbers", step)
		}
	}
	return p, nil
}
