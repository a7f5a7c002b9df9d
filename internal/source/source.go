// Package source holds text and positions, and nothing else: files, the documents parsed from them, paths into those
// documents, and the places in the text that a path leads to. It judges nothing and reads nothing from disk.
package source

// Kind says what a file is for, which decides who parses it and which rules see it.
type Kind string

// The kinds of file. A file with an empty Kind is not ours to lint.
const (
	Workflow      Kind = "workflow"      // .github/workflows/*.yml
	Action        Kind = "action"        // action.yml, anywhere
	Dockerfile    Kind = "dockerfile"    // Dockerfile, Containerfile and their variants
	Compose       Kind = "compose"       // Compose files
	Manifest      Kind = "manifest"      // Kubernetes objects, plain or rendered
	Chart         Kind = "chart"         // Chart.yaml of a Helm chart
	Requirements  Kind = "requirements"  // requirements.yaml of a Helm chart: its dependencies, in the way of Helm 2
	ChartFile     Kind = "chart-file"    // any other file of a Helm chart: read by rendering the chart
	Kustomization Kind = "kustomization" // kustomization.yaml
	Terraform     Kind = "terraform"     // *.tf, *.tf.json
	ActionsLock   Kind = "actions-lock"  // .github/workflows/actions.lock
	Dependabot    Kind = "dependabot"    // .github/dependabot.yml
	Renovate      Kind = "renovate"      // renovate.json, .renovaterc and their kin
	PreCommit     Kind = "pre-commit"    // .pre-commit-config.yaml
	GitLabCI      Kind = "gitlab-ci"     // .gitlab-ci.yml and the files that it is made of by custom
	DevContainer  Kind = "devcontainer"  // devcontainer.json
	Values        Kind = "values"        // the values of a Helm chart that no rendering printed
	Settings      Kind = "settings"      // no file: what GitHub enforces on the repository, as its API tells
	Whole         Kind = "repository"    // no file: what the documents of the repository say between them
)

// SettingsPath begins what stands for the path where settings of a repository are meant, which are in no file: its name
// follows.
const SettingsPath = "settings of "

// File is one file of the repository under lint.
type File struct {
	Path string // relative to the repository's root, with slashes
	Kind Kind
	Data []byte
}

// Document is one parsed value of a file, or one object that a renderer made.
type Document struct {
	// File is where the document stands; for a rendered document the file it is attributed to as a whole (a template,
	// a resource). Locate may lead to another file.
	File *File
	Kind Kind
	// Value is plain: map[string]any, []any, string, bool, int, int64, uint64, float64 or nil.
	Value  any
	Origin *Origin // nil for a document that is the text of File
	Object Object  // zero unless the document is a Kubernetes object
	// Duplicates are the keys that stand twice in a map of the text, of which the last counts here; at most maxDuplicates.
	Duplicates []Duplicate

	locator Locator
}

// Origin says which rendering made a document.
type Origin struct {
	Renderer string   // "helm" or "kustomize"
	Root     string   // directory of the chart or kustomization, relative to the repository's root
	Variants []string // names of the value sets that give this very document; sorted
}

// Object names a Kubernetes object.
type Object struct {
	APIVersion, Kind, Namespace, Name string
}

// String gives the usual short form, kind/namespace/name, without the namespace where there is none.
func (o Object) String() string {
	switch {
	case o.Kind == "":
		return ""
	case o.Namespace == "":
		return o.Kind + "/" + o.Name
	default:
		return o.Kind + "/" + o.Namespace + "/" + o.Name
	}
}

// Point is a place in a text: 1-based line, 1-based byte column, 0-based byte offset. Lines end at "\n" only, as
// editors and GitHub count them.
type Point struct {
	Line, Column, Offset int
}

// Span is a half-open range of a text: End is the first place after it. With Exact false only the file, or a line
// nearby, is known; reporters say so.
type Span struct {
	Start, End Point
	Exact      bool
}

// Location is a span of a file.
type Location struct {
	Path string // relative to the repository's root, with slashes
	Span Span
}

// Note is a location with a reason to look at it.
type Note struct {
	Message  string
	Location Location
}

// Trace is where a value comes from.
type Trace struct {
	Location // the place that causes it, where its author works
	// Steps are the way from what was rendered to its cause: the template's line first, the files that include it, the
	// values last. The location above is among them. There are none for a document that is the text of its file.
	Steps []Step
}

// Step is one place on the way of a value from its source into what was rendered.
type Step struct {
	Note
	// Cause says that this place is part of what makes the value what it is, as a line of a template and the value that
	// it prints are. Places that only lead there, such as an include, are none.
	Cause bool
}

// Related are the steps but the one that is the trace's own location.
func (t Trace) Related() []Note {
	var notes []Note
	for _, s := range t.Steps {
		if s.Location != t.Location {
			notes = append(notes, s.Note)
		}
	}
	return notes
}

// Prefer gives the trace the first cause that is wanted as its location, when its own is not.
func (t Trace) Prefer(wanted func(Location) bool) Trace {
	if wanted(t.Location) {
		return t
	}
	for _, s := range t.Steps {
		if s.Cause && wanted(s.Location) {
			t.Location = s.Location
			break
		}
	}
	return t
}

// Locator turns a path in a document, and optionally a text inside the scalar there, into its place in a file.
type Locator interface {
	// Locate never fails: a path that leads nowhere gives the nearest ancestor that exists. With a text, the place is
	// the first occurrence of that text in the scalar's own source, if it is there.
	Locate(path Path, text string) Trace
}

// NewDocument joins a value to what knows its positions.
func NewDocument(file *File, kind Kind, value any, locator Locator) *Document {
	return &Document{File: file, Kind: kind, Value: value, locator: locator}
}

// WithLocator returns a copy of the document whose places are told by another locator.
func (d *Document) WithLocator(locator Locator) *Document {
	c := *d
	c.locator = locator
	return &c
}

// Locate gives the place in the text that the path leads to; see Locator.
func (d *Document) Locate(path Path, text string) Trace {
	if d.locator == nil {
		return Trace{Location: FileStart(d.File.Path)}
	}
	return d.locator.Locate(path, text)
}

// Extent is the range of the value at a path with all in it, in the document's own text: of a map from its first key to the
// end of its last value. It reports false when nothing is there, or the document is no YAML.
func (d *Document) Extent(path Path) (Span, bool) {
	if l, ok := d.locator.(*yamlLocator); ok {
		return l.extent(path)
	}
	return Span{}, false
}

// FileStart is the place to name when only the file is known: its first line, not exact.
func FileStart(path string) Location {
	start := Point{Line: 1, Column: 1}
	return Location{Path: path, Span: Span{Start: start, End: start}}
}

// Kinds lists the kinds of file that rules can judge.
func Kinds() []Kind {
	return []Kind{Workflow, Action, Dockerfile, Compose, Manifest, Chart, Requirements, Kustomization, Terraform, ActionsLock, Dependabot, Renovate, PreCommit, GitLabCI, DevContainer, Values, Settings, Whole}
}
