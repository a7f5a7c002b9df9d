package cli

import (
	"fmt"

	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/report"
)

// print prints what was rendered.
func (f *renderFlags) print(env *Env, results []render.Result) error {
	if f.format == "json" {
		return printJSON(env, results)
	}
	var texts []report.Manifests
	for _, result := range results {
		for _, t := range result.Texts {
			data := []byte(t.Data)
			if result.Unit.Renderer == render.Kustomize {
				var err error
				if data, err = yaml.JSONToYAML(data); err != nil {
					return fmt.Errorf("%s: %w", result.Unit.Root, err)
				}
			}
			texts = append(texts, report.Manifests{Source: t.Source, Origin: *t.Origin, Text: data})
		}
	}
	return report.WriteManifests(env.Stdout, texts, env.terminal() != nil)
}

// renderedJSON is an object that was rendered, and from what.
type renderedJSON struct {
	Renderer string   `json:"renderer"`
	Root     string   `json:"root"`
	Variants []string `json:"variants"`
	Source   string   `json:"source"`
	Object   any      `json:"object"`
}

func printJSON(env *Env, results []render.Result) error {
	out := []renderedJSON{}
	for _, result := range results {
		for _, doc := range result.Documents {
			o := doc.Origin
			out = append(out, renderedJSON{o.Renderer, o.Root, append([]string{}, o.Variants...), doc.File.Path, doc.Value})
		}
	}
	return report.WriteJSON(env.Stdout, out)
}
