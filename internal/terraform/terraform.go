// Package terraform knows what a file of the Terraform language asks a cloud for, and what holds its providers: policies
// and roles that give all away, trust in the tokens of GitHub's workflows, provider constraints, the lock file.
package terraform

import (
	"maps"
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
}

// Of establishes the facts; nil for a document that is no Terraform. Its folder's lock and what Git ignores are looked up
// in files, which may be nil.
func Of(doc *source.Document, files *source.Repository) *Facts {
	if doc.Kind != source.Terraform {
		return nil
	}
	top := node{value: doc.Value}
	f := &Facts{}
	f.settings(top)
	if f.Root != nil || len(f.Providers) > 0 {
		f.Lock = lockOf(doc.File.Path, files)
	}
	statements := statementsOf(top)
	f.Grants = grantsOf(top, statements)
	f.Trusts = trustsOf(top, statements)
	return f
}

// settings reads the terraform blocks.
func (f *Facts) settings(top node) {
	for _, block := range top.key("terraform").bodies() {
		for _, key := range []string{"backend", "cloud"} {
			if at := block.key(key); at.value != nil && f.Root == nil {
				f.Root = &Place{Path: at.path}
			}
		}
		for _, required := range block.key("required_providers").bodies() {
			for _, p := range required.keys() {
				provider := Provider{Name: p.last(), Place: Place{Path: p.path}}
				if provider.Version = p.text(); p.value != provider.Version {
					provider.Source, provider.Version = p.key("source").text(), p.key("version").text()
				}
				f.Providers = append(f.Providers, provider)
			}
		}
	}
}

// node is a value and the path to it.
type node struct {
	value any
	path  source.Path
}

func (n node) key(name string) node {
	m, _ := n.value.(map[string]any)
	return node{m[name], n.path.Append(name)}
}

func (n node) keys() []node {
	m, _ := n.value.(map[string]any)
	out := make([]node, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, node{m[k], n.path.Append(k)})
	}
	return out
}

func (n node) items() []node {
	list, _ := n.value.([]any)
	out := make([]node, 0, len(list))
	for i, v := range list {
		out = append(out, node{v, n.path.Append(i)})
	}
	return out
}

// bodies are those of the blocks of one name; the JSON syntax may leave out the list.
func (n node) bodies() []node {
	if _, single := n.value.(map[string]any); single {
		return []node{n}
	}
	return n.items()
}

// text is the value if it is a string, else "".
func (n node) text() string {
	s, _ := n.value.(string)
	return s
}

// last is the last key of the path.
func (n node) last() string {
	s, _ := n.path[len(n.path)-1].(string)
	return s
}

// block is the body of a resource or data source.
type block struct {
	node
	kind string // aws_iam_role
	name string
}

// blocks are the bodies of all resources, or all data sources, whose kind begins with a prefix.
func blocks(top node, group, prefix string) []block {
	var out []block
	for _, kind := range top.key(group).keys() {
		if !strings.HasPrefix(kind.last(), prefix) {
			continue
		}
		for _, labelled := range kind.keys() {
			for _, body := range labelled.bodies() {
				out = append(out, block{body, kind.last(), labelled.last()})
			}
		}
	}
	return out
}
