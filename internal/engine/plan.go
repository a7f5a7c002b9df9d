package engine

import (
	"cmp"

	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// plan says what there is to render in the files found, and with which values.
func (o Options) plan(found *discover.Result) render.Plan {
	helm := o.Config.Helm
	options := render.PlanOptions{
		Root: o.Target.Root, Paths: found.Paths, Included: found.Included, APIVersions: helm.APIVersions,
	}
	for _, version := range helm.KubeVersions {
		options.KubeVersions = append(options.KubeVersions, string(version))
	}
	for _, v := range helm.Values {
		at := source.FileStart(o.Config.Path())
		at.Span.Start.Line, at.Span.End.Line = v.Line(), v.Line()
		options.Values = append(options.Values, render.Values{
			Chart: cmp.Or(string(v.Chart), "**"), Files: v.Files, Name: v.Name, At: at,
		})
	}
	return render.NewPlan(found.Files, options)
}

// kubeVersion is the Kubernetes version for what is not rendered for each that the configuration names; "" for the default.
func (o Options) kubeVersion() string {
	if versions := o.Config.Helm.KubeVersions; len(versions) > 0 {
		return "v" + string(versions[0])
	}
	return ""
}
