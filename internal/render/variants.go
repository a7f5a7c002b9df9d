package render

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/plimsoll-dev/plimsoll/internal/deploy"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// PlanOptions are what a plan needs beside the files that discovery reads. The zero value plans with those alone.
type PlanOptions struct {
	Root     string            // the repository's root, absolute; "" where files that discovery does not read stay unread
	Paths    []string          // all files of the repository, sorted; nil means those that discovery reads
	Included func(string) bool // whether a file may be read, whatever is asked for; nil means that every file may
	Values   []Values          // what the configuration says to render charts with
	// KubeVersions are the Kubernetes versions to render every chart for, as "1.36.0"; none means Options.KubeVersion.
	KubeVersions []string
	APIVersions  []string // that clusters serve beside Kubernetes' own, as "monitoring.coreos.com/v1"
}

// Values are values files to render charts with, as the configuration names them.
type Values struct {
	Chart string          // doublestar pattern of the charts' directories
	Files []string        // relative to the repository's root; a later one wins
	Name  string          // of the variant; "" for the files' names
	At    source.Location // where the configuration says so
}

// variants are the ways to render each chart: its defaults first, then its ci/ files, what the configuration names, and
// how the repository itself deploys it.
type variants struct {
	options PlanOptions
	byRoot  map[string][]Variant
	misses  map[string][]Problem // by the chart's root; "" for what belongs to no chart
}

// planVariants finds them for charts, which are in the order of their roots.
func planVariants(files []*source.File, charts []sibling, options PlanOptions) *variants {
	v := &variants{options: options, byRoot: map[string][]Variant{}, misses: map[string][]Problem{}}
	if options.Paths == nil {
		for _, f := range files {
			v.options.Paths = append(v.options.Paths, f.Path)
		}
		slices.Sort(v.options.Paths)
	}
	for _, c := range charts {
		v.byRoot[c.Root] = []Variant{{Name: "default"}}
	}
	v.ci(files)
	for _, values := range options.Values {
		v.configured(charts, values)
	}
	v.deployed(files, charts)
	return v
}

// of gives a chart's variants, each under a name of its own, and what of its deployments could not be read.
func (v *variants) of(root string) ([]Variant, []Problem) {
	return distinct(v.forClusters(v.byRoot[root])), v.misses[root]
}

// distinct gives variants of one name a number each: findings list by name who shows them.
func distinct(list []Variant) []Variant {
	taken, last := map[string]bool{}, map[string]int{}
	for i := range list {
		name := list[i].Name
		for taken[list[i].Name] {
			last[name] = max(last[name], 1) + 1
			list[i].Name = fmt.Sprintf("%s (%d)", name, last[name])
		}
		taken[list[i].Name] = true
	}
	return list
}

// ci adds the sets of values that charts' authors give for their own tests.
func (v *variants) ci(files []*source.File) {
	found := map[string][]Variant{}
	for _, f := range files {
		dir, base := path.Split(f.Path)
		root := path.Dir(path.Clean(dir))
		if path.Base(dir) == "ci" && v.byRoot[root] != nil && strings.HasSuffix(base, "-values.yaml") {
			found[root] = append(found[root], Variant{Name: "ci/" + base, Layers: []deploy.Layer{{File: f.Path}}})
		}
	}
	for root, list := range found {
		slices.SortFunc(list, func(a, b Variant) int { return cmp.Compare(a.Name, b.Name) })
		v.byRoot[root] = append(v.byRoot[root], list...)
	}
}

// configured adds a set of values that the configuration names, to every chart that it is meant for.
func (v *variants) configured(charts []sibling, values Values) {
	add := Variant{Name: cmp.Or(values.Name, strings.Join(values.Files, " + ")), Deployed: true}
	what := fmt.Sprintf("charts %s with %s", values.Chart, add.Name)
	for _, file := range values.Files {
		add.Layers = append(add.Layers, deploy.Layer{File: file})
		if _, found := slices.BinarySearch(v.options.Paths, file); !found {
			v.miss("", values.At, what, fmt.Sprintf("the repository has no file %s, which helm.values of the configuration names", file))
			return
		}
	}
	meant := false
	for _, c := range charts {
		if matched, err := doublestar.Match(values.Chart, c.Root); err == nil && matched {
			meant = true
			v.add(c.Root, add)
		}
	}
	if !meant {
		v.miss("", values.At, what, fmt.Sprintf("no chart is at %s, which helm.values of the configuration names", values.Chart))
	}
}

// deployed adds the sets of values that the repository itself deploys its charts with.
func (v *variants) deployed(files []*source.File, charts []sibling) {
	repo := deploy.Repository{Files: files, Paths: v.options.Paths, Included: v.options.Included}
	if v.options.Root != "" {
		tree, err := openTree(v.options.Root)
		if err != nil {
			return // New tells of it
		}
		defer tree.close() //nolint:errcheck // only read
		repo.Read = func(name string) ([]byte, error) {
			data, _, err := tree.read(name)
			if refused(err) {
				err = errors.New("it " + err.Error())
			}
			return data, err
		}
	}
	known := make([]deploy.Chart, len(charts))
	for i, c := range charts {
		known[i] = deploy.Chart{Root: c.Root, Name: c.Name, Version: c.Version}
	}
	releases, misses := deploy.Find(repo, known)
	for _, r := range releases {
		version := r.KubeVersion
		if version != "" {
			version = "v" + version
		}
		add := Variant{
			Name: r.Name, Layers: r.Layers, Release: r.Release, Namespace: r.Namespace, KubeVersion: version,
			APIVersions: r.APIVersions, Bare: r.Bare, Partial: r.Partial, Deployed: true,
		}
		// To name the chart's own values first, as many do, is to say nothing.
		if own := (deploy.Layer{File: path.Join(r.Chart, "values.yaml")}); len(r.Layers) > 0 && sameLayer(r.Layers[0], own) {
			add.Layers, add.Bare = r.Layers[1:], false
		}
		v.add(r.Chart, add)
	}
	for _, m := range misses {
		v.misses[m.Chart] = append(v.misses[m.Chart], Problem{Rule: NotEvaluated, Location: m.At, What: m.What, Message: m.Message})
	}
}

func sameLayer(a, b deploy.Layer) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// add adds a variant to a chart, or notes that one which renders the same is deployed.
func (v *variants) add(root string, add Variant) {
	list := v.byRoot[root]
	i := slices.IndexFunc(list, func(have Variant) bool { return have.key() == add.key() })
	if i < 0 {
		v.byRoot[root] = append(list, add)
		return
	}
	have := &list[i]
	if add.Name != have.Name && !slices.Contains(have.Also, add.Name) {
		have.Also = append(have.Also, add.Name)
	}
	have.Partial = have.Partial && add.Partial
	have.Deployed = have.Deployed || add.Deployed && !add.Partial
	if have.Release == "" {
		have.Release, have.Namespace = add.Release, add.Namespace
	}
}

// key tells variants apart that render differently, save for the names of a release and its namespace.
func (v Variant) key() string {
	return fmt.Sprintf("%v %v %v %v", v.Layers, v.KubeVersion, v.APIVersions, v.Bare)
}

func forVersion(name, version string) string { return fmt.Sprintf("%s (Kubernetes %s)", name, version) }

func (v *variants) miss(root string, at source.Location, what, why string) {
	v.misses[root] = append(v.misses[root], Problem{Rule: NotEvaluated, Location: at, What: what, Message: what + " was not analysed: " + why})
}

// forClusters multiplies variants by the Kubernetes versions that the configuration names. A deployment that says which
// it is for is rendered for that one.
func (v *variants) forClusters(list []Variant) []Variant {
	versions := v.options.KubeVersions
	var out []Variant
	for _, one := range list {
		one.APIVersions = slices.Concat(v.options.APIVersions, one.APIVersions)
		switch {
		case one.KubeVersion != "" || len(versions) == 0:
			out = append(out, one)
			continue
		case len(versions) == 1:
			one.KubeVersion = "v" + strings.TrimPrefix(versions[0], "v")
			out = append(out, one)
			continue
		}
		for _, version := range versions {
			version = strings.TrimPrefix(version, "v")
			each := one
			each.Name, each.KubeVersion = forVersion(one.Name, version), "v"+version
			each.Also = nil
			for _, name := range one.Also {
				each.Also = append(each.Also, forVersion(name, version))
			}
			out = append(out, each)
		}
	}
	return out
}
