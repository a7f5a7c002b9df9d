package render

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/resource"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// kustomization is one kustomization file, read tolerantly: whatever in it is not as it should be is left out here and
// told by the Kustomize library.
type kustomization struct {
	file  *source.File
	doc   *source.Document // nil when the file cannot be read
	value map[string]any   // the document, its keys spelt as Kustomize spells them
	err   *source.SyntaxError
	// Unread is set when the file does not parse, rather than parses to what is no kustomization.
	unread bool
	// Plugged are the charts that its generators are to inflate, once they were read.
	plugged []chartEntry
}

// takes says what an entry of a kustomization may lead to.
type takes int

const (
	file   takes = iota // a file, or over http
	target              // a file, a directory with a kustomization, or a git repository
	plugin              // as target, or the configuration itself
	patch               // a file, or the patch itself
)

// entry is one reference that a kustomization makes.
type entry struct {
	field string
	takes takes
	value string
	at    source.Path // of the value
	owner source.Path // of what goes when the entry is left out
}

// lists are the fields that hold plain references.
var lists = []struct {
	field string
	takes takes
}{
	{"resources", target},
	{"bases", target},
	{"components", target},
	{"generators", plugin},
	{"transformers", plugin},
	{"validators", plugin},
	{"crds", file},
	{"configurations", file},
	{"patchesStrategicMerge", patch},
}

// known are the fields that are read here; Kustomize takes them in any case.
var known = []string{
	"resources", "bases", "components", "generators", "transformers", "validators", "crds", "configurations",
	"patchesStrategicMerge", "patches", "patchesJson6902", "replacements", "configMapGenerator", "secretGenerator",
	"openapi", "helmCharts", "helmChartInflationGenerator", "helmGlobals", "images", "imageTags", "buildMetadata", "kind", "apiVersion",
}

func readKustomization(f *source.File) *kustomization {
	k := &kustomization{file: f}
	docs, errs := parse.YAML(f, source.Kustomization, source.YAML11)
	switch {
	case len(errs) > 0:
		k.err, k.unread = errs[0], true
		return k
	case len(docs) == 0:
		k.err = &source.SyntaxError{Message: "the kustomization is empty", Span: source.FileStart(f.Path).Span}
		return k
	case len(docs) > 1:
		k.err = &source.SyntaxError{
			Message: "a kustomization is one document, and here begins another; move it to a file of its own",
			Span:    docs[1].Locate(nil, "").Span,
		}
		return k
	}
	m, ok := docs[0].Value.(map[string]any)
	if !ok {
		k.err = &source.SyntaxError{Message: "a kustomization is a map", Span: docs[0].Locate(nil, "").Span}
		return k
	}
	k.doc, k.value = docs[0], make(map[string]any, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if _, twice := k.value[spelling(key)]; twice { // which Kustomize mixes
			k.err = &source.SyntaxError{
				Message: fmt.Sprintf("the field %s is there twice, in upper and lower case", spelling(key)),
				Span:    docs[0].Locate(source.Path{key}, "").Span,
			}
		}
		k.value[spelling(key)] = m[key]
	}
	return k
}

func spelling(key string) string {
	for _, name := range known {
		if strings.EqualFold(key, name) {
			return name
		}
	}
	return key
}

// dir is the directory of the kustomization.
func (k *kustomization) dir() string { return path.Dir(k.file.Path) }

// component reports whether this is a part that only other kustomizations can use.
func (k *kustomization) component() bool { return k.value["kind"] == "Component" }

// locate gives the place of a path in the file.
func (k *kustomization) locate(at source.Path) source.Location {
	if k.doc == nil {
		return source.FileStart(k.file.Path)
	}
	return k.doc.Locate(at, "").Location
}

// entries lists the references that the kustomization makes, in the order in which Kustomize follows them.
func (k *kustomization) entries() []entry {
	var out []entry
	for _, l := range lists {
		out = append(out, strs(k.value[l.field], source.Path{l.field}, l.field, l.takes)...)
	}
	for _, field := range []string{"patches", "patchesJson6902", "replacements"} {
		for i, item := range items(k.value[field]) {
			if value, ok := item["path"].(string); ok {
				at := source.Path{field, i}
				out = append(out, entry{field: field, value: value, at: at.Append("path"), owner: at})
			}
		}
	}
	for _, field := range []string{"configMapGenerator", "secretGenerator"} {
		for i, item := range items(k.value[field]) {
			out = append(out, generatorInputs(item, source.Path{field, i}, field)...)
		}
	}
	if m, ok := k.value["openapi"].(map[string]any); ok {
		if value, ok := m["path"].(string); ok {
			at := source.Path{"openapi"}
			out = append(out, entry{field: "openapi", value: value, at: at.Append("path"), owner: at})
		}
	}
	return out
}

func generatorInputs(item map[string]any, at source.Path, field string) []entry {
	out := strs(item["envs"], at.Append("envs"), field, file)
	for _, e := range strs(item["files"], at.Append("files"), field, file) {
		if _, name, named := strings.Cut(e.value, "="); named {
			e.value = name
		}
		out = append(out, e)
	}
	if env, ok := item["env"].(string); ok {
		out = append(out, entry{field: field, value: env, at: at.Append("env"), owner: at.Append("env")})
	}
	return out
}

// strs gives an entry for each text of a list.
func strs(list any, at source.Path, field string, takes takes) []entry {
	var out []entry
	values, _ := list.([]any)
	for i, v := range values {
		if s, ok := v.(string); ok {
			out = append(out, entry{field: field, takes: takes, value: s, at: at.Append(i), owner: at.Append(i)})
		}
	}
	return out
}

// items gives the maps of a list; what is none keeps its place with an empty one.
func items(list any) []map[string]any {
	values, _ := list.([]any)
	out := make([]map[string]any, len(values))
	for i, v := range values {
		out[i], _ = v.(map[string]any)
	}
	return out
}

// inline reports whether the entry holds the text itself rather than the name of a file.
func (e entry) inline() bool {
	return (e.takes == plugin || e.takes == patch) && strings.ContainsAny(e.value, "\n{")
}

// remote reports whether Kustomize would fetch the entry. It is the library's own decision: its origin of a git
// repository is one with Repo set.
func (e entry) remote() bool {
	if e.inline() {
		return false
	}
	if u, err := url.Parse(e.value); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		return true
	}
	if e.takes != target && e.takes != plugin {
		return false
	}
	value := e.value
	if len(value) > len("git::") && strings.EqualFold(value[:len("git::")], "git::") {
		value = value[len("git::"):] // which the library warns of, on a stream that is not its own
	}
	return new(resource.Origin).Append(value).Repo != ""
}

// generated reports whether the entry is a file of any sort that a ConfigMap or Secret is made of.
func (e entry) generated() bool {
	return e.field == "configMapGenerator" || e.field == "secretGenerator"
}

// noun names the field of an entry in a message.
func (e entry) noun() string {
	switch e.field {
	case "resources", "bases", "components", "generators", "transformers", "validators", "configurations", "replacements":
		return strings.TrimSuffix(e.field, "s")
	case "patches", "patchesStrategicMerge", "patchesJson6902":
		return "patch"
	case "crds":
		return "CRD"
	case "openapi":
		return "OpenAPI schema"
	default:
		return e.field + " input"
	}
}

// kustomizationIn is the path of the kustomization file in a directory, as far as isFile knows files.
func kustomizationIn(dir string, isFile func(string) bool) (string, bool) {
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		if full := path.Join(dir, name); isFile(full) {
			return full, true
		}
	}
	return "", false
}

// changes are what is different in a kustomization when the library reads it, by the String of paths.
type changes struct {
	gone map[string]bool // what is left out
	put  map[string]any  // what stands there instead
}

// apply is a copy of a value with the changes made.
func (c changes) apply(value any, at source.Path) any {
	switch v := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, inner := range v {
			c.one(inner, at.Append(key), func(changed any) { out[key] = changed })
		}
		return out
	case []any:
		out := make([]any, 0, len(v))
		for i, inner := range v {
			c.one(inner, at.Append(i), func(changed any) { out = append(out, changed) })
		}
		return out
	default:
		return value
	}
}

func (c changes) one(value any, at source.Path, keep func(any)) {
	name := at.String()
	if c.gone[name] {
		return
	}
	if other, ok := c.put[name]; ok {
		keep(other)
		return
	}
	keep(c.apply(value, at))
}

// notLocal words that an entry is left out because it is not in the repository.
func (e entry) notLocal() string {
	return fmt.Sprintf("the remote %s %s was not analysed: lint does not use the network", e.noun(), e.value)
}
