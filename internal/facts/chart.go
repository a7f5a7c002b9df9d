package facts

import (
	"path"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Chart is what the files beside a Chart.yaml say about it.
type Chart struct {
	// Locked are the versions that Chart.lock holds, by dependency name; nil where there is no lock that can be read.
	// See https://helm.sh/docs/helm/helm_dependency_build/.
	Locked map[string]string `json:"locked,omitempty"`
}

// maxLock bounds a Chart.lock, in bytes.
const maxLock = 1 << 20

func chartOf(doc *source.Document, files *source.Repository) *Chart {
	text := files.Read(path.Join(path.Dir(doc.File.Path), "Chart.lock"))
	if text == nil || len(text) > maxLock {
		return &Chart{}
	}
	var lock struct {
		Dependencies []struct{ Name, Version string }
	}
	if err := yaml.Unmarshal(text, &lock); err != nil {
		return &Chart{} // an unreadable lock holds nothing
	}
	chart := &Chart{Locked: map[string]string{}}
	for _, d := range lock.Dependencies {
		chart.Locked[d.Name] = d.Version
	}
	return chart
}
