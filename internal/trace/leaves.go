package trace

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// leaves know every value that templates are given by what a template cannot change about it when it hands it on: the
// address of a string's bytes, of a map, of a list's items. A number or boolean is known by the map that it is read from.
type leaves struct {
	all      []leaf
	strings  map[*byte]int32
	maps     map[unsafe.Pointer][]int32 // most are one value; one that was merged of several is each of them, the surest first
	lists    map[unsafe.Pointer]int32
	children map[childOf]int32
	made     map[int32][]int32 // the values that one which a template put somewhere was made of
	foreign  int               // such values
}

// leaf is one value: a scalar, a map or a list.
type leaf struct {
	parent int32 // -1 for the root
	step   any   // a key or an index in its parent; the name of a chart's field below chartRoot
	value  any   // a scalar; nil for a map or list, or what is not set
	form   leafForm
	gone   bool // a template has put something else in its place
}

type leafForm uint8

const (
	scalarLeaf leafForm = iota
	mapLeaf
	listLeaf
	keyLeaf   // the key itself of its parent, which is a leaf
	unsetLeaf // nothing is there
	chartLeaf // a field of a chart's metadata; the step is the chart's path in Helm and the field
)

type childOf struct {
	parent int32
	key    string
}

const (
	root       = int32(0)
	someLeaves = 512 // that there is room for from the start: few charts have less
)

func newLeaves() *leaves {
	return &leaves{
		all:     append(make([]leaf, 0, someLeaves), leaf{parent: -1, form: mapLeaf}),
		strings: make(map[*byte]int32, someLeaves), maps: make(map[unsafe.Pointer][]int32, someLeaves/4), children: make(map[childOf]int32, someLeaves/2),
		lists: map[unsafe.Pointer]int32{}, made: map[int32][]int32{},
	}
}

// copyRoot copies values so that each has an address of its own, and registers them.
func (l *leaves) copyRoot(values chartutil.Values) chartutil.Values {
	out := make(chartutil.Values, len(values))
	l.maps[mapAddress(out)] = []int32{root}
	c := &copying{leaves: l, known: map[unsafe.Pointer]map[string]any{}}
	if global, ok := values["global"]; ok { // the charts share what is in it, whose name is this one
		c.entry(out, "global", global, root)
	}
	c.into(out, values, root)
	return out
}

// nothing registers a map that templates see and that is no value: what is made with it is not made of what was read
// beside it.
func (l *leaves) nothing(m map[string]any) { l.maps[mapAddress(m)] = []int32{} }

func (l *leaves) add(one leaf) int32 {
	l.all = append(l.all, one)
	return int32(len(l.all) - 1)
}

// copyMetadata copies what a chart says of itself, and registers its texts.
func (l *leaves) copyMetadata(c *chart.Chart) *chart.Metadata {
	m := *c.Metadata
	for name, field := range map[string]*string{"name": &m.Name, "version": &m.Version, "appVersion": &m.AppVersion} {
		*field = strings.Clone(*field)
		if p := address(*field); p != nil {
			l.strings[p] = l.add(leaf{parent: -1, step: chartField{c.ChartFullPath(), name}, value: *field, form: chartLeaf})
		}
	}
	return &m
}

// chartField names a field of a chart's Chart.yaml.
type chartField struct{ chart, field string }

// ofString is the value that a string is, -1 for none.
func (l *leaves) ofString(s string) int32 {
	if id, ok := l.strings[address(s)]; ok && s != "" {
		return id
	}
	return -1
}

// listAddress is where the items of a list that has some lie.
func listAddress(list []any) unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(list)) //nolint:gosec // an address to compare
}

func mapAddress(m any) unsafe.Pointer { return reflect.ValueOf(m).UnsafePointer() }

// child is the value at a key of maps that are known, as long as it is still what it was; of one that a template put there,
// the values that it was made of, if there are any.
func (l *leaves) child(parents []int32, key string, now any, there bool) ([]int32, bool) {
	for _, parent := range parents {
		at := childOf{parent, key}
		id, ok := l.children[at]
		switch {
		case !ok && !there && !l.isForeign(parent):
			id = l.add(leaf{parent: parent, step: key, form: unsetLeaf})
			l.children[at] = id
			return []int32{id}, true
		case ok && l.same(id, now):
			if made := l.made[id]; made != nil {
				return made, true
			}
			return []int32{id}, true
		}
	}
	return nil, false
}

// same reports whether a leaf holds a value that is read where the leaf was.
func (l *leaves) same(id int32, now any) bool {
	one := l.all[id]
	switch v := now.(type) {
	case string:
		known, ok := l.strings[address(v)]
		return v == "" && one.value == "" || ok && known == id
	case map[string]any:
		return slices.Contains(l.maps[mapAddress(v)], id)
	case []any:
		return len(v) == 0 && one.form == listLeaf || len(v) > 0 && l.lists[listAddress(v)] == id
	case nil:
		return one.value == nil && one.form != mapLeaf && one.form != listLeaf
	default:
		return reflect.TypeOf(one.value) == reflect.TypeOf(v) && fmt.Sprint(one.value) == fmt.Sprint(v)
	}
}

// path is the way to a value from the root chart's values; of a chart's field it is none.
func (l *leaves) path(id int32) source.Path {
	var steps source.Path
	for id > root && l.all[id].parent >= 0 {
		if l.all[id].form != keyLeaf {
			steps = append(steps, l.all[id].step)
		}
		id = l.all[id].parent
	}
	slices.Reverse(steps)
	return steps
}
