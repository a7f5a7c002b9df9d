package render

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// declaration is one entry of a chart's list of dependencies.
type declaration struct {
	name, alias, version, repository string
	at                               source.Location // the entry's name
}

// remote reports whether the dependency is a copy of a chart that has its home elsewhere.
func (d declaration) remote() bool {
	return d.repository != "" && !strings.HasPrefix(d.repository, "file://")
}

// declarations reads the dependencies that a chart's files declare, from requirements.yaml where that is the old way.
func declarations(found []chartFile) []declaration {
	var out []declaration
	for _, name := range []string{"Chart.yaml", "requirements.yaml"} {
		for _, f := range found {
			if f.name == name {
				out = append(out, readDeclarations(f)...)
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

// yamlFault is the line that an error of a YAML reader names in a file.
func yamlFault(f chartFile, err error) (source.Location, bool) {
	m := yamlLine.FindStringSubmatch(err.Error())
	if m == nil {
		return source.Location{}, false
	}
	line, convErr := strconv.Atoi(m[1])
	if convErr != nil {
		return source.Location{}, false
	}
	return lineOf(f.path, f.data, line), true
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
