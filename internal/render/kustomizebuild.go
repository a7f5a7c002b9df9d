package render

import (
	"errors"
	"fmt"
	"maps"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/resource"
)

// run builds in up to three ways: with all that makes it fast, asking where objects are from, and with everything where it
// stands, for the library may well speak of lines.
func (b *build) run(options *krusty.Options, view overlay, from string) error {
	try := func() error {
		built, err := buildSafely(options, view, from)
		if err != nil {
			return err
		}
		return b.collect(built, from)
	}
	if told := b.told(); told || b.shortens() {
		b.short, b.lined = b.shortens(), told
		view.pads = b.move(b.short)
		if told {
			view.edits = maps.Clone(b.edits)
			view.edits[b.root] = b.lean
		}
		if try() == nil {
			return nil
		}
	}
	b.short, b.lined = false, false
	view.pads, view.edits = b.move(false), b.edits
	if try() == nil {
		return nil
	}
	view.pads, b.still = nil, true
	return try()
}

// buildSafely runs the library, which panics on some input.
func buildSafely(options *krusty.Options, view overlay, from string) (built resmap.ResMap, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the Kustomize library gave up: %v", r)
		}
	}()
	return krusty.MakeKustomizer(options).Run(view, from)
}

// collect takes the built objects, each with the file that it comes from.
func (b *build) collect(built resmap.ResMap, from string) error {
	objects := built.Resources()
	texts := make([]text, len(objects))
	known := &birthplaces{build: b}
	for i, object := range objects {
		var err error
		if texts[i], err = b.birthplace(known, object, from); err != nil {
			return err
		}
	}
	if !b.keepsOrigins() {
		if err := built.RemoveOriginAnnotations(); err != nil {
			return err
		}
	}
	total := 0
	for i, object := range objects {
		if err := b.write(&texts[i], object); err != nil {
			return err
		}
		if total += len(texts[i].Data); total > maxOutput {
			return fmt.Errorf("it renders to more than the limit of %d MiB", maxOutput>>20)
		}
	}
	b.reply.Texts = texts
	if !b.still {
		b.reply.Lineage = lineage{Origins: b.pads.origins, Stages: b.stages, Charts: b.charts}
	}
	return nil
}

// birthplace is a text with nothing but where an object is from.
func (b *build) birthplace(known *birthplaces, object *resource.Resource, from string) (text, error) {
	if b.lined {
		at, ok := known.of(object)
		if !ok {
			return text{}, errFrom
		}
		return at, nil
	}
	origin, err := object.GetOrigin()
	if err != nil {
		return text{}, err
	}
	return b.origin(origin, from, object.GetKind(), object.GetName()), nil
}

// write fills in the text of an object, and where its parts were read.
func (b *build) write(t *text, object *resource.Resource) error {
	data, err := object.MarshalJSON()
	if err != nil {
		return err
	}
	t.Data = string(data)
	if whole := false; b.short {
		if t.Data, whole = b.shelf.restore(t.Data); !whole {
			return errSchema
		}
	}
	if !b.still && len(t.Data) == len(data) { // an object with schemas is told from its own file
		t.Spots = spotsOf(object.YNode(), b.first())
	}
	return nil
}

var (
	errSchema = errors.New("the schema of a resource definition is not what it was")
	errFrom   = errors.New("an object does not say where it is from")
)
