package render

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"

	"helm.sh/helm/v3/pkg/chart"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// declaration is one entry of a chart's list of dependencies.
type declaration struct {
	name, alias, version, repository string
	at                               source.Location // the entry's name
	why                              string          // it is missing, where that is more than that it is not there
}

// remote reports whether the dependency is a copy of a chart that has its home elsewhere.
func (d declaration) remote() bool {
	return d.repository != "" && !strings.HasPrefix(d.repository, "file://")
}

// declarations are a loaded chart's dependencies, in the order of its metadata. What they say is Helm's reading, in which
// a name such as y or 1.0 is another one than in ours; of ours are only the places, which go by the index.
func declarations(c *chart.Chart, found []chartFile, at home) []declaration {
	places := declaredPlaces(found)
	out := make([]declaration, len(c.Metadata.Dependencies))
	for i, d := range c.Metadata.Dependencies { // none is nil, or the chart would not have loaded
		out[i] = declaration{
			name: d.Name, alias: d.Alias, version: d.Version, repository: d.Repository,
			at: source.FileStart(path.Join(at.root, "Chart.yaml")),
		}
		if i < len(places) {
			out[i].at = places[i].at
		}
	}
	return out
}

// declaredPlaces reads the list that Helm took: that of requirements.yaml, the old way, replaces that of Chart.yaml.
func declaredPlaces(found []chartFile) []declaration {
	var out []declaration
	for _, name := range []string{"Chart.yaml", "requirements.yaml"} {
		for _, f := range found {
			if f.name != name {
				continue
			}
			if list := readDeclarations(f); len(list) > 0 {
				out = list
			}
		}
	}
	return out
}

func readDeclarations(f chartFile) []declaration {
	docs, _ := parse.YAML(&source.File{Path: f.path, Data: f.data}, source.Chart, source.YAML11) // Helm's loader tells of errors
	var out []declaration
	for _, doc := range docs {
		m, _ := doc.Value.(map[string]any)
		list, _ := m["dependencies"].([]any)
		for i, item := range list {
			out = append(out, declaration{
				name: field(item, "name"), alias: field(item, "alias"), version: field(item, "version"),
				repository: field(item, "repository"),
				at:         doc.Locate(source.Path{"dependencies", i, "name"}, "").Location,
			})
		}
	}
	return out
}

// declarationOf finds an entry by the name or alias that its chart goes by.
func declarationOf(declared []declaration, name string) (declaration, bool) {
	for _, d := range declared {
		if name != "" && (d.name == name || d.alias == name) {
			return d, true
		}
	}
	return declaration{}, false
}

// field is the text of a map's entry, or "".
func field(item any, key string) string {
	m, _ := item.(map[string]any)
	s, _ := m[key].(string)
	return s
}

func metadataName(found []chartFile) string {
	for _, f := range found {
		if f.name == "Chart.yaml" {
			return field(yamlValue(f), "name")
		}
	}
	return ""
}

func yamlValue(f chartFile) any {
	docs, _ := parse.YAML(&source.File{Path: f.path, Data: f.data}, source.Chart, source.YAML11)
	if len(docs) == 0 {
		return nil
	}
	return docs[0].Value
}

var yamlLine = regexp.MustCompile(`\bline (\d+)`)

// yamlFault places an error of Helm's YAML reader in the file that it is about: where our own parser stumbles, which it
// knows exactly, or else at the line that the error names.
func yamlFault(f chartFile, err error) *loadError {
	if _, errs := parse.YAML(&source.File{Path: f.path, Data: f.data}, source.ChartFile, source.YAML11); len(errs) > 0 {
		return &loadError{
			at: source.Location{Path: f.path, Span: errs[0].Span}, message: fmt.Sprintf("%s: %s", f.path, errs[0].Message), unread: true,
		}
	}
	fault := failAt(f.path, "%s: %s", f.path, plainYAMLError(err))
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		if line, err := strconv.Atoi(m[1]); err == nil {
			fault.at = lineOf(f.path, f.data, line)
		}
	}
	return fault
}

// lineOf is a line of a file, not exact.
func lineOf(name string, data []byte, line int) source.Location {
	span := source.NewText(data).LineSpan(line)
	span.Exact = false
	return source.Location{Path: name, Span: span}
}

// readerNames are the layers of our readers that an error passed.
var readerNames = regexp.MustCompile(`(^|: )(?:(?:cannot load \S+|error converting YAML to JSON|error unmarshaling JSON|while decoding JSON|json|yaml): )+`)

// plainYAMLError takes the names of our readers off an error.
func plainYAMLError(err error) string {
	return oneLine(readerNames.ReplaceAllString(err.Error(), "$1"))
}

// valuesFile is the chart's own values.yaml, or "" for a chart that is not in the repository.
func (h home) valuesFile() string {
	if h.root == "" {
		return ""
	}
	return path.Join(h.root, "values.yaml")
}
