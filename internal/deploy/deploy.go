// Package deploy finds how a repository itself deploys its charts: with which values, under which names. Argo CD, Flux and
// Helmfile each have their own way to say so; what they say comes out as layers of values, which Helm merges.
package deploy

import "github.com/plimsoll-dev/plimsoll/internal/source"

// Release is one deployment of a chart of the repository.
type Release struct {
	Chart     string          // directory of the chart, relative to the repository's root
	Name      string          // who deploys it: "Application/web in apps/web.yaml", "HelmRelease/web in …", "release web in helmfile.yaml"
	At        source.Location // where that is said
	Release   string          // Helm's name for the release; "" when it is not said
	Namespace string          // "" when it is not said
	Layers    []Layer         // values, of which a later one wins; none for the chart's defaults
}

// Miss is a part of a deployment that cannot be read from the repository: a chart that is elsewhere, values in a Secret.
type Miss struct {
	At      source.Location
	What    string // "values from Secret/db of HelmRelease/web"
	Message string // why it was not analysed, and what to do; without a final full stop
}

// Form is how a layer holds its values.
type Form int

// The forms of a layer.
const (
	Map        Form = iota // a map: all of a values file, or what stands at a path in a document
	Text                   // a text that is YAML, such as an entry of a ConfigMap
	Parameters             // a list of {name, value} with an optional forceString, as Argo CD and Helmfile have it: Helm's --set
	Parameter              // one scalar for one key: Helm's --set
	Contents               // a file's contents for one key: Helm's --set-file
)

// Layer is one source of values, and where in the repository it stands.
type Layer struct {
	File string      // relative to the repository's root
	Doc  int         // 0-based document of the file's YAML stream
	At   source.Path // of the values in the document; empty for all of it
	Form Form
	Key  string // Parameter and Contents: the key, as Helm's --set spells it
	// Literal keeps a Parameter a string that looks like a number or boolean.
	Literal bool
}
