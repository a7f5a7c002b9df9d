package report

import (
	"fmt"
	"unicode/utf8"
)

// lineHashes gives, for each line asked for, the hash by which code scanning knows the line again after it has moved.
// It is the hash that GitHub's upload action computes (github/codeql-action, src/fingerprints.ts), which anyone who
// uploads by other means has to compute: a rolling hash, to the base 37 and modulo 2^64, over the 100 UTF-16 code units
// from the line's start that are neither blank nor tab, with every kind of line end read as "\n", 65535 at the end of the
// text and zeros after it; then a count, which tells equal hashes apart.
func lineHashes(data []byte, wanted map[int]bool) map[int]string {
	h := lineHasher{wanted: wanted, found: make(map[int]string, len(wanted)), counts: map[uint64]int{}, atStart: true, leaving: 1}
	for range hashBlock {
		h.leaving *= hashBase
	}
	afterCR := false
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		data = data[size:]
		skip := r == ' ' || r == '\t' || (afterCR && r == '\n')
		afterCR = r == '\r'
		switch {
		case skip:
		case r == '\r':
			h.add('\n')
		case r > 0xffff:
			h.add(0xd800 + uint64(r-0x10000)>>10)
			h.add(0xdc00 + uint64(r-0x10000)&0x3ff)
		default:
			h.add(uint64(r))
		}
	}
	h.add(0xffff)
	for range hashBlock {
		h.push(0)
	}
	return h.found
}

const (
	hashBlock = 100 // code units that a line's hash covers
	hashBase  = 37
)

type lineHasher struct {
	wanted map[int]bool
	found  map[int]string
	counts map[uint64]int

	units   [hashBlock]uint64 // the block, as a ring
	lines   [hashBlock]int    // the line that begins with the unit at the same index, or 0
	next    int               // index in the ring
	hash    uint64
	leaving uint64 // hashBase to the power of hashBlock: the weight of the unit that leaves
	line    int
	atStart bool // the next unit begins a line
}

// add takes a unit of the text.
func (h *lineHasher) add(unit uint64) {
	begins := h.atStart
	h.atStart = unit == '\n'
	h.push(unit)
	if begins {
		h.line++
		h.lines[(h.next+hashBlock-1)%hashBlock] = h.line
	}
}

// push moves the block one unit on; if a line began with the unit that leaves, its hash is now complete.
func (h *lineHasher) push(unit uint64) {
	if line := h.lines[h.next]; line > 0 {
		h.counts[h.hash]++
		if h.wanted[line] {
			h.found[line] = fmt.Sprintf("%x:%d", h.hash, h.counts[h.hash])
		}
		h.lines[h.next] = 0
	}
	h.hash = hashBase*h.hash + unit - h.leaving*h.units[h.next]
	h.units[h.next] = unit
	h.next = (h.next + 1) % hashBlock
}
