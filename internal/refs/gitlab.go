package refs

import (
	"fmt"
	"maps"
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// gitlab reads what a GitLab pipeline runs in and includes. See https://docs.gitlab.com/ci/yaml/.
func (c *collector) gitlab(doc any) {
	root := source.Node{Value: doc}
	p := pipeline{collector: c, variables: literals(root.Key("variables"), nil)}
	p.includes(root.Key("include"))
	p.job(root, p.variables)
	for _, job := range root.Keys() {
		switch key := job.Path[len(job.Path)-1]; key {
		case "include", "variables", "image", "services", "stages", "workflow", "spec", "cache":
		case "default":
			p.job(job, p.variables)
		default:
			p.job(job, literals(job.Key("variables"), p.variables))
			p.includes(job.Key("trigger").Key("include"))
		}
	}
}

// pipeline is a GitLab pipeline being read.
type pipeline struct {
	*collector
	variables map[string]string // of the whole pipeline
}

// literals are variables by name, those outside too. A pipeline may be started with others; these are what it says itself.
func literals(variables source.Node, outside map[string]string) map[string]string {
	out := map[string]string{}
	maps.Copy(out, outside)
	for _, variable := range variables.Keys() {
		value := variable.Value
		if _, isMap := value.(map[string]any); isMap {
			value = variable.Key("value").Value
		}
		if name, ok := variable.Path[len(variable.Path)-1].(string); ok && value != nil {
			out[name] = fmt.Sprint(value)
		}
	}
	return out
}

func (p *pipeline) job(job source.Node, variables map[string]string) {
	p.image(job.Key("image"), "job image", variables)
	for _, service := range job.Key("services").Items() {
		p.image(service, "job service", variables)
	}
}

// machineImage is a name that GitLab's own runners have for a virtual machine, which comes from no registry.
// See https://docs.gitlab.com/ci/runners/hosted_runners/macos/.
var machineImage = regexp.MustCompile(`^macos-\d+-xcode-\d+$`)

// image reads an image, which stands alone or under name.
func (p *pipeline) image(at source.Node, context string, variables map[string]string) {
	policy := at.Key("pull_policy")
	if name := at.Key("name"); name.Value != nil {
		at = name
	}
	name := expandPlain(at.Text(), variables)
	if name == "" || machineImage.MatchString(name) {
		return
	}
	r := ParseImage(name)
	r.Raw = at.Text()
	if text := policy.Text(); text != "" {
		r.Pull = &Pull{Policy: text, Path: policy.Path}
	}
	p.add(r, context, at.Path)
}

// maxExpanded bounds a text whose variables name each other, in bytes.
const maxExpanded = 4096

// expandPlain puts known variables in the place of their names, some deep. What is not known stays.
func expandPlain(text string, variables map[string]string) string {
	for range 5 {
		next := plainVariable.ReplaceAllStringFunc(text, func(use string) string {
			if value, ok := variables[strings.Trim(use, "${}")]; ok {
				return value
			}
			return use
		})
		if next == text || len(next) > maxExpanded {
			break
		}
		text = next
	}
	return text
}

// includes reads what a pipeline, or one that it triggers, is made of. Files of this repository and GitLab's own templates
// are none of others.
func (p *pipeline) includes(at source.Node) {
	entries := at.Items()
	if len(entries) == 0 {
		entries = []source.Node{at}
	}
	for _, entry := range entries {
		switch {
		case isURL(entry.Text()):
			p.remoteInclude(entry, "")
		case isURL(entry.Key("remote").Text()):
			p.remoteInclude(entry.Key("remote"), entry.Key("integrity").Text())
		case entry.Key("project").Text() != "":
			p.projectInclude(entry)
		case entry.Key("component").Text() != "":
			p.component(entry.Key("component"))
		}
	}
}

func isURL(text string) bool {
	return strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
}

// commitInURL finds a full commit among the parts of a URL that serves files of a repository.
var commitInURL = regexp.MustCompile(`/([0-9a-f]{40})/`)

// remoteInclude reads a file at a URL, which a checksum can pin; see https://docs.gitlab.com/ci/yaml/#includeintegrity.
func (p *pipeline) remoteInclude(at source.Node, integrity string) {
	r := Ref{Kind: Include, Raw: at.Text(), Name: at.Text(), Served: true}
	switch commit := commitInURL.FindStringSubmatch(at.Text()); {
	case strings.HasPrefix(integrity, "sha256-"):
		r.Digest = integrity
		r.pin(PinDigest, "")
	case commit != nil:
		r.Version, r.Digest = commit[1], commit[1]
		r.pin(PinDigest, "")
	default:
		r.pin(PinNone, "nothing says what the URL has to serve")
	}
	p.add(r, "remote include", at.Path)
}

func (p *pipeline) projectInclude(entry source.Node) {
	project, ref := entry.Key("project"), entry.Key("ref")
	version := ""
	place := project
	if ref.Value != nil {
		version, place = fmt.Sprint(ref.Value), ref
	}
	r := Ref{Kind: Include, Raw: project.Text(), Name: project.Text(), Version: version}
	if strings.Trim(r.Raw, "${}") == "CI_PROJECT_PATH" {
		r.Own()
	} else if variable := variableUse.FindString(version); variable != "" {
		r.pin(PinUnknown, "its ref comes from "+variable)
	} else {
		r.pin(GitRefPin(version))
	}
	if r.Pin == PinDigest {
		r.Digest = version
	}
	p.add(r, "project include", place.Path)
}

// component reads host/project/name@version. "~latest", and a version of fewer than three numbers, is the newest release
// that fits; see https://docs.gitlab.com/ci/components/#component-versions.
func (p *pipeline) component(at source.Node) {
	name, version, _ := strings.Cut(at.Text(), "@")
	r := Ref{Kind: Include, Raw: at.Text(), Name: name, Version: version}
	switch {
	case variableUse.MatchString(version):
		r.pin(PinUnknown, "its version comes from "+variableUse.FindString(version))
	case version == "~latest":
		r.pin(PinFloating, "~latest is the newest release")
	default:
		r.pin(GitRefPin(version))
	}
	if r.Pin == PinDigest {
		r.Digest = version
	}
	p.add(r, "component", at.Path)
}
