package discover

import (
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// role is what a file's name and place say of it.
type role struct {
	kind source.Kind // "" where only the content can tell
	// is tells the kind by content, "" for a file that is none of ours. Nil: not worth opening.
	is func(t *text) source.Kind
	// ours: the name alone makes the file ours, so that not being able to read it is a problem.
	ours bool
	// unread: the kind is known, and nobody needs the content.
	unread bool
}

// roleOf tells by name. In Git only the workflows at the root run; outside Git nobody knows where a repository begins.
func roleOf(p string, git bool) role {
	dir, name := path.Split(p)
	ext := path.Ext(name)
	yaml := ext == ".yml" || ext == ".yaml"
	const workflows = ".github/workflows/"
	switch {
	case yaml && (dir == workflows || !git && strings.HasSuffix(dir, "/"+workflows)):
		return named(source.Workflow)
	case p == workflows+"actions.lock":
		return named(source.ActionsLock)
	case p == ".github/dependabot.yml" || p == ".github/dependabot.yaml":
		return named(source.Dependabot)
	case isRenovate(p):
		return named(source.Renovate)
	case name == ".pre-commit-config.yaml":
		return named(source.PreCommit)
	case isGitLabCI(p):
		return named(source.GitLabCI)
	case isDevContainer(p):
		return named(source.DevContainer)
	case name == "action.yml" || name == "action.yaml":
		return checked(source.Action, isAction)
	case name == chartName:
		return checked(source.Chart, isChart)
	case name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization":
		return role{kind: source.Kustomization, is: kustomizationOrManifest, ours: true}
	case strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tf.json"):
		return named(source.Terraform)
	case yaml && isComposeName(strings.TrimSuffix(name, ext)):
		return role{kind: source.Compose, is: composeOrManifest, ours: true}
	case yaml:
		return role{is: yamlKind}
	case ext == ".json":
		return role{is: jsonKind}
	}
	return dockerfileRole(name)
}

// renovateNames are where Renovate looks for its configuration; see https://docs.renovatebot.com/configuration-options/.
var renovateNames = []string{"renovate.json", "renovate.json5", ".renovaterc", ".renovaterc.json", ".renovaterc.json5"}

func isRenovate(p string) bool {
	dir, name := path.Split(p)
	return slices.Contains(renovateNames, p) ||
		(dir == ".github/" || dir == ".gitlab/") && (name == "renovate.json" || name == "renovate.json5")
}

// isGitLabCI knows the file that GitLab looks for, and the names and folder that projects use by custom for what it
// includes: https://docs.gitlab.com/ci/yaml/includes/.
func isGitLabCI(p string) bool {
	return p == ".gitlab-ci.yml" || strings.HasSuffix(p, ".gitlab-ci.yml") || strings.HasPrefix(p, ".gitlab/ci/") && isYAMLName(p)
}

// isDevContainer knows the places of https://containers.dev/implementors/spec/#devcontainerjson.
func isDevContainer(p string) bool {
	dir, name := path.Split(p)
	dir, inFolder := strings.CutPrefix(dir, ".devcontainer/")
	return p == ".devcontainer.json" || inFolder && name == "devcontainer.json" && strings.Count(dir, "/") <= 1
}

func named(kind source.Kind) role {
	return role{kind: kind, ours: true, is: func(*text) source.Kind { return kind }}
}

func checked(kind source.Kind, is func(*text) bool) role {
	return role{kind: kind, ours: true, is: func(t *text) source.Kind {
		if is(t) {
			return kind
		}
		return yamlKind(t)
	}}
}

// deployer is the role of a file that nobody asked for: it counts only if it may say how a chart is deployed.
func (r role) deployer() role {
	is := r.is
	r.is = func(t *text) source.Kind {
		if mayDeploy(t) && is(t) == source.Manifest {
			return source.Manifest
		}
		return ""
	}
	return r
}

// manifest is the role of a file that counts as a manifest or not at all.
func (r role) manifest() role {
	is := r.is
	r.is = func(t *text) source.Kind {
		if is(t) == source.Manifest {
			return source.Manifest
		}
		return ""
	}
	return r
}

// dockerTemplates are endings that make of Dockerfile.x a file for another program.
var dockerTemplates = []string{
	".dockerignore", ".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".template", ".gotmpl", ".erb", ".mustache", ".in", ".m4",
	".md", ".orig", ".rej", ".bak", ".swp",
}

// dockerfileRole knows Dockerfile and Containerfile, app.Dockerfile, and, if they begin like one, Dockerfile.app,
// Dockerfile-app and Dockerfile_app.
func dockerfileRole(name string) role {
	lower := strings.ToLower(name)
	for _, word := range []string{"dockerfile", "containerfile"} {
		if lower == word || strings.HasSuffix(lower, "."+word) {
			return named(source.Dockerfile)
		}
		rest, found := strings.CutPrefix(lower, word)
		if !found || !strings.ContainsAny(rest[:1], ".-_") {
			continue
		}
		for _, ending := range dockerTemplates {
			if strings.HasSuffix(rest, ending) {
				return role{}
			}
		}
		return role{kind: source.Dockerfile, is: func(t *text) source.Kind {
			if isDockerfile(t) {
				return source.Dockerfile
			}
			return ""
		}}
	}
	return role{}
}

// isComposeName knows compose, docker-compose, and both with more after a separator. The name comes without its ending.
func isComposeName(name string) bool {
	rest, found := strings.CutPrefix(strings.TrimPrefix(name, "docker-"), "compose")
	return found && (rest == "" || strings.ContainsAny(rest[:1], ".-_"))
}

const chartName = "Chart.yaml"

func isChartName(p string) bool { return path.Base(p) == chartName }

// chartSet holds the folders of all charts.
type chartSet map[string]bool

// owns reports whether a file is read by rendering a chart: whether it has a place in one, be it through an outer chart
// that holds this one under charts/.
func (c chartSet) owns(p string) bool {
	if len(c) == 0 {
		return false
	}
	for dir := range ancestors(p) {
		if c[dir] && isChartPlace(strings.TrimPrefix(p, dir+"/")) {
			return true
		}
	}
	return false
}

// above reports whether a chart's folder holds the file, wherever.
func (c chartSet) above(p string) bool {
	for dir := range ancestors(p) {
		if c[dir] {
			return true
		}
	}
	return false
}

// templateOr knows the templates that a chart keeps in a folder of its own choice and reads through .Files.
func templateOr(is func(*text) source.Kind) func(*text) source.Kind {
	return func(t *text) source.Kind {
		kind := is(t)
		if kind == source.Manifest && isTemplate(t) {
			return source.ChartFile
		}
		return kind
	}
}

// isChartPlace knows the places of a chart that Helm reads; the path is relative to the chart.
func isChartPlace(rel string) bool {
	dir, name, nested := strings.Cut(rel, "/")
	if !nested {
		switch rel {
		case "Chart.lock", "requirements.yaml", "requirements.lock", "values.schema.json":
			return true
		}
		return strings.HasPrefix(rel, "values") && isYAMLName(rel)
	}
	switch dir {
	case "templates", "crds", "charts", "files": // files/ is by custom what templates read through .Files
		return true
	case "ci":
		return strings.Contains(name, "values") && isYAMLName(name)
	}
	return false
}

// role is that of a file which a chart owns. A chart's list of dependencies is judged like its Chart.yaml.
func (c chartSet) role(p string) role {
	if dir, name := path.Split(p); name == "requirements.yaml" && c[path.Clean(dir)] {
		return named(source.Requirements)
	}
	return chartFileRole(p)
}

// chartFileRole reads locks and what may hold an ignore comment, and only lists the rest: rendering reads for itself, and
// reports what it cannot read.
func chartFileRole(p string) role {
	r := named(source.ChartFile)
	r.ours = false
	switch path.Ext(p) {
	case ".yaml", ".yml", ".tpl", ".txt", ".lock":
	default:
		r.unread = true
	}
	return r
}

// foreignNames are files of other tools that would be taken for JSON of ours.
var foreignNames = []string{"package.json", "package-lock.json", "jsconfig.json", "tsconfig.json", "composer.json", ".eslintrc.json"}

// isForeign reports whether a path is certainly another tool's, whatever it holds.
func isForeign(p string) bool {
	return slices.Contains(strings.Split(p, "/"), "node_modules") || slices.Contains(foreignNames, path.Base(p))
}

func isYAMLName(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}
