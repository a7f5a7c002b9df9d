package facts

import (
	"bytes"
	"maps"
	"path"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// namespaces are the labels about Pod Security of the Namespace objects that stand anywhere in the repository, by name; nil
// for a name whose objects say different things, since nobody knows which of them the cluster has.
type namespaces map[string]map[string]string

// Bounds on what is read of a repository to know its namespaces.
const (
	maxNamespaceFiles = 20000
	maxNamespaceText  = 256 << 20 // bytes of all files
	maxNamespacePiece = 1 << 20   // bytes of one document
)

// aNamespace finds the documents that are worth reading.
var aNamespace = regexp.MustCompile(`(?m)\bkind"?:\s*["']?Namespace\b`)

func namespacesOf(files *source.Repository) namespaces {
	if files == nil {
		return nil
	}
	found, read, size := namespaces{}, 0, 0
	for _, name := range files.Paths {
		if !strings.HasSuffix(name, ".yaml") && !strings.HasSuffix(name, ".yml") || path.Dir(name) == ".github/workflows" {
			continue
		}
		if read++; read > maxNamespaceFiles {
			return nil // another might say otherwise
		}
		text := files.Read(name)
		if size += len(text); size > maxNamespaceText {
			return nil
		}
		found.add(text)
	}
	return found
}

// namespaceObject is the part of an object that names a namespace; a List has items.
type namespaceObject struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Metadata   struct {
		Name   string            `yaml:"name"`
		Labels map[string]string `yaml:"labels"`
	} `yaml:"metadata"`
	Items []namespaceObject `yaml:"items"`
}

// add reads the namespaces of one file: only the documents that may hold one, since most files hold none and some are large.
func (n namespaces) add(text []byte) {
	if !bytes.Contains(text, []byte("Namespace")) {
		return // the fast way to tell
	}
	for piece := range bytes.SplitSeq(text, []byte("\n---")) {
		var object namespaceObject
		if len(piece) > maxNamespacePiece || !aNamespace.Match(piece) || yaml.Unmarshal(piece, &object) != nil {
			continue
		}
		for _, o := range append(object.Items, object) {
			n.name(o)
		}
	}
}

func (n namespaces) name(o namespaceObject) {
	if o.APIVersion != "v1" || o.Kind != "Namespace" || o.Metadata.Name == "" {
		return
	}
	labels := map[string]string{}
	for key, value := range o.Metadata.Labels {
		if strings.HasPrefix(key, "pod-security.kubernetes.io/") {
			labels[key] = value
		}
	}
	if known, there := n[o.Metadata.Name]; there && !maps.Equal(known, labels) {
		labels = nil
	}
	n[o.Metadata.Name] = labels
}

// labels are those of the namespace that an object names. An object that names none, or default as a chart does that is
// rendered for it, is deployed wherever somebody says.
func (n namespaces) labels(namespace string) map[string]string {
	if namespace == "" || namespace == "default" {
		return nil
	}
	return n[namespace]
}
