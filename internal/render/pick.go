package render

import "slices"

// Sets are all sets of values that are known for a unit, the defaults first: its variants, and those past what lint renders.
func (u Unit) Sets() []Variant { return slices.Concat(u.Variants, u.beyond) }

// With is the unit with these variants in place of its own.
func (u Unit) With(variants ...Variant) Unit {
	u.Variants, u.beyond = variants, nil
	return u
}
