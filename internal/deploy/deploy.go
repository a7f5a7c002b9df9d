// Package deploy finds how a repository itself deploys its charts: with which values, under which names. Argo CD, Flux, Helmfile
// and Terraform each have their own way to say so; what they say comes out as layers of values, which Helm merges.
package deploy

import "github.com/plimsoll-dev/plimsoll/internal/source"

// Release is one deployment of a chart of the repository.
type Release struct {
	Chart       string          // directory of the chart, relative to the repository's root
	Name        string          // who deploys it: "Application/web in apps/web.yaml", "release web in helmfile.yaml"
	At          source.Location // where that is said
	Release     string          // Helm's name for the release; "" when it is not said
	Namespace   string          // "" when it is not said
	KubeVersion string          // "1.36.0", of the cluster that templates are to see; "" when it is not said
	APIVersions []string        // that templates are to see beside Kubernetes' own, as "monitoring.coreos.com/v1"
	Layers      []Layer         // values, of which a later one wins; none for the chart's defaults
	Bare        bool            // the chart's own values.yaml does not count but where it is a layer
	Partial     bool            // there are more values, which a Miss tells of
}

// Miss is a part of a deployment that cannot be read from the repository: a chart that is elsewhere, values in a Secret.
type Miss struct {
	Chart   string // directory of the chart that is deployed; "" when it may be any
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
	Parameters             // a list of {name, value} as Argo CD and Helmfile have it: Helm's --set, or --set-string
	Parameter              // one scalar, or list of scalars, for one key: Helm's --set, or --set-string when the text is in quotes, as Flux has it
	Contents               // a file's contents for one key: Helm's --set-file
)

// Layer is one source of values, and where in the repository it stands. It is a plain value, fit to be sent elsewhere:
// what it means takes the bytes of its file.
type Layer struct {
	File string // relative to the repository's root
	// Doc is the 0-based number of the document among those that parse.YAML reads in the file.
	Doc int
	// At leads to the values in the document. Empty, it means the whole file: read as Helm reads a values file, or as
	// the text of a Parameter.
	At   source.Path
	Form Form
	Key  string // Parameter and Contents: the key, as Helm's --set spells it
	// Literal keeps the value of Parameters and Parameter a text where it looks like a number or boolean. An entry of
	// Parameters says so for itself with forceString.
	Literal bool
	// Template: the file writes YAML, as a Helmfile may, and is read as if its actions were words of the YAML.
	Template bool
	// Fill is what takes the place of placeholders in the text of a Map, Text or parameter, as an ApplicationSet's
	// "{{name}}" has it.
	Fill []Filling
}

// Filling is one placeholder, as it is written, and what takes its place.
type Filling struct{ Placeholder, Text string }
