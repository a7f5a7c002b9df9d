package refs

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// imageParts says where objects of some kinds name an image in parts that their operator puts together.
type imageParts struct {
	group string
	kinds []string
	at    []string // paths of the maps that hold the parts, as those of an imageField
	// keys of the parts; a repository that is "" belongs to the image, and an image that is "" is named fixed.
	repository, image, fixed, version string
	source                            string
}

// partedImages are those, as of November 2026.
var partedImages = []imageParts{
	{
		group: "argoproj.io", kinds: []string{"ArgoCD", "ArgoCDExport"},
		at: []string{
			"spec", "spec.applicationSet", "spec.argoCDAgent.*", "spec.dex", "spec.grafana", "spec.notifications", "spec.redis",
			"spec.repo", "spec.sso", "spec.sso.*",
		},
		image: "image", version: "version",
		source: "https://argocd-operator.readthedocs.io/en/latest/reference/argocd/",
	},
	{
		group: "install.istio.io", kinds: []string{"IstioOperator"},
		at: []string{"spec"}, repository: "hub", fixed: "pilot", version: "tag",
		source: "https://istio.io/v1.22/docs/reference/config/istio.operator.v1alpha1/",
	},
	{
		group: "nvidia.com", kinds: []string{"ClusterPolicy"},
		at:         []string{"spec.*", "spec.driver.manager", "spec.vgpuManager.driverManager", "spec.vfioManager.driverManager"},
		repository: "repository", image: "image", version: "version",
		source: "https://github.com/NVIDIA/gpu-operator/blob/main/api/nvidia/v1/clusterpolicy_types.go",
	},
	{
		group: "nvidia.com", kinds: []string{"NVIDIADriver"},
		at: []string{"spec", "spec.manager"}, repository: "repository", image: "image", version: "version",
		source: "https://github.com/NVIDIA/gpu-operator/blob/main/api/nvidia/v1alpha1/nvidiadriver_types.go",
	},
}

// partsOf gives those of a kind.
func partsOf(group, kind string) []imageParts {
	var found []imageParts
	for _, p := range partedImages {
		if p.group == group && slices.Contains(p.kinds, kind) {
			found = append(found, p)
		}
	}
	return found
}

// parted reads the image that a map names in parts. What has no version has that of its operator's release.
func (w *objectWalker) parted(owner map[string]any, path source.Path) {
	for _, parts := range w.parts {
		if !slices.ContainsFunc(parts.at, func(at string) bool { return matchField(strings.Split(at, "."), path[w.start:]) }) {
			continue
		}
		holder := source.Node{Value: owner, Path: slices.Clone(path)}
		repository, image, version := holder.Key(parts.repository), holder.Key(parts.image), holder.Key(parts.version)
		name := image.Text()
		if parts.fixed != "" {
			name, image = parts.fixed, repository
		}
		if image.Text() == "" {
			continue
		}
		if repository.Text() != "" {
			name = strings.TrimSuffix(repository.Text(), "/") + "/" + name
		}
		w.joined(name, image, version, strings.Join(append(fieldName(path[w.start:]), "image"), "."))
	}
}

// joined records an image of a name that another field gives a version, which may be a digest.
func (w *objectWalker) joined(name string, image, version source.Node, context string) {
	at, text := image.Path, scalarText(version)
	switch {
	case strings.HasPrefix(text, "sha256:"):
		name, at = name+"@"+text, version.Path
	case text != "":
		name, at = name+":"+text, version.Path
	}
	r := ParseImage(name)
	if r.Pin == PinNone {
		r.pin(PinUnknown, "its version is that of the operator's release")
	}
	w.add(r, context, at)
}
