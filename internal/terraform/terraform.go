// Package terraform knows what a file of the Terraform language asks a cloud for, and what holds its providers: policies
// and roles that give all away, trust in the tokens of GitHub's workflows, provider constraints, the lock file.
package terraform

import (
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Facts is what is known about one file.
type Facts struct {
	Grants []Grant `json:"grants,omitempty"`
	Trusts []Trust `json:"trusts,omitempty"`
	// Root is the file's place that makes its folder one which state is kept for: a backend, or the cloud block.
	Root      *Place     `json:"root,omitempty"`
	Lock      *Lock      `json:"lock,omitempty"` // beside the file; nil for a file that neither is a root nor asks for providers
	Providers []Provider `json:"providers,omitempty"`
}

// Place is a scalar of the file, or a part of one.
type Place struct {
	Path source.Path `json:"path"`
	Text string      `json:"text,omitempty"` // the part of the scalar that is meant; all of it when there is none
}

// Provider is an entry of required_providers.
type Provider struct {
	Place
	Name    string `json:"name"`
	Source  string `json:"source,omitempty"`
	Version string `json:"version,omitempty"` // the constraint; "" where every version will do
	// Constrained is whether a module that the folder calls has a constraint, where the folder itself has none: "yes", "maybe" where
	// a module comes from elsewhere, and "" for none.
	Constrained string `json:"constrained,omitempty"`
}

// Of establishes the facts; nil for a document that is no Terraform. Its folder's lock and what Git ignores are looked up
// in files, which may be nil.
func Of(doc *source.Document, files *source.Repository) *Facts {
	if doc.Kind != source.Terraform {
		return nil
	}
	top := source.Node{Value: doc.Value}
	f := &Facts{}
	f.settings(top)
	if f.Root != nil || len(f.Providers) > 0 {
		f.Lock = lockOf(doc.File.Path, files)
		f.constrain(path.Dir(doc.File.Path), files)
	}
	statements := statementsOf(top)
	f.Grants = grantsOf(top, statements)
	f.Trusts = trustsOf(top, statements)
	return f
}

// settings reads the terraform blocks.
func (f *Facts) settings(top source.Node) {
	for _, block := range bodies(top.Key("terraform")) {
		for _, key := range []string{"backend", "cloud"} {
			if at := block.Key(key); at.Value != nil && f.Root == nil {
				f.Root = &Place{Path: at.Path}
			}
		}
		for _, required := range bodies(block.Key("required_providers")) {
			for _, p := range required.Keys() {
				provider := Provider{Name: last(p), Place: Place{Path: p.Path}}
				if provider.Version = p.Text(); p.Value != provider.Version {
					provider.Source, provider.Version = p.Key("source").Text(), p.Key("version").Text()
				}
				f.Providers = append(f.Providers, provider)
			}
		}
	}
}

// constrain looks what the modules that are called say of providers which may be of any version.
func (f *Facts) constrain(dir string, files *source.Repository) {
	if !slices.ContainsFunc(f.Providers, func(p Provider) bool { return p.Version == "" }) {
		return
	}
	called := callsOf(dir, files)
	for i, p := range f.Providers {
		switch {
		case p.Version != "":
		case called.constrained[providerSource(p.Source, p.Name)]:
			f.Providers[i].Constrained = "yes"
		case called.elsewhere:
			f.Providers[i].Constrained = "maybe"
		}
	}
}

// bodies are those of the blocks of one name; the JSON syntax may leave out the list.
func bodies(n source.Node) []source.Node {
	if _, single := n.Value.(map[string]any); single {
		return []source.Node{n}
	}
	return n.Items()
}

// last is the last key of the path.
func last(n source.Node) string {
	s, _ := n.Path[len(n.Path)-1].(string)
	return s
}

// block is the body of a resource or data source.
type block struct {
	source.Node
	kind string // aws_iam_role
	name string
}

// blocks are the bodies of all resources, or all data sources, whose kind begins with a prefix.
func blocks(top source.Node, group, prefix string) []block {
	var out []block
	for _, kind := range top.Key(group).Keys() {
		if !strings.HasPrefix(last(kind), prefix) {
			continue
		}
		for _, labelled := range kind.Keys() {
			for _, body := range bodies(labelled) {
				out = append(out, block{body, last(kind), last(labelled)})
			}
		}
	}
	return out
}
