package render

import (
	"fmt"
	"reflect"
	"strings"
)

// How well a part of a template fits a value that was rendered: points for what agrees, less those for what does not.
const (
	sameText   = 3  // a text of the template is the value
	partText   = 2  // the texts around a value's holes are in it
	samePlace  = 1  // a key or an item is there
	otherText  = -6 // what the template writes is not what was rendered
	notWritten = -2 // the value holds what the template does not write
	notThere   = -3 // the template always writes what the value does not hold
	outOfOrder = -30
	isName     = 3 // times that a name or kind counts: two things with different ones are two things
)

// likeness says how well a node fits a value, down to a depth.
func likeness(n *node, value any, depth int) int {
	switch {
	case n.role == roleSplice:
		return -1 // what is written out goes first
	case depth == 0:
		return 0
	case len(n.children) > 0 && !n.isBlock:
		return childrenLikeness(n, value, depth)
	case n.flow != nil && reflect.DeepEqual(n.flow, value):
		return sameText
	case n.flow != nil:
		return otherText
	case n.isBlock:
		if _, ok := value.(string); !ok {
			return otherText
		}
		return 0
	default:
		return fits(n.value, value)
	}
}

func childrenLikeness(n *node, value any, depth int) int {
	switch v := value.(type) {
	case map[string]any:
		return mapLikeness(n, v, depth)
	case []any:
		return listLikeness(n, v)
	}
	if value == nil && !hasStatic(n) {
		return 0
	}
	return otherText
}

// hasStatic reports whether a node writes children in any case.
func hasStatic(n *node) bool {
	for _, c := range n.children {
		if c.role != roleSplice && c.block == n.block {
			return true
		}
	}
	return false
}

func mapLikeness(n *node, m map[string]any, depth int) int {
	best := map[string]int{} // of the branches that write a key, the one that fits
	points, open := 0, false
	for _, c := range n.children {
		value, there := m[c.key]
		switch {
		case c.role != roleKey || strings.Contains(c.key, hole):
			open = true
		case there:
			like := likeness(c, value, depth-1)
			if c.key == "name" || c.key == "kind" {
				like *= isName
			}
			if was, seen := best[c.key]; !seen || like > was {
				best[c.key] = like
			}
		case c.block == n.block:
			points += notThere
		}
	}
	for _, like := range best {
		points += samePlace + like
	}
	if !open {
		points += notWritten * (len(m) - len(best))
	}
	return points
}

// listLikeness compares the plain texts of a list; its maps are told apart where a path leads into one.
func listLikeness(n *node, list []any) int {
	texts := map[string]bool{}
	for _, v := range list {
		texts[scalarText(v)] = true
	}
	points, open, written := 0, false, map[string]bool{}
	for _, c := range n.children {
		text, ok := literal(c)
		switch {
		case !ok || c.role != roleItem:
			open = true
		case texts[text]:
			points += samePlace
			written[text] = true
		case c.block == n.block:
			points += notThere
		}
	}
	if !open {
		points += notThere * (len(texts) - len(written))
	}
	return points
}

// literal is the text of a node's value when all of it stands in the template.
func literal(n *node) (string, bool) {
	if n.value == "" || n.isBlock || n.flow != nil || len(n.children) > 0 || strings.Contains(n.value, hole) || strings.ContainsAny(n.value[:1], "[{&*") {
		return "", false
	}
	return unquote(n.value), true
}

func unquote(text string) string { return strings.Trim(text, `"'`) }

// fits compares a value to the text that a template gives it, with its holes.
func fits(pattern string, value any) int {
	switch value.(type) {
	case map[string]any, []any:
		if strings.Trim(pattern, hole) == "" {
			return 0
		}
		return otherText
	case nil:
		if text := unquote(pattern); text == "null" || text == "~" || strings.Trim(text, hole) == "" {
			return 0
		}
		return otherText
	}
	said := scalarText(value)
	parts := strings.Split(unquote(pattern), hole)
	if len(parts) == 1 {
		if parts[0] == said {
			return sameText
		}
		return otherText
	}
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(said, first) || !strings.HasSuffix(said[len(first):], last) {
		return otherText
	}
	rest, length := said[len(first):len(said)-len(last)], len(first)+len(last)
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(rest, part)
		if i < 0 {
			return otherText
		}
		rest = rest[i+len(part):]
		length += len(part)
	}
	return min(length, partText)
}

// scalarText is how a scalar reads, or "" for what is none.
func scalarText(value any) string {
	switch value.(type) {
	case nil, map[string]any, []any:
		return ""
	}
	return fmt.Sprint(value)
}

// alignment finds which of the nodes under one block wrote which of the values: both are in one order, a node may be
// left out where a condition or a loop says so, and come again where a loop does.
type alignment struct {
	nodes   []*node
	outer   *block
	loops   []*block // of each node: the outermost loop around it
	statics []int    // how many nodes before each one are written in any case
}

const maxAlignment = 16_000_000 // steps

// align gives for each value the index of the node that wrote it, or nil where there are no nodes or too many.
func align(nodes []*node, values []any, outer *block, depth int) []int {
	if len(nodes) == 0 || len(nodes)*len(nodes)*len(values) > maxAlignment {
		return nil
	}
	a := alignment{nodes: nodes, outer: outer, statics: make([]int, len(nodes)+1)}
	for i, n := range nodes {
		a.loops = append(a.loops, a.loop(n))
		a.statics[i+1] = a.statics[i]
		if n.block == outer && n.role != roleSplice {
			a.statics[i+1]++
		}
	}
	var points []int // of the best alignment so far that ends in each node
	from := make([][]int, len(values))
	for j, value := range values {
		before := points
		points, from[j] = make([]int, len(nodes)), make([]int, len(nodes))
		for i, n := range nodes {
			best, at := notThere*a.statics[i], -1
			for k := range before {
				if p := before[k] + a.move(k, i); k == 0 || p > best {
					best, at = p, k
				}
			}
			points[i], from[j][i] = best+likeness(n, value, depth), at
		}
	}
	for i := range points {
		points[i] += notThere * (a.statics[len(nodes)] - a.statics[i+1])
	}
	out := make([]int, len(values))
	at := largest(points)
	for j := len(values) - 1; j >= 0; j-- {
		out[j] = at
		at = from[j][at]
	}
	return out
}

// move is what it costs that a node wrote the value after the one that another node wrote.
func (a *alignment) move(before, after int) int {
	switch {
	case before < after:
		return notThere * (a.statics[after] - a.statics[before+1])
	case before == after && a.nodes[after].role == roleSplice:
		return 0
	case a.loops[before] != nil && a.loops[before] == a.loops[after]:
		return 0
	default:
		return outOfOrder
	}
}

func (a *alignment) loop(n *node) *block {
	var loop *block
	for b := n.block; b != nil && b != a.outer; b = b.up {
		if b.repeats {
			loop = b
		}
	}
	return loop
}

// largest is the index of the first of the largest numbers, or -1.
func largest(numbers []int) int {
	best := -1
	for i, n := range numbers {
		if best < 0 || n > numbers[best] {
			best = i
		}
	}
	return best
}
