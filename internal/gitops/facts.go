package gitops

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Facts is what an object of Argo CD or Flux says about how it deploys, beside its references.
type Facts struct {
	// Repository is the address of a HelmRepository.
	Repository *Setting `json:"repository,omitempty"`
	// Artifact is the address of an OCIRepository.
	Artifact *Artifact `json:"artifact,omitempty"`
	// Signed: the commits of a GitRepository are verified by keys that the cluster holds.
	Signed bool `json:"signed,omitempty"`
	// PullRequests are the generators of an ApplicationSet that deploy the code of pull requests.
	PullRequests []PullRequests `json:"pullRequests,omitempty"`
	// Plugins are the programs that Argo CD runs to make objects: the commands of a ConfigManagementPlugin, or the plugin that
	// an application names.
	Plugins []Plugin `json:"plugins,omitempty"`
	// Project is that of an ApplicationSet's applications, where what the generators find names it.
	Project *Setting `json:"project,omitempty"`
}

// Setting is a text of the object and where it stands.
type Setting struct {
	Value string      `json:"value"`
	Path  source.Path `json:"path"`
}

// Artifact is an OCIRepository's.
type Artifact struct {
	Setting
	Verified bool         `json:"verified"`           // by a signature
	Insecure *source.Path `json:"insecure,omitempty"` // of the setting that has it fetched without encryption
}

// Plugin is a program, or the name of one that is installed beside Argo CD's repository server.
type Plugin struct {
	Name    string      `json:"name,omitempty"`    // "" where Argo CD picks the plugin that fits
	Command string      `json:"command,omitempty"` // words joined by blanks; "" where the plugin is named alone
	Path    source.Path `json:"path"`
}

// FactsOf gives the facts of a document; nil where the object is none of these.
func FactsOf(doc *source.Document) *Facts {
	spec := source.Node{Value: doc.Value}.Key("spec")
	group, _, _ := strings.Cut(doc.Object.APIVersion, "/")
	f := &Facts{}
	switch group + " " + doc.Object.Kind {
	case "source.toolkit.fluxcd.io HelmRepository":
		f.Repository = settingAt(spec.Key("url"))
	case "source.toolkit.fluxcd.io GitRepository":
		f.Signed = spec.Key("verify").Value != nil
	case "source.toolkit.fluxcd.io OCIRepository":
		if url := settingAt(spec.Key("url")); url != nil {
			f.Artifact = &Artifact{Setting: *url, Verified: spec.Key("verify").Value != nil}
			if at := spec.Key("insecure"); at.Value == true {
				f.Artifact.Insecure = &at.Path
			}
		}
	case "argoproj.io ConfigManagementPlugin":
		f.commands(spec, doc.Object.Name)
	case "argoproj.io Application":
		f.plugins(spec)
	case "argoproj.io ApplicationSet":
		f.plugins(spec.Key("template").Key("spec"))
		f.pullRequests(spec)
		f.project(spec)
	default:
		return nil
	}
	return f
}

// project reads a project that is a template, unless its value stands in the object after all.
func (f *Facts) project(spec source.Node) {
	project := settingAt(spec.Key("template").Key("spec").Key("project"))
	if project != nil && strings.Contains(project.Value, "{{") && !written(project.Value, spec.Key("generators")) {
		f.Project = project
	}
}

// commands reads what a ConfigManagementPlugin runs.
// See https://argo-cd.readthedocs.io/en/stable/operator-manual/config-management-plugins/.
func (f *Facts) commands(spec source.Node, name string) {
	for _, step := range []source.Node{spec.Key("discover").Key("find"), spec.Key("generate"), spec.Key("init")} {
		var words []string
		for _, key := range []string{"command", "args"} {
			for _, word := range step.Key(key).Items() {
				words = append(words, strings.TrimSpace(word.Text()))
			}
		}
		if len(words) > 0 {
			f.Plugins = append(f.Plugins, Plugin{name, strings.Join(words, " "), step.Key("command").Path})
		}
	}
}

// plugins reads the plugins that an application asks for.
func (f *Facts) plugins(spec source.Node) {
	for _, s := range append(spec.Key("sources").Items(), spec.Key("source")) {
		if at := s.Key("plugin"); at.Value != nil {
			name, _ := at.Key("name").Value.(string)
			f.Plugins = append(f.Plugins, Plugin{Name: name, Path: at.Path})
		}
	}
}

// settingAt is a text that stands in the object; nil for none.
func settingAt(v source.Node) *Setting {
	text, _ := v.Value.(string)
	if text == "" {
		return nil
	}
	return &Setting{text, v.Path}
}
