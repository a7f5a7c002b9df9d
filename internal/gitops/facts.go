package gitops

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Facts is what an object of Argo CD or Flux says about how it deploys, beside its references.
type Facts struct {
	// Repository is the address of a HelmRepository, or of a repository that Argo CD is told of by a Secret.
	Repository *Setting `json:"repository,omitempty"`
	// Charts: the repository is one of charts.
	Charts bool `json:"charts,omitempty"`
	// Artifact is the address of an OCIRepository.
	Artifact *Artifact `json:"artifact,omitempty"`
	// Signed: what Flux fetches for the object is verified by keys that the cluster holds, or by who has signed it.
	Signed bool `json:"signed,omitempty"`
	// AnySigner is where a signature is asked for, and not whose.
	AnySigner *source.Path `json:"anySigner,omitempty"`
	// PullRequests are the generators of an ApplicationSet that deploy the code of pull requests.
	PullRequests []PullRequests `json:"pullRequests,omitempty"`
	// Plugins are the programs that Argo CD runs to make objects: the commands of a ConfigManagementPlugin, or the plugin that
	// an application names.
	Plugins []Plugin `json:"plugins,omitempty"`
	// Project is that of an ApplicationSet's applications, where what its generators find names it.
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
	Insecure *source.Path `json:"insecure,omitempty"` // of the setting that has it fetched without encryption
}

// Plugin is a program, or the name of one that is installed beside Argo CD's repository server.
type Plugin struct {
	Name    string      `json:"name,omitempty"`    // "" where Argo CD picks the plugin that fits
	Command string      `json:"command,omitempty"` // words joined by blanks; "" where the plugin is named alone
	Path    source.Path `json:"path"`
}

// PullRequests is a generator of an application for each open pull request.
type PullRequests struct {
	Host   string      `json:"host"`   // the key that names it: github, gitlab, gitea
	Labels bool        `json:"labels"` // only those with a label, which outsiders cannot give
	Path   source.Path `json:"path"`   // of the host's key
}

// FactsOf gives the facts of a document; nil where the object is none of these.
func FactsOf(doc *source.Document) *Facts {
	spec := source.Node{Value: doc.Value}.Key("spec")
	group, _, _ := strings.Cut(doc.Object.APIVersion, "/")
	f := &Facts{}
	switch group + " " + doc.Object.Kind {
	case "v1 Secret":
		return argoRepository(source.Node{Value: doc.Value})
	case "source.toolkit.fluxcd.io HelmRepository":
		f.Repository, f.Charts = settingAt(spec.Key("url")), true
	case "source.toolkit.fluxcd.io GitRepository":
		f.Signed = spec.Key("verify").Value != nil
	case "source.toolkit.fluxcd.io HelmChart":
		f.verify(spec.Key("verify"))
	case "helm.toolkit.fluxcd.io HelmRelease":
		f.verify(spec.Key("chart").Key("spec").Key("verify"))
	case "source.toolkit.fluxcd.io OCIRepository":
		f.verify(spec.Key("verify"))
		if url := settingAt(spec.Key("url")); url != nil {
			f.Artifact = &Artifact{Setting: *url}
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
		f.generators(spec.Key("generators"), 0)
		f.Project = foreign(spec.Key("template").Key("spec").Key("project"), spec.Key("generators"))
	default:
		return nil
	}
	return f
}

// verify reads how Flux verifies what it takes from a registry. Without keys, and without identities to match, the signature
// of everybody who has an account with an issuer of Sigstore's will do.
// See https://fluxcd.io/flux/components/source/ocirepositories/#verification.
func (f *Facts) verify(v source.Node) {
	switch {
	case v.Value == nil:
	case v.Key("secretRef").Value == nil && len(v.Key("matchOIDCIdentity").Items()) == 0:
		f.AnySigner = &v.Path
	default:
		f.Signed = true
	}
}

// argoRepository reads a Secret that tells Argo CD of a repository, or of the credentials for several; nil for any other.
// See https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repositories.
func argoRepository(secret source.Node) *Facts {
	kind, _ := secret.Key("metadata").Key("labels").Key("argocd.argoproj.io/secret-type").Value.(string)
	data := secret.Key("stringData")
	url := settingAt(data.Key("url"))
	if url == nil || !strings.HasPrefix(kind, "repo") {
		return nil
	}
	return &Facts{Repository: url, Charts: data.Key("type").Value == "helm"}
}

// commands reads what a ConfigManagementPlugin runs.
// See https://argo-cd.readthedocs.io/en/stable/operator-manual/config-management-plugins/.
func (f *Facts) commands(spec source.Node, name string) {
	for _, step := range []source.Node{spec.Key("discover").Key("find"), spec.Key("generate"), spec.Key("init")} {
		var words []string
		for _, key := range []string{"command", "args"} {
			for _, word := range step.Key(key).Items() {
				text, _ := word.Value.(string)
				words = append(words, text)
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

// hosts are the keys of a pull request generator that name where the pull requests are, and that of the labels to ask for.
// See https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Pull-Request/.
var hosts = []string{"azuredevops", "bitbucket", "bitbucketServer", "gitea", "github", "gitlab"}

// maxNested is how deep matrix and merge generators nest; Argo CD allows two levels.
const maxNested = 4

func (f *Facts) generators(list source.Node, depth int) {
	for _, g := range list.Items() {
		for _, host := range hosts {
			at := g.Key("pullRequest").Key(host)
			if at.Value == nil {
				continue
			}
			labels, _ := at.Key("labels").Value.([]any)
			f.PullRequests = append(f.PullRequests, PullRequests{Host: host, Labels: len(labels) > 0, Path: at.Path})
		}
		for _, key := range []string{"matrix", "merge"} {
			if depth < maxNested {
				f.generators(g.Key(key).Key("generators"), depth+1)
			}
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
