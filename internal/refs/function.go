package refs

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// functionKeys are the annotations that make of a generator or transformer of kustomize a program.
// See https://kubectl.docs.kubernetes.io/guides/extending_kustomize/containerized_krm_functions/.
var functionKeys = []string{"config.kubernetes.io/function", "config.k8s.io/function"}

// maxFunction bounds the text of such an annotation, in bytes.
const maxFunction = 4 << 10

// function finds the image that kustomize runs at every build to generate or transform objects.
func (c *collector) function(root source.Node) {
	annotations := root.Key("metadata").Key("annotations")
	for _, key := range functionKeys {
		at := annotations.Key(key)
		if at.Text() == "" || len(at.Text()) > maxFunction {
			continue
		}
		var f struct {
			Container struct {
				Image string `yaml:"image"`
			} `yaml:"container"`
		}
		if err := yaml.Unmarshal([]byte(at.Text()), &f); err != nil || f.Container.Image == "" {
			continue
		}
		r := ParseImage(strings.TrimSpace(f.Container.Image))
		r.Text = f.Container.Image
		c.add(r, "kustomize function", at.Path)
	}
}
