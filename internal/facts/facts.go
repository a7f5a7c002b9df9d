// Package facts puts what is known about a document into the one input that policies see. Facts are established here
// and below, by functions; policies only judge them.
package facts

import (
	"sync"

	"github.com/plimsoll-dev/plimsoll/internal/actions"
	"github.com/plimsoll-dev/plimsoll/internal/build"
	"github.com/plimsoll-dev/plimsoll/internal/charts"
	"github.com/plimsoll-dev/plimsoll/internal/compose"
	"github.com/plimsoll-dev/plimsoll/internal/fetch"
	"github.com/plimsoll-dev/plimsoll/internal/gitops"
	"github.com/plimsoll-dev/plimsoll/internal/kube"
	"github.com/plimsoll-dev/plimsoll/internal/podsecurity"
	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/settings"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/terraform"
	"github.com/plimsoll-dev/plimsoll/internal/token"
	"github.com/plimsoll-dev/plimsoll/internal/updates"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// Input is what a policy sees of one document; `plimsoll facts FILE` prints it.
type Input struct {
	File   File       `json:"file"`
	Origin *Origin    `json:"origin,omitempty"`
	Doc    any        `json:"doc"`
	Refs   []refs.Ref `json:"refs"`
	// Duplicates are the paths of keys that stand twice in a map of the text, or of what a chart renders to.
	Duplicates []source.Path  `json:"duplicates,omitempty"`
	Facts      Facts          `json:"facts"`
	Params     map[string]any `json:"params,omitempty"` // by rule ID, from the configuration
	Rules      []string       `json:"rules,omitempty"`  // the rules to evaluate; all when there is no such list

	// Variants are those of the rendering in which the facts hold; nil where there are none. Policies don't see them, so
	// that what they say of several is the same.
	Variants []string `json:"-"`
}

// File is the file that the document stands in.
type File struct {
	Path string      `json:"path"`
	Kind source.Kind `json:"kind"`
	Use  Use         `json:"use,omitempty"`
}

// Origin is the rendering that made the document.
type Origin struct {
	Renderer string `json:"renderer"`
	Root     string `json:"root"`
}

// Facts holds the typed facts of the document's kind.
type Facts struct {
	Workflow *workflow.Facts `json:"workflow,omitempty"`
	Token    *token.Facts    `json:"token,omitempty"`
	Actions  *actions.Facts  `json:"actions,omitempty"`
	Kube     *kube.Facts     `json:"kube,omitempty"`
	// Credentials are those that are written out in a Kubernetes object.
	Credentials []workflow.Credential `json:"credentials,omitempty"`
	// PodSecurity is what the Pod Security Standards forbid of an object with pods.
	PodSecurity *podsecurity.Facts `json:"podSecurity,omitempty"`
	Chart       *charts.Facts      `json:"chart,omitempty"`
	Build       *build.Facts       `json:"build,omitempty"` // of a Dockerfile
	Compose     *compose.Facts     `json:"compose,omitempty"`
	GitOps      *gitops.Facts      `json:"gitops,omitempty"` // of an object of Argo CD or Flux
	Terraform   *terraform.Facts   `json:"terraform,omitempty"`
	// Dependabot is what a dependabot.yml leaves out.
	Dependabot *updates.Dependabot `json:"dependabot,omitempty"`
	// NoUpdater: nobody keeps the repository's dependencies up to date. It is a fact of its first workflow.
	NoUpdater bool         `json:"noUpdater,omitempty"`
	Fetch     *fetch.Facts `json:"fetch,omitempty"`
	// Settings are what GitHub's settings mean for the files.
	Settings *settings.Facts `json:"settings,omitempty"`
	// Conflicts are what the references of the whole repository contradict each other in.
	Conflicts []refs.Conflict `json:"conflicts,omitempty"`
}

// Repository is where documents stand, for facts that look beyond one of them. It may be used at the same time.
type Repository struct {
	files     *source.Repository
	workflows *workflow.Repository
	actions   *actions.Repository
	gitops    *gitops.Repository
	pods      *podsecurity.Standard
	built     func() artifacts
	customs   *customs
	asserted  *assertions
	labelled  func() namespaces
}

// In makes a Repository of its files; nil holds none.
func In(files *source.Repository) *Repository {
	workflows := workflow.NewRepository(files)
	return &Repository{
		files: files, workflows: workflows, actions: actions.NewRepository(files, workflows),
		gitops: gitops.NewRepository(files), pods: podsecurity.Default(),
		built:    sync.OnceValue(func() artifacts { return artifactsOf(files) }),
		labelled: sync.OnceValue(func() namespaces { return namespacesOf(files) }),
		customs:  customsOf(files), asserted: &assertions{files: files},
	}
}

// HoldPodsTo sets the standard that pods are held to; it is restricted of the latest version before that.
func (r *Repository) HoldPodsTo(s *podsecurity.Standard) { r.pods = s }

// podSecurity holds an object to the standard, and to what its namespace enforces: the one that is deployed with it, or else the
// only one of that name in the repository.
func (r *Repository) podSecurity(doc *source.Document, object *kube.Facts) *podsecurity.Facts {
	if object == nil || len(object.Pods)+len(object.Containers) == 0 {
		return nil
	}
	var labels map[string]string
	if s := object.Surroundings; s != nil && s.Namespace != nil {
		labels = s.Namespace.Labels
	} else {
		labels = r.labelled().labels(object.Namespace)
	}
	return r.pods.FactsOf(doc.Value, object, labels)
}

// Document gives a workflow or an action of the repository; nil where the path leads to neither.
func (r *Repository) Document(path string) *source.Document { return r.files.Document(path) }

// Of establishes all facts about a document that is deployed by itself; for others see Unit. Some look at other files of
// the repository.
func Of(doc *source.Document, repo *Repository) *Input {
	return Together([]*source.Document{doc}).Of(0, repo)[0]
}

// of establishes what is to be known about a document but for the facts of a Kubernetes object, which its unit has.
func of(doc *source.Document, repo *Repository) *Input {
	in := &Input{
		File: File{Path: doc.File.Path, Kind: doc.Kind, Use: useOf(doc, repo.files)},
		Doc:  doc.Value,
		Refs: refs.Extract(doc), Duplicates: doc.Duplicates,
	}
	if doc.Origin != nil {
		in.Origin = &Origin{Renderer: doc.Origin.Renderer, Root: doc.Origin.Root}
	}
	var images []refs.Ref
	in.Facts.Fetch, images = fetch.Of(doc, repo.files)
	in.Refs = append(in.Refs, images...)
	switch doc.Kind {
	case source.Workflow, source.Action:
		in.Facts.Workflow = workflow.FactsOf(doc, repo.workflows)
		in.Facts.Token = token.Of(doc, repo.workflows)
		in.Facts.Actions = repo.actions.Of(doc, in.Refs)
		in.Facts.NoUpdater = updates.None(doc.File.Path, repo.files)
	case source.Dependabot:
		in.Facts.Dependabot = updates.DependabotOf(doc, repo.files)
	case source.ActionsLock:
		in.Facts.Actions = repo.actions.LockFile(doc)
	case source.Manifest:
		in.Facts.GitOps = gitops.FactsOf(doc)
		in.Facts.Credentials = credentialsOf(doc)
		repo.gitops.Own(doc, in.Refs)
		repo.gitops.Serve(doc, in.Refs)
		repo.built().mark(doc.File.Path, in.Refs)
	case source.Kustomization:
		charts.Own(doc, in.Refs, repo.files)
	case source.DevContainer:
		lockFeatures(doc, in.Refs, repo.files)
	case source.Settings:
		in.Facts.Settings = settings.FactsOf(doc, repo.workflows)
	case source.Whole:
		in.Facts.Conflicts = refs.Conflicts(in.Refs)
	case source.Chart, source.Requirements:
		in.Facts.Chart = charts.Of(doc, repo.files)
	case source.Dockerfile:
		in.Facts.Build = build.Of(doc, repo.files)
	case source.Compose:
		in.Facts.Compose = compose.Of(doc)
	case source.Terraform:
		in.Facts.Terraform = terraform.Of(doc, repo.files)
	}
	return in
}
