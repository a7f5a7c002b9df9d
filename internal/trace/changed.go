package trace

import (
	"slices"
	"text/template"
)

// A template may put values of its own into a map of values, or merge maps of its own with it. What it puts there is a leaf
// that is in no file, in a map that comes before those that the map is known as.

const (
	// nowhere is the parent of a map that is in no file.
	nowhere = int32(-2)
	// maxForeign is how many values that are in no file are told apart.
	maxForeign = 200_000
)

// isForeign reports whether a leaf is in no file.
func (l *leaves) isForeign(id int32) bool {
	for id >= 0 {
		id = l.all[id].parent
	}
	return id == nowhere
}

// foreign is a leaf for a map that a template made: what is in it hides what is in the maps that it is merged with.
func (t *tracer) foreign(m map[string]any) int32 {
	id := t.leaves.add(leaf{parent: nowhere, form: mapLeaf})
	for key, value := range m {
		t.put(childOf{id, key}, value, nil)
	}
	return id
}

// put notes what a template put into a map of its own, and the values that it was made of.
func (t *tracer) put(at childOf, value any, of []int32) {
	if !isPlain(value) {
		return
	}
	if t.leaves.foreign++; t.leaves.foreign > maxForeign {
		t.full = true
		return
	}
	id := t.leaves.add(leaf{parent: at.parent, step: at.key, value: value})
	t.leaves.children[at] = id
	if len(of) > 0 {
		t.leaves.made[id] = of
	}
	s, ok := value.(string)
	p := address(s)
	if !ok || p == nil || t.texts[p] != nil || t.derived[p] != nil || t.leaves.ofString(s) >= 0 {
		return
	}
	if len(of) > 0 {
		t.derived[p] = of
	} else {
		t.leaves.strings[p] = id
	}
}

// followSet has the function that changes a map say what is no longer what it was.
func (t *tracer) followSet(f template.FuncMap) {
	if inner, ok := f["set"].(func(map[string]any, string, any) map[string]any); ok {
		f["set"] = func(m map[string]any, key string, value any) map[string]any {
			if !t.full {
				t.replace(m, key, value)
			}
			return inner(m, key, value)
		}
	}
}

// replace notes that a template puts something in the place of a value. Of what is no text, map or list, only what the
// action has read tells where it is from.
func (t *tracer) replace(m map[string]any, key string, value any) {
	ids := t.leaves.maps[mapAddress(m)]
	if len(ids) == 0 || t.current == nil || !isPlain(value) {
		return
	}
	now, there := m[key]
	var read, equal []int32
	for _, id := range t.current.reads {
		if form := t.leaves.all[id].form; form != scalarLeaf && form != chartLeaf {
			continue
		}
		read = append(read, id)
		if t.leaves.same(id, value) {
			equal = append(equal, id)
		}
	}
	if was, ok := t.leaves.child(ids, key, now, there); ok && len(was) == 1 && slices.Contains(equal, was[0]) {
		return // it is what it was
	}
	if !t.leaves.isForeign(ids[0]) {
		ids = append([]int32{t.foreign(nil)}, ids...)
		t.leaves.maps[mapAddress(m)] = ids
	}
	at := childOf{ids[0], key}
	if len(equal) == 1 {
		t.leaves.children[at] = equal[0]
		return
	}
	if old, ok := t.leaves.children[at]; ok && t.leaves.isForeign(old) {
		t.leaves.all[old].gone = true
	}
	t.put(at, value, read)
}

// isPlain reports whether a value is neither map nor list.
func isPlain(value any) bool {
	switch table(value).(type) {
	case map[string]any, []any:
		return false
	}
	return true
}
