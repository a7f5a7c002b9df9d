package place

import (
	"bytes"
)

// lines says where the lines of a linted file are in the tree.
type lines struct {
	path  string // "" when the tree has no such file
	same  bool   // the texts are equal
	there []int  // by line - 1: the line in the tree, 0 where there is none
}

// line gives the line of the tree, 1-based.
func (l *lines) line(n int) (int, bool) {
	switch {
	case l.same:
		return n, true
	case n < 1 || n > len(l.there):
		return 0, false
	}
	return l.there[n-1], l.there[n-1] > 0
}

// match finds each line of ours in theirs: those before the first difference, those after the last, and between them the
// lines whose text stands once on either side, with the equal lines that follow and precede them. What is left could be any
// of several lines, or is new.
func (l *lines) match(ours, theirs []byte) {
	a, b := split(ours), split(theirs)
	l.there = make([]int, len(a))
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		l.there[start] = start + 1
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
		l.there[endA] = endB + 1
	}
	taken := make([]bool, len(b))
	join := func(i, j int) {
		if i >= start && j >= start && i < endA && j < endB && l.there[i] == 0 && !taken[j] && a[i] == b[j] {
			l.there[i], taken[j] = j+1, true
		}
	}
	once := unique(b, start, endB)
	for text, i := range unique(a, start, endA) {
		if j, both := once[text]; i >= 0 && both && j >= 0 {
			join(i, j)
		}
	}
	for i := start; i < endA-1; i++ {
		if l.there[i] != 0 {
			join(i+1, l.there[i])
		}
	}
	for i := endA - 1; i > start; i-- {
		if l.there[i] != 0 {
			join(i-1, l.there[i]-2)
		}
	}
}

// split gives the lines without their ends, which a checkout may have changed.
func split(text []byte) []string {
	var all []string
	for line := range bytes.Lines(text) {
		all = append(all, string(bytes.TrimRight(line, "\r\n")))
	}
	return all
}

// unique gives the index of each line from start to before end by its text, -1 where the text stands more than once.
func unique(all []string, start, end int) map[string]int {
	at := make(map[string]int, end-start)
	for i := start; i < end; i++ {
		if _, twice := at[all[i]]; twice {
			at[all[i]] = -1
			continue
		}
		at[all[i]] = i
	}
	return at
}
