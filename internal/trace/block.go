package trace

import (
	"bytes"
	"sort"
	"text/template/parse"
	"unsafe"
)

// block is the memory that sources lie in, one after the other. A place in a source is its offset in the block, counted
// on from the blocks before it.
type block struct {
	start   int // of this block, counted from the first one's
	bytes   []byte
	names   []string
	offsets []int          // of each source in bytes
	bases   map[string]int // likewise, by name
	parents map[int]int    // the control action around a node, for those that stand in one; both by offset
	control map[int]*control
	leaf    int32 // of a text that a template made: the value that is this very text; -1 for none
	reads   int32 // likewise: the set of the values that it was made of; -1 for none
}

// control is an if, with or range.
type control struct {
	vars []string // that it declares
	body *parse.ListNode
	loop bool
}

func newBlock(start int, names []string, texts [][]byte) *block {
	b := &block{start: start, names: names, bases: make(map[string]int, len(names)), leaf: -1, reads: -1}
	size, actions := 0, 0
	for i, text := range texts {
		actions += bytes.Count(text, []byte("{{"))
		b.offsets = append(b.offsets, size)
		b.bases[names[i]] = size
		size += len(text) + 1 // so that the end of one source is not the start of the next
	}
	b.control, b.parents = make(map[int]*control, actions/4), make(map[int]int, actions)
	b.bytes = make([]byte, size+1)
	for i, text := range texts {
		copy(b.bytes[b.offsets[i]:], text)
	}
	return b
}

// holds tells at which offset of the block a slice begins, if it is a slice of it.
func (b *block) holds(p []byte) (int, bool) {
	// Only addresses are compared; nothing is reached through them.
	at := uintptr(unsafe.Pointer(unsafe.SliceData(p)))          //nolint:gosec // see above
	first := uintptr(unsafe.Pointer(unsafe.SliceData(b.bytes))) //nolint:gosec // see above
	if at < first || at >= first+uintptr(len(b.bytes)) {
		return 0, false
	}
	return int(at - first), true
}

// length is how many bytes a source has; 0 for one that is not of the block.
func (b *block) length(name string) int {
	at, ok := b.bases[name]
	if !ok {
		return 0
	}
	next := len(b.bytes) - 1
	if i := b.source(at) + 1; i < len(b.offsets) {
		next = b.offsets[i]
	}
	return next - at - 1
}

// verbatim is the text of a source that is nothing but text, which a template writes as it stands; false for any other.
func (b *block) verbatim(name string) (string, bool) {
	at := b.bases[name]
	text := b.bytes[at : at+b.length(name)]
	if len(text) == 0 || bytes.Contains(text, []byte("{{")) || bytes.Contains(text, []byte(noValue)) {
		return "", false
	}
	return view(text), true
}

// source is the number of the source that holds an offset of the block.
func (b *block) source(offset int) int {
	return sort.SearchInts(b.offsets, offset+1) - 1
}

// address is where a string's bytes lie; nil for an empty one.
func address(s string) *byte {
	if s == "" {
		return nil
	}
	return unsafe.StringData(s) //nolint:gosec // an address to compare, and to keep the string from being freed
}

// mark is a node that writes nothing at an offset of the block. Its slice has room for a byte: one without has no address.
func (b *block) mark(offset int) *parse.TextNode {
	return &parse.TextNode{NodeType: parse.NodeText, Pos: parse.Pos(offset), Text: b.bytes[offset : offset : offset+1]}
}

// view is a text that nobody changes any more, as a string.
func view(text []byte) string {
	return unsafe.String(unsafe.SliceData(text), len(text)) //nolint:gosec // it is only read from here on
}
