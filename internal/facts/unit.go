package facts

import (
	"reflect"
	"slices"
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/kube"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/terraform"
)

// Unit is documents that are deployed together: what a chart renders to in all of its variants, what a kustomization
// builds, the manifests of one directory, the files of a Terraform module. It may be used at the same time.
type Unit struct {
	Documents []*source.Document           // those given first; a Place in facts, and a related place of a policy, counts from 0 in these
	Faults    []terraform.Fault            // what within the documents given cannot be read
	members   []member                     // by document
	variants  map[string]func() *kube.Unit // "" is that of what is rendered in one way only, or not at all
	defined   func() []*kube.Definition    // by the rendered documents among them
}

// member is a document as an object of the unit.
type member struct {
	object kube.Object
	is     bool // it is a Kubernetes object
	fault  any  // what went wrong in reading it; nil if nothing did
}

// Together makes a unit of documents, and of the Kubernetes objects that Terraform's among them make.
func Together(docs []*source.Document) *Unit {
	made, faults := terraform.Objects(docs)
	docs = slices.Concat(docs, made)
	u := &Unit{Documents: docs, Faults: faults, members: make([]member, len(docs)), variants: map[string]func() *kube.Unit{}}
	u.defined = sync.OnceValue(func() []*kube.Definition { return renderedDefinitions(docs) })
	objects := map[string][]kube.Object{}
	for i, doc := range docs {
		if doc.Kind != source.Manifest {
			continue
		}
		m := memberOf(doc, i)
		u.members[i] = m
		for _, name := range variantsOf(doc) {
			if m.is && m.object.Connects() {
				objects[name] = append(objects[name], m.object)
			}
			u.variants[name] = nil
		}
	}
	for name := range u.variants {
		u.variants[name] = sync.OnceValue(func() *kube.Unit { return kube.NewUnit(objects[name]) })
	}
	return u
}

// memberOf reads an object. What goes wrong with one is told when it is asked for, and takes the others not down.
func memberOf(doc *source.Document, position int) (m member) {
	defer func() { m.fault = recover() }()
	m.object, m.is = kube.ObjectOf(doc, position)
	return m
}

// variantsOf names the variants of the unit that a document is in.
func variantsOf(doc *source.Document) []string {
	if doc.Origin == nil || len(doc.Origin.Variants) == 0 {
		return []string{""}
	}
	return doc.Origin.Variants
}

// Of establishes all facts about the document at a position. What the other documents say of it may differ between
// variants: there is one input for each way that it does, with the variants that it holds in.
func (u *Unit) Of(position int, repo *Repository) []*Input {
	doc, m := u.Documents[position], u.members[position]
	if m.fault != nil {
		panic(m.fault)
	}
	in := of(doc, repo)
	if doc.Origin != nil {
		in.Variants = doc.Origin.Variants
	}
	if m.is {
		object := *m.object.Facts
		object.Misfits = u.misfits(doc, &object, repo)
		m.object.Facts = &object
	}
	in.Facts.Kube = m.object.Facts
	if !m.is || !m.object.Joins() {
		in.Facts.PodSecurity = repo.podSecurity(doc, in.Facts.Kube)
		return []*Input{in}
	}
	var ways []*Input
	for _, name := range variantsOf(doc) {
		joined := u.variants[name]().Join(m.object)
		i := slices.IndexFunc(ways, func(w *Input) bool { return reflect.DeepEqual(w.Facts.Kube, joined) })
		if i < 0 {
			way := *in
			way.Facts.Kube, way.Variants = joined, nil
			way.Facts.PodSecurity = repo.podSecurity(doc, joined)
			ways, i = append(ways, &way), len(ways)
		}
		if name != "" {
			ways[i].Variants = append(ways[i].Variants, name)
		}
	}
	return ways
}

// misfits are what the API of an object's kind does not take of it. An assertion of a test is never sent there.
func (u *Unit) misfits(doc *source.Document, object *kube.Facts, repo *Repository) []kube.Misfit {
	switch {
	case repo.asserted.has(doc.File.Path):
		return []kube.Misfit{}
	case object.IsCustom():
		return repo.customs.misfits(object, doc, u.defined())
	}
	return object.Misfits
}
