package trace

import (
	"reflect"
	"slices"
)

// variable is a variable of a template and the values that it was made of.
type variable struct {
	name    string
	control int32 // the control action that it is declared in
	reads   []int32
}

// setVar is called with every value that a variable gets, when it is declared or later.
func (t *tracer) setVar(name string, again bool, x reflect.Value) reflect.Value {
	r := t.current
	if r == nil || t.full {
		return x
	}
	reads := r.taken()
	if again {
		r.assign(name, reads)
	} else {
		r.declare(name, reads)
	}
	t.derive(plain(x), reads)
	return x
}

// declare adds a variable to those of the control action at work; a loop declares its own each time round.
func (r *recorder) declare(name string, reads []int32) {
	one := variable{name: name, control: r.control, reads: slices.Clone(reads)}
	for i, v := range slices.Backward(r.vars) {
		if v.control != r.control {
			break
		}
		if v.name == name {
			r.vars[i] = one
			return
		}
	}
	r.vars = append(r.vars, one)
}

// assign gives a variable another value.
func (r *recorder) assign(name string, reads []int32) {
	for i, v := range slices.Backward(r.vars) {
		if v.name == name {
			r.vars[i].reads = slices.Clone(reads)
			return
		}
	}
}

// variable is what a variable was made of.
func (r *recorder) variable(name string) []int32 {
	for _, v := range slices.Backward(r.vars) {
		if v.name == name {
			return v.reads
		}
	}
	return nil
}

// leave ends a control action: what was declared in it is gone.
func (r *recorder) leave(control int32) {
	for len(r.vars) > 0 && r.vars[len(r.vars)-1].control == control {
		r.vars = r.vars[:len(r.vars)-1]
	}
}
