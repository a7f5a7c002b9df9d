package facts

import (
	"bytes"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// artifacts are the images that Skaffold builds, by the folder of its configuration. When it deploys what is in there, it
// puts tag and digest of what it built in the place of their names. See
// https://skaffold.dev/docs/deployers/#image-tag-replacement and https://skaffold.dev/docs/references/yaml/.
type artifacts map[string]map[string]bool

// Bounds on what is read of a repository to know what it builds.
const (
	maxSkaffoldFiles = 1000
	maxSkaffold      = 1 << 20 // bytes of one file
)

func artifactsOf(files *source.Repository) artifacts {
	if files == nil {
		return nil
	}
	found, read := artifacts{}, 0
	for _, name := range files.Paths {
		dir, base := path.Split(name)
		if !strings.HasPrefix(base, "skaffold") || !strings.HasSuffix(base, ".yaml") && !strings.HasSuffix(base, ".yml") {
			continue
		}
		if read++; read > maxSkaffoldFiles {
			break
		}
		if text := files.Read(name); len(text) <= maxSkaffold {
			found.add(path.Clean(dir), text)
		}
	}
	return found
}

// skaffold is the part of Skaffold's configuration that says what it builds; imageName is an older name.
type skaffold struct {
	APIVersion string        `yaml:"apiVersion"`
	Build      skaffoldBuild `yaml:"build"`
	Profiles   []struct {
		Build skaffoldBuild `yaml:"build"`
	} `yaml:"profiles"`
}

type skaffoldBuild struct {
	Artifacts []struct {
		Image     string `yaml:"image"`
		ImageName string `yaml:"imageName"`
	} `yaml:"artifacts"`
}

// add reads the modules of one file. One that cannot be read builds nothing.
func (a artifacts) add(dir string, text []byte) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var module skaffold
		if err := decoder.Decode(&module); err != nil {
			return
		}
		if !strings.HasPrefix(module.APIVersion, "skaffold/") {
			continue
		}
		builds := []skaffoldBuild{module.Build}
		for _, profile := range module.Profiles {
			builds = append(builds, profile.Build)
		}
		for _, build := range builds {
			for _, artifact := range build.Artifacts {
				a.name(dir, artifact.Image)
				a.name(dir, artifact.ImageName)
			}
		}
	}
}

func (a artifacts) name(dir, image string) {
	if image == "" {
		return
	}
	if a[dir] == nil {
		a[dir] = map[string]bool{}
	}
	a[dir][refs.ParseImage(image).Name] = true
}

// mark makes local what Skaffold builds for a file. An image at a digest stays what it is.
func (a artifacts) mark(file string, found []refs.Ref) {
	for i := range found {
		r := &found[i]
		if r.Kind != refs.Image || r.Pinned {
			continue
		}
		for dir := path.Dir(file); ; dir = path.Dir(dir) {
			if a[dir][r.Name] {
				r.Built()
			}
			if dir == "." || dir == "/" {
				break
			}
		}
	}
}
