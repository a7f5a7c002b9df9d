package trace

import (
	"maps"
	"slices"
	"strings"
	"unsafe"
)

// copying is one copy of values. Maps that are one and the same stay so: what a template sets in one, all see.
type copying struct {
	*leaves
	known map[unsafe.Pointer]map[string]any // copies, by what they are copies of
	room  []byte                            // for texts: each has an address of its own in it
}

// roomSize is how many bytes of texts are made room for at a time.
const roomSize = 8 << 10

// clone copies a text to an address of its own.
func (c *copying) clone(s string) string {
	if len(s) > roomSize/8 {
		return strings.Clone(s)
	}
	if len(c.room)+len(s) > cap(c.room) {
		c.room = make([]byte, 0, roomSize)
	}
	start := len(c.room)
	c.room = append(c.room, s...)
	return view(c.room[start:])
}

// into copies what a map holds, but for what is there already.
func (c *copying) into(out, from map[string]any, id int32) {
	for _, key := range slices.Sorted(maps.Keys(from)) {
		if _, done := out[key]; !done {
			c.entry(out, key, from[key], id)
		}
	}
}

func (c *copying) entry(out map[string]any, key string, value any, id int32) {
	key = c.clone(key)
	child := c.add(leaf{parent: id, step: key})
	c.children[childOf{id, key}] = child
	if p := address(key); p != nil {
		c.strings[p] = c.add(leaf{parent: child, step: key, value: key, form: keyLeaf})
	}
	out[key] = c.copy(value, child)
}

func (c *copying) copy(value any, id int32) any {
	switch v := table(value).(type) {
	case map[string]any:
		c.all[id].form = mapLeaf
		if out, ok := c.known[mapAddress(v)]; ok && v != nil {
			return out
		}
		out := make(map[string]any, len(v))
		c.known[mapAddress(v)], c.maps[mapAddress(out)] = out, []int32{id}
		c.into(out, v, id)
		return out
	case []any:
		c.all[id].form = listLeaf
		out := make([]any, len(v))
		if len(v) > 0 {
			c.lists[listAddress(out)] = id
		}
		for i, item := range v {
			out[i] = c.copy(item, c.add(leaf{parent: id, step: i}))
		}
		return out
	case string:
		v = c.clone(v)
		if p := address(v); p != nil {
			c.strings[p] = id
		}
		c.all[id].value = v
		return v
	default:
		c.all[id].value = v
		return v
	}
}
