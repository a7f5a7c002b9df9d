// Package charts knows whether the dependencies of a Helm chart are what its lock says, and where they lie.
package charts

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"github.com/Masterminds/semver/v3"
	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Facts is what the files beside a Chart.yaml, or a requirements.yaml, say about the dependencies that it lists.
type Facts struct {
	// Lock is the name of the file that holds their versions: Chart.lock, or requirements.lock beside a requirements.yaml.
	Lock string `json:"lock"`
	// Locked are the versions that the lock holds, by dependency name; nil where there is no lock that can be read.
	// See https://helm.sh/docs/helm/helm_dependency_build/.
	Locked map[string]string `json:"locked,omitempty"`
	// Vendored are the dependencies, by name, that lie in the repository under charts/, which is where they are taken from.
	Vendored map[string]bool `json:"vendored,omitempty"`
	// Drift are the dependencies that the lock holds otherwise than they are asked for; in the order of the list.
	Drift []Drift `json:"drift,omitempty"`
	// OutOfSync: the lock's digest is not that of these dependencies, so `helm dependency build` refuses it. It is false
	// where that cannot be told, because a repository goes by the name that somebody's computer has for it, or Helm 2 may have made the lock.
	OutOfSync bool `json:"outOfSync,omitempty"`
	// Outside are the dependencies whose folder does not lie in the repository.
	Outside []Outside `json:"outside,omitempty"`
}

// Drift is one dependency that the lock holds otherwise.
type Drift struct {
	Name   string      `json:"name"`
	Asked  string      `json:"asked"`            // the version or range, or the repository, in the list
	Locked string      `json:"locked,omitempty"` // what the lock has in its place; "" where it does not know the dependency
	Field  string      `json:"field"`            // "name", "version" or "repository"
	Path   source.Path `json:"path"`             // of that field in the list
}

// Outside is a dependency by a path out of the repository.
type Outside struct {
	Name       string      `json:"name"`
	Repository string      `json:"repository"`
	Path       source.Path `json:"path"`
}

// maxLock bounds a lock, in bytes.
const maxLock = 1 << 20

// dependency has the fields that Helm writes into the digest of a lock, in its order; see Dependency in Helm's pkg/chart.
type dependency struct {
	Name         string   `json:"name" yaml:"name"`
	Version      string   `json:"version,omitempty" yaml:"version"`
	Repository   string   `json:"repository" yaml:"repository"`
	Condition    string   `json:"condition,omitempty" yaml:"condition"`
	Tags         []string `json:"tags,omitempty" yaml:"tags"`
	Enabled      bool     `json:"enabled,omitempty" yaml:"enabled"`
	ImportValues []any    `json:"import-values,omitempty" yaml:"import-values"`
	Alias        string   `json:"alias,omitempty" yaml:"alias"`
}

// Of establishes the facts of a Chart.yaml or of a requirements.yaml.
func Of(doc *source.Document, files *source.Repository) *Facts {
	var chart struct {
		APIVersion   string        `yaml:"apiVersion"`
		Dependencies []*dependency `yaml:"dependencies"`
	}
	facts := &Facts{Lock: lockName(doc.Kind)}
	if err := yaml.Unmarshal(doc.File.Data, &chart); err != nil {
		return facts // told where the file is parsed
	}
	dir := path.Dir(doc.File.Path)
	for i, d := range chart.Dependencies {
		if folder, ok := cutFile(d); ok && leaves(dir, folder) {
			facts.Outside = append(facts.Outside, Outside{d.Name, d.Repository, source.Path{"dependencies", i, "repository"}})
		}
		if d != nil && vendored(dir, d.Name, files) {
			facts.vendor(d.Name)
		}
	}
	text := files.Read(path.Join(dir, facts.Lock))
	var lock struct {
		Dependencies []*dependency `yaml:"dependencies"`
		Digest       string        `yaml:"digest"`
	}
	if text == nil || len(text) > maxLock || yaml.Unmarshal(text, &lock) != nil {
		return facts // an unreadable lock holds nothing
	}
	facts.Locked = map[string]string{}
	for _, d := range lock.Dependencies {
		if d != nil {
			facts.Locked[d.Name] = d.Version
		}
	}
	if hasNil(chart.Dependencies) || hasNil(lock.Dependencies) || len(chart.Dependencies) == 0 {
		return facts
	}
	facts.Drift = drift(chart.Dependencies, lock.Dependencies)
	facts.OutOfSync = doc.Kind == source.Chart && chart.APIVersion != "v1" && !hasAlias(chart.Dependencies) &&
		lock.Digest != digest([2][]*dependency{chart.Dependencies, lock.Dependencies})
	return facts
}

// lockName is where Helm keeps the versions: https://helm.sh/docs/topics/charts/#the-apiversion-field.
func lockName(list source.Kind) string {
	if list == source.Requirements {
		return "requirements.lock"
	}
	return "Chart.lock"
}

func cutFile(d *dependency) (folder string, ok bool) {
	if d == nil {
		return "", false
	}
	return strings.CutPrefix(d.Repository, "file://")
}

// leaves reports whether a folder, seen from another one in the repository, is none of the repository's.
func leaves(dir, folder string) bool {
	joined := path.Join(dir, folder)
	return path.IsAbs(folder) || joined == ".." || strings.HasPrefix(joined, "../")
}

func hasNil(list []*dependency) bool {
	for _, d := range list {
		if d == nil {
			return true
		}
	}
	return false
}

// hasAlias reports whether a repository goes by a name, @stable or alias:stable, whose address is on somebody's computer.
func hasAlias(list []*dependency) bool {
	for _, d := range list {
		if isAlias(d.Repository) {
			return true
		}
	}
	return false
}

func isAlias(repository string) bool {
	return strings.HasPrefix(repository, "@") || strings.HasPrefix(repository, "alias:")
}

// digest is Helm's own: of the JSON of what is asked for and what is locked.
func digest(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// drift compares dependency by dependency: the lock lists them in the same order, a name twice where an alias has
// it twice.
func drift(asked, locked []*dependency) []Drift {
	var found []Drift
	rest := append([]*dependency{}, locked...)
	for i, want := range asked {
		have := take(&rest, want.Name)
		at := source.Path{"dependencies", i}
		switch {
		case have == nil:
			found = append(found, Drift{Name: want.Name, Asked: want.Name, Field: "name", Path: at.Append("name")})
		case !admits(want.Version, have.Version):
			found = append(found, Drift{Name: want.Name, Asked: want.Version, Locked: have.Version, Field: "version", Path: at.Append("version")})
		case !isAlias(want.Repository) && !isAlias(have.Repository) && trimmed(want) != trimmed(have):
			found = append(found, Drift{Name: want.Name, Asked: want.Repository, Locked: have.Repository, Field: "repository", Path: at.Append("repository")})
		}
	}
	return found
}

func trimmed(d *dependency) string { return strings.TrimSuffix(d.Repository, "/") }

// take removes the first of a name from the list and gives it; nil where there is none.
func take(list *[]*dependency, name string) *dependency {
	for i, d := range *list {
		if d.Name == name {
			*list = append((*list)[:i:i], (*list)[i+1:]...)
			return d
		}
	}
	return nil
}

// admits reports whether a version lies in a range. What cannot be read as one is left to Helm.
func admits(constraint, version string) bool {
	c, err := semver.NewConstraint(constraint)
	v, failed := semver.NewVersion(version)
	return err != nil || failed != nil || c.Check(v) || fmt.Sprint(v) == strings.TrimPrefix(constraint, "v")
}
