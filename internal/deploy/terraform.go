package deploy

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// isTerraform reports whether a file is of Terraform's language: its expressions are texts "${…}" in what parse gives.
func isTerraform(name string) bool {
	return strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tofu")
}

// documentsOf parses the file that holds a layer.
func documentsOf(file *source.File, kind source.Kind) []*source.Document {
	if isTerraform(file.Path) {
		docs, _ := parse.File(&source.File{Path: file.Path, Kind: source.Terraform, Data: file.Data})
		return docs
	}
	docs, _ := parse.YAML(file, kind, source.YAML11)
	return docs
}

// terraform looks through the releases of charts that Terraform's files declare. See
// https://github.com/hashicorp/terraform-provider-helm/blob/main/docs/resources/release.md.
func (f *finder) terraform() {
	for _, file := range f.repo.Files {
		if file.Kind != source.Terraform || !isTerraform(file.Path) || !bytes.Contains(file.Data, []byte("helm_release")) || !f.included(file.Path) {
			continue
		}
		docs, _ := parse.File(file)
		for _, doc := range docs {
			releases, _ := source.Path{"resource", "helm_release"}.Get(doc.Value)
			named, _ := releases.(map[string]any)
			for _, name := range slices.Sorted(maps.Keys(named)) {
				f.terraformRelease(object{doc: doc, at: source.Path{"resource", "helm_release", name, 0}}, name)
			}
		}
	}
}

// terraformRelease adds a release whose chart is a folder: one of a repository is not ours.
func (f *finder) terraformRelease(o object, name string) {
	dir := path.Dir(o.doc.File.Path)
	chart, found := f.chartAt(dir, inModule(o.text(source.Path{"chart"})))
	if !found || o.get(source.Path{"repository"}) != nil {
		return
	}
	title := fmt.Sprintf("helm_release.%s in %s", name, o.doc.File.Path)
	at := o.place(source.Path{"chart"})
	if f.full(chart.Root, at, title) {
		return
	}
	o.fill = f.defaults(dir)
	d := &draft{finder: f, object: o, root: chart.Root}
	d.Release = Release{
		Chart: chart.Root, Name: title, At: at, Release: o.text(source.Path{"name"}), Namespace: o.text(source.Path{"namespace"}),
	}
	d.terraformValues(dir)
	for _, kind := range []string{"set", "set_list", "set_sensitive"} {
		for i := range o.list(source.Path{kind}) {
			d.terraformSet(source.Path{kind, i})
		}
	}
	if o.get(source.Path{"dynamic"}) != nil {
		d.unknown("dynamic blocks", source.Path{"dynamic"})
	}
	if o.get(source.Path{"postrender"}) != nil {
		d.leave(o.place(source.Path{"postrender"}), "postrender", "lint runs no program that changes objects after Helm has rendered them")
	}
	f.add(d.Release)
}

// inModule is a path as it is from the folder of the module: Terraform is run there, as a rule.
func inModule(name string) string {
	for _, folder := range []string{"${path.module}/", "${path.root}/"} {
		name = strings.TrimPrefix(name, folder)
	}
	return name
}

// terraformFile is how a release names a values file; its group is the name.
var terraformFile = regexp.MustCompile(`^\$\{file\("([^"]+)"\)\}$`)

// terraformValues adds the values: texts of YAML, each written out, encoded from an object, or in a file.
func (d *draft) terraformValues(dir string) {
	values := source.Path{"values"}
	value := d.get(values)
	if _, isList := value.([]any); !isList && value != nil {
		d.unknown("values", values)
		return
	}
	for i := range d.list(values) {
		at := values.Append(i)
		text, _ := d.get(at).(string)
		if m := terraformFile.FindStringSubmatch(text); m != nil {
			d.file(d.place(at), dir, inModule(m[1]))
			continue
		}
		layer := d.layer(at, Text)
		table, err := layer.written(d.doc)
		switch {
		case err != nil:
			d.unknown("values", at)
			continue
		case holdsExpression(table):
			d.unknown("a part of values", at)
		}
		if len(withoutExpressions(table)) > 0 {
			d.Layers = append(d.Layers, layer)
		}
	}
}

// written is the table of a text of Terraform, with the expressions that nobody here can evaluate.
func (l Layer) written(doc *source.Document) (map[string]any, error) {
	if encoded, ok := parse.Encoded(doc, l.At); ok {
		return plainTable(l.filled(encoded.Value))
	}
	value, _ := l.At.Get(doc.Value)
	text, _ := value.(string)
	return readTable([]byte(l.fill(text)))
}

// filled is fillAll for values that were no text before: a variable alone keeps the type that its default looks like.
func (l Layer) filled(value any) any {
	return retold(value, func(text string) any {
		told := l.fill(text)
		var typed any
		if told != text && json.Unmarshal([]byte(told), &typed) == nil {
			return typed // a number or a boolean
		}
		return told
	})
}

// terraformSet adds one `set`.
func (d *draft) terraformSet(at source.Path) {
	layer := d.layer(at.Append("value"), Parameter)
	layer.Key, layer.Literal = d.text(at.Append("name")), d.text(at.Append("type")) == "string"
	value := d.get(at.Append("value"))
	if layer.Key == "" || holdsExpression(layer.Key) || holdsExpression(layer.fillAll(value)) {
		d.unknown(strings.TrimSpace(fmt.Sprint(at[0], " ", layer.Key)), at)
		return
	}
	d.Layers = append(d.Layers, layer)
}

func (d *draft) unknown(what string, at source.Path) {
	d.leave(d.place(at), what, "what an expression gives is known only to Terraform"+nameValues)
}

// holdsExpression reports whether a text of a value is, or holds, an expression.
func holdsExpression(value any) bool {
	open := func(text string) bool { return strings.Contains(text, "${") }
	return holds(value, open, open)
}

// withoutExpressions leaves out of a table what holds an expression: the value below it stays.
func withoutExpressions(table map[string]any) map[string]any {
	for key, value := range table {
		if inner, isTable := value.(map[string]any); isTable && !holdsExpression(key) {
			withoutExpressions(inner)
		} else if holdsExpression(key) || holdsExpression(value) {
			delete(table, key)
		}
	}
	return table
}

// defaults are the fillings for the variables of a folder's files that have a scalar for a default.
func (f *finder) defaults(dir string) []Filling {
	if known, asked := f.variables[dir]; asked {
		return known
	}
	fill := []Filling{}
	for _, file := range f.repo.Files {
		if path.Dir(file.Path) != dir || file.Kind != source.Terraform || !isTerraform(file.Path) || !f.included(file.Path) {
			continue
		}
		docs, _ := parse.File(file)
		for _, doc := range docs {
			all, _ := source.Path{"variable"}.Get(doc.Value)
			variables, _ := all.(map[string]any)
			for _, name := range slices.Sorted(maps.Keys(variables)) {
				switch value, _ := (source.Path{name, 0, "default"}).Get(all); value.(type) {
				case string, int, float64, bool:
					fill = append(fill, Filling{Placeholder: "${var." + name + "}", Text: scalarText(value)})
				}
			}
		}
	}
	if f.variables == nil {
		f.variables = map[string][]Filling{}
	}
	slices.SortFunc(fill, func(a, b Filling) int { return cmp.Compare(a.Placeholder, b.Placeholder) })
	f.variables[dir] = fill
	return fill
}
