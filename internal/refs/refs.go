// Package refs finds every reference that a file makes to code or content kept elsewhere – actions, reusable workflows,
// images, charts, kustomize bases, Terraform modules – and decides, in one place for all of them, whether the reference
// is pinned: whether what it names can change without this repository changing.
package refs

import "github.com/plimsoll-dev/plimsoll/internal/source"

// Kind is what a reference leads to.
type Kind string

// The kinds of reference.
const (
	Action   Kind = "action"   // uses: of a step
	Reusable Kind = "reusable" // uses: of a job
	Image    Kind = "image"    // a container image, wherever it is named
	Chart    Kind = "chart"    // a Helm chart dependency
	Base     Kind = "base"     // a kustomize resource, base, component or patch from elsewhere
	Module   Kind = "module"   // a Terraform module
	Source   Kind = "source"   // what a controller in the cluster fetches and deploys or runs: a Git repository, an OCI artifact
	Include  Kind = "include"  // a file that a GitLab pipeline is made of
	Hook     Kind = "hook"     // a pre-commit repository, or a package that a hook installs
)

// Pin is how firmly a reference holds.
type Pin string

// The pins, firmest first.
const (
	PinDigest   Pin = "digest"   // a commit SHA or content digest: cannot change
	PinLocked   Pin = "locked"   // a tag or branch whose commit a lock file holds, which is what runs
	PinLocal    Pin = "local"    // this repository's own files, or another stage of the same build
	PinExact    Pin = "exact"    // one full version: v1.2.3, 1.27.4-alpine3.20. Meant not to move, but can
	PinFloating Pin = "floating" // a version that is meant to move: v4, 1.27, latest, stable, a range
	PinBranch   Pin = "branch"   // a branch, as far as its name tells
	PinNone     Pin = "none"     // nothing is named, so the newest is taken
	PinInvalid  Pin = "invalid"  // not a legal reference: a short SHA, a digest of the wrong form
	PinUnknown  Pin = "unknown"  // an expression or variable without a known value decides
)

// Fixed reports whether what the reference names cannot change under the reader.
func (p Pin) Fixed() bool { return p == PinDigest || p == PinLocked || p == PinLocal }

// Ref is one reference.
type Ref struct {
	Kind     Kind        `json:"kind"`
	Raw      string      `json:"raw"`                // as written
	Name     string      `json:"name"`               // canonical, without version: actions/checkout, docker.io/library/nginx
	Registry string      `json:"registry,omitempty"` // of an image its host, docker.io; of a chart its repository's URL, of a module its registry's host, of a source the API that serves it
	Version  string      `json:"version,omitempty"`  // tag, ref, version or range, variables replaced where they are known
	Digest   string      `json:"digest,omitempty"`   // full commit SHA, or algorithm:hex
	Pin      Pin         `json:"pin"`
	Pinned   bool        `json:"pinned"`           // Pin.Fixed()
	Served   bool        `json:"served,omitempty"` // a file as a URL or a release serves it: no commit of it can be named
	Folder   string      `json:"folder,omitempty"` // of a source: a folder or file in it that is used, where one is known
	Context  string      `json:"context"`          // who names it, for messages: "step", "service container", "init container", "FROM"
	Path     source.Path `json:"path"`             // of the scalar that names it
	From     source.Path `json:"from,omitempty"`   // of a source or chart: of the scalar with the address that it comes from, where that is another
	Text     string      `json:"text,omitempty"`   // the part of that scalar that names it; all of it when there is none
	Note     string      `json:"note,omitempty"`   // for messages: why the pin does not hold, as a clause
	// Guessed: the text looks like a reference and its name says so, but what it is for is not known.
	Guessed bool  `json:"guessed,omitempty"`
	Pull    *Pull `json:"pull,omitempty"` // when an image is pulled, where that is said
}

// Pull says when an image is pulled, and where that stands.
type Pull struct {
	Policy string      `json:"policy"` // as written: Always, IfNotPresent, Never
	Path   source.Path `json:"path"`
}

// pin sets the pin and what follows from it.
func (r *Ref) pin(p Pin, note string) {
	r.Pin, r.Pinned, r.Note = p, p.Fixed(), note
}

// Lock records that a lock file holds the reference at a commit. A commit that it is pinned to already stays its pin.
func (r *Ref) Lock(commit string) {
	if r.Pin != PinDigest {
		r.Digest = commit
		r.pin(PinLocked, "")
	}
}

// Built says that the repository builds what the reference names, and puts that in its place.
func (r *Ref) Built() { r.pin(PinLocal, "") }

// Uncertain says that it is not known after all whether the reference is what is fetched, and why.
func (r *Ref) Uncertain(why string) { r.pin(PinUnknown, why) }

// Own says that the reference leads to this repository itself, whose branches its own reviews guard.
func (r *Ref) Own() { r.pin(PinLocal, "") }
