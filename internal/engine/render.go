package engine

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Rendering is what a repository deploys, to be looked at: the charts and kustomizations that a path names, rendered as
// lint renders them. It must be closed.
type Rendering struct {
	Units  []render.Unit            // at least one, in the order of their roots
	Source func(path string) []byte // of a file of the repository; nil when it cannot be read

	renderer *render.Renderer
	root     *os.Root
}

// OpenRendering finds what to render: the chart or kustomization in the folder that the target's path names or, where
// there is none, those below it, else the one around it; without a path all of the repository. What the configuration
// excludes is left out unless its path is given. An ErrUsage says that there is nothing to render.
func OpenRendering(ctx context.Context, o Options) (*Rendering, error) {
	wanted, isDir, err := o.Target.wanted()
	if err != nil {
		return nil, usagef(err)
	}
	units, err := o.units(ctx, wanted, isDir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(o.Target.Root)
	if err != nil {
		return nil, err
	}
	renderer, err := o.renderer(render.Watched{})
	if err != nil {
		return nil, err
	}
	r := &Rendering{Units: units, renderer: renderer, root: root}
	limit := int64(o.Config.Limits.FileSize)
	r.Source = func(name string) []byte {
		data, _, err := discover.ReadRegular(root, name, limit)
		if err != nil {
			return nil // only for showing: the place itself is named
		}
		return data
	}
	return r, nil
}

// Render renders one unit with its variants.
func (r *Rendering) Render(ctx context.Context, unit render.Unit) render.Result {
	return r.renderer.Render(ctx, unit)
}

// Close ends the children that render, and reads no more.
func (r *Rendering) Close() error {
	r.renderer.Close()
	return r.root.Close()
}

// wanted is the one path that is asked for, relative to the root and with slashes; "." without one.
func (t *Target) wanted() (name string, isDir bool, err error) {
	if len(t.Paths) == 0 {
		return ".", true, nil
	}
	resolved, err := filepath.EvalSymlinks(t.Paths[0])
	if err != nil {
		return "", false, err
	}
	info, err := os.Stat(resolved)
	if err != nil {
		return "", false, err
	}
	rel, err := filepath.Rel(t.Root, resolved)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false, fmt.Errorf("path %s is not in the repository %s", t.Paths[0], t.Root)
	}
	return filepath.ToSlash(rel), info.IsDir(), nil
}

// units finds what a path means, first among what would be linted, then among all there is at that path.
func (o Options) units(ctx context.Context, wanted string, isDir bool) ([]render.Unit, error) {
	all, asked := o, o
	target, everything := *o.Target, *o.Config
	target.Paths = nil
	everything.Include, everything.Exclude = nil, nil
	all.Target, asked.Config = &target, &everything
	for _, try := range []Options{all, asked} {
		found, err := walk(ctx, try)
		if err != nil {
			return nil, err
		}
		if units := unitsAt(try.plan(found), found.Files, wanted, isDir); len(units) > 0 {
			return units, nil
		}
	}
	if wanted == "." {
		return nil, usagef(fmt.Errorf("there is no chart and no kustomization in %s", o.Target.Root))
	}
	return nil, usagef(fmt.Errorf("there is no chart and no kustomization at %s, below it or around it", wanted))
}

// unitsAt picks what a path means of a plan. A kustomization that others use is no unit of the plan, but may be asked for.
func unitsAt(plan render.Plan, files []*source.File, wanted string, isDir bool) []render.Unit {
	dir := wanted
	if !isDir {
		dir = path.Dir(wanted)
	}
	if units := unitsIn(plan, files, dir); len(units) > 0 {
		return units
	}
	if isDir {
		below := func(u render.Unit) bool { return dir == "." || strings.HasPrefix(u.Root, dir+"/") }
		units := slices.Clone(plan.Units)
		if units = slices.DeleteFunc(units, func(u render.Unit) bool { return !below(u) }); len(units) > 0 {
			return units
		}
	}
	for dir != "." {
		dir = path.Dir(dir)
		if units := unitsIn(plan, files, dir); len(units) > 0 {
			return units
		}
	}
	return nil
}

// unitsIn are the plan's units in a folder or, where there are none, the kustomization that stands there.
func unitsIn(plan render.Plan, files []*source.File, dir string) []render.Unit {
	var units []render.Unit
	for _, u := range plan.Units {
		if u.Root == dir {
			units = append(units, u)
		}
	}
	for _, f := range files {
		if len(units) == 0 && f.Kind == source.Kustomization && path.Dir(f.Path) == dir {
			units = append(units, render.Unit{Renderer: render.Kustomize, Root: dir, File: f.Path, Variants: []render.Variant{{}}})
		}
	}
	return units
}
