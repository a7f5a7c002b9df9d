package render

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"helm.sh/helm/v3/pkg/chart"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// schemaURL is the name that a chart's schema has while it is compiled, the one that Helm gives it.
const schemaURL = "file:///values.schema.json"

// noLoader refuses all that a schema refers to outside of itself: a file of the machine as much as the network.
type noLoader struct{}

var errReference = errors.New("the schema refers to another file")

// Load implements jsonschema.URLLoader.
func (noLoader) Load(string) (any, error) { return nil, errReference }

// checkSchema holds the values against the schemas of the chart and its dependencies, as Helm does. A schema that
// needs another file is passed over: it decides what may be installed, not what is rendered.
func (j *chartJob) checkSchema(c *chart.Chart, values map[string]any) *fault {
	if len(c.Schema) > 0 {
		if fault := j.checkOne(c, values); fault != nil {
			return fault
		}
	}
	for _, sub := range c.Dependencies() {
		inner, ok := values[sub.Name()].(map[string]any)
		if !ok {
			continue
		}
		if fault := j.checkSchema(sub, inner); fault != nil {
			return fault
		}
	}
	return nil
}

func (j *chartJob) checkOne(c *chart.Chart, values map[string]any) *fault {
	at, name := j.schemaPlace(c)
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(c.Schema))
	if err != nil {
		return &fault{at: at, message: fmt.Sprintf("%s is not JSON: %s", name, oneLine(err.Error()))}
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(noLoader{})
	if err := compiler.AddResource(schemaURL, schema); err != nil {
		return &fault{at: at, message: fmt.Sprintf("%s: %s", name, oneLine(err.Error()))}
	}
	compiled, err := compiler.Compile(schemaURL)
	if _, elsewhere := errors.AsType[*jsonschema.LoadURLError](err); elsewhere {
		return nil
	} else if err != nil {
		return &fault{at: at, message: fmt.Sprintf("%s is no valid schema: %s", name, oneLine(schemaFault(err)))}
	}
	err = compiled.Validate(values)
	var invalid *jsonschema.ValidationError
	if err == nil || !errors.As(err, &invalid) {
		return nil
	}
	order(invalid)
	_, said, _ := strings.Cut(invalid.Error(), "\n")
	message := fmt.Sprintf("%s was not rendered: its values do not fit %s: %s", j.what(), name, oneLine(strings.ReplaceAll(said, "\n- ", "; ")))
	return &fault{at: at, message: message, demand: true}
}

// schemaPlace is where a chart's schema stands, and its name.
func (j *chartJob) schemaPlace(c *chart.Chart) (source.Location, string) {
	for _, f := range append(c.Templates, c.Files...) {
		home := j.loader.files[f].home
		if home.anchor.Path != "" {
			return home.anchor, "values.schema.json of " + c.Name()
		}
		if home.root != "" {
			name := path.Join(home.root, "values.schema.json")
			return source.FileStart(name), name
		}
	}
	return source.FileStart(j.ask.File), "values.schema.json"
}

// schemaFault says why a schema is none. Of what stands twice in it the library names any two places, this one none.
func schemaFault(err error) string {
	if _, twice := errors.AsType[*jsonschema.DuplicateIDError](err); twice {
		return "an $id stands twice in it"
	}
	if _, twice := errors.AsType[*jsonschema.DuplicateAnchorError](err); twice {
		return "an anchor stands twice in it"
	}
	if of, is := errors.AsType[*jsonschema.SchemaValidationError](err); is {
		if invalid, is := errors.AsType[*jsonschema.ValidationError](of.Err); is {
			order(invalid)
		}
	}
	return err.Error()
}

// order puts what does not fit in the order of its places: the library goes through values as Go's maps lie.
func order(e *jsonschema.ValidationError) {
	if extra, is := e.ErrorKind.(*kind.AdditionalProperties); is {
		slices.Sort(extra.Properties)
	}
	for _, cause := range e.Causes {
		order(cause)
	}
	slices.SortStableFunc(e.Causes, func(a, b *jsonschema.ValidationError) int {
		place := cmp.Or(slices.Compare(a.InstanceLocation, b.InstanceLocation), strings.Compare(a.SchemaURL, b.SchemaURL))
		if place == 0 {
			return strings.Compare(a.Error(), b.Error())
		}
		return place
	})
}
