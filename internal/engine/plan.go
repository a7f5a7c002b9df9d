package engine

import (
	"cmp"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
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
		if !slices.Contains(options.KubeVersions, string(version)) {
			options.KubeVersions = append(options.KubeVersions, string(version))
		}
	}
	for _, v := range helm.Values {
		at := source.FileStart(o.Config.Path())
		at.Span.Start.Line, at.Span.End.Line, at.Span.Exact = v.Line(), v.Line(), true
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

// unplanned makes findings of what the plan leaves out. They count whatever paths are asked for: no path is theirs.
func (r *run) unplanned(plan render.Plan) {
	for _, p := range plan.Problems {
		r.findings = append(r.findings, builtin(r.set, p.Rule, p.Location, p.Message))
		r.missed = append(r.missed, finding.Miss{Path: p.Location.Path, What: p.What, Why: p.Message})
	}
}
