package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/config"
	"github.com/plimsoll-dev/plimsoll/internal/engine"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/report"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// findWhy finds the value that is asked for, OBJECT:FIELD, in what was rendered, and its way back. One object is meant,
// but with all each of the same name counts, as the variants of a chart render it.
func findWhy(results []render.Result, asked string, all bool) ([]report.Why, error) {
	docs, field, err := meant(results, asked)
	if err != nil {
		return nil, err
	}
	if len(docs) > 1 && !all {
		return nil, ambiguous(docs)
	}
	path, err := source.ParsePath(field)
	if err != nil {
		return nil, err
	}
	var ways []report.Why
	var missing error
	for _, doc := range docs {
		value, ok := path.Get(doc.Value)
		said := valueText(value)
		if !ok {
			if missing = noField(doc, path); !unset(doc, path) {
				continue
			}
			said = "(not set: it could be set where the cause is)"
		}
		ways = append(ways, report.Why{
			Origin: finding.Origin{
				Renderer: doc.Origin.Renderer, Root: doc.Origin.Root, Variants: doc.Origin.Variants,
				Object: doc.Object.String(), Field: path.String(), Value: said,
			},
			Trace: doc.Locate(path, ""),
		})
	}
	if len(ways) == 0 {
		return nil, missing
	}
	return ways, nil
}

// meant are the documents that OBJECT:FIELD may mean, and the field. A name may hold colons, so the longest one wins, and a
// name in full wins over one without its namespace.
func meant(results []render.Result, asked string) (docs []*source.Document, field string, err error) {
	var known []string
	best := 0
	for _, result := range results {
		for _, doc := range result.Documents {
			full, short := doc.Object.String(), doc.Object.Kind+"/"+doc.Object.Name
			known = append(known, full)
			rest, rank := cutName(asked, full), 2*len(full)+1
			if rest == nil {
				rest, rank = cutName(asked, short), 2*len(short)
			}
			switch {
			case rest == nil || rank < best:
			case rank > best:
				docs, field, best = []*source.Document{doc}, *rest, rank
			default:
				docs = append(docs, doc)
			}
		}
	}
	if len(docs) > 0 {
		return docs, field, nil
	}
	object, _, _ := strings.Cut(asked, ":")
	if len(known) == 0 {
		return nil, "", fmt.Errorf("no object is rendered, so there is no %s", short(object))
	}
	slices.Sort(known)
	return nil, "", fmt.Errorf("no object %q is rendered%s", object, nearestOf(object, known, "there are "+someOf(slices.Compact(known))))
}

// cutName is what follows the name of an object and a colon; nil when another object is asked for.
func cutName(asked, name string) *string {
	rest, ok := strings.CutPrefix(asked, name)
	if !ok || rest != "" && rest[0] != ':' {
		return nil
	}
	rest = strings.TrimPrefix(rest, ":")
	return &rest
}

// ambiguous says where an object is rendered more than once.
func ambiguous(docs []*source.Document) error {
	var places []string
	for _, doc := range docs {
		place := doc.Object.String() + " from " + doc.Origin.Root
		if len(doc.Origin.Variants) > 0 {
			place += " with " + someOf(doc.Origin.Variants)
		}
		places = append(places, place)
	}
	return fmt.Errorf("%d objects are called so: %s; give the namespace or the PATH of one, or see all with --all-variants", len(docs), someOf(places))
}

// unset reports whether a path may well mean a field that is not set: it leads into a map of which no key is nearly the same.
func unset(doc *source.Document, path source.Path) bool {
	value := doc.Value
	for at := range path {
		next, ok := path[at : at+1].Get(value)
		if ok {
			value = next
			continue
		}
		m, _ := value.(map[string]any)
		key, isKey := path[at].(string)
		return m != nil && isKey && at > 0 && config.Nearest(key, slices.Collect(maps.Keys(m))) == ""
	}
	return false
}

// noField says up to where a path leads, and what there is from there.
func noField(doc *source.Document, path source.Path) error {
	value, at := doc.Value, 0
	for at < len(path) {
		next, ok := path[at : at+1].Get(value)
		if !ok {
			break
		}
		value, at = next, at+1
	}
	around := short(doc.Object.String())
	if at > 0 {
		around += ":" + short(path[:at].String())
	}
	missing := path[at : at+1].String()
	switch value := value.(type) {
	case map[string]any:
		var keys []string
		for key := range value {
			keys = append(keys, source.Path{key}.String())
		}
		slices.Sort(keys)
		return fmt.Errorf("%s has no %s%s", around, short(missing), nearestOf(missing, keys, "it has "+someOf(keys)))
	case []any:
		return fmt.Errorf("%s is %s, counted from [0], and has no %s", around, valueText(value), short(missing))
	default:
		return fmt.Errorf("%s is %s, which holds no %s", around, short(valueText(value)), short(missing))
	}
}

// someOf lists names of the repository in a message: the first few, and how many more there are.
func someOf(names []string) string {
	const most = 8
	var shown []string
	for _, name := range names[:min(most, len(names))] {
		shown = append(shown, short(name))
	}
	if more := len(names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(shown, ", "), more)
	}
	return strings.Join(shown, ", ")
}

// short makes a text of the repository fit for a message: safe, and not endless.
func short(text string) string {
	const most = 120
	if len(text) > most {
		text = text[:most] + "…"
	}
	return report.Visible(text)
}

// valueText is a value in a line.
func valueText(value any) string {
	switch v := value.(type) {
	case map[string]any:
		return fmt.Sprintf("a map of %d", len(v))
	case []any:
		return fmt.Sprintf("a list of %d", len(v))
	case nil:
		return "null"
	case string:
		if v == "" {
			return `""`
		}
		return v
	default:
		return fmt.Sprint(v)
	}
}

func (f *renderFlags) printWhy(env *Env, rendering *engine.Rendering, ways []report.Why) error {
	if f.format == "json" {
		return report.WriteWhyJSON(env.Stdout, ways)
	}
	return report.WriteWhy(env.Stdout, report.Options{Source: rendering.Source, Colour: colour(env, f.when), Width: width(env)}, ways)
}
