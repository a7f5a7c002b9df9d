package render

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/deploy"
)

// Sets are all sets of values that are known for a unit, the defaults first: its variants, and those past what lint renders.
func (u Unit) Sets() []Variant { return slices.Concat(u.Variants, u.beyond) }

// With is the unit with these variants in place of its own.
func (u Unit) With(variants ...Variant) Unit {
	u.Variants, u.beyond = variants, nil
	return u
}

// WithFiles is the variant with more values files, relative to the repository's root, of which each wins over all before.
func (v Variant) WithFiles(files ...string) Variant {
	v.Layers = slices.Clip(v.Layers)
	for _, file := range files {
		v.Layers = append(v.Layers, deploy.Layer{File: file})
	}
	return v
}
