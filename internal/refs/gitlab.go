package refs

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
)

// gitlab reads what a GitLab pipeline runs in and includes. See https://docs.gitlab.com/ci/yaml/.
func (c *collector) gitlab(doc any) {
	root := node{value: doc}
	p := pipeline{collector: c, variables: literals(root.key("variables"), nil)}
	p.includes(root.key("include"))
	p.job(root, p.variables)
	for _, job := range root.keys() {
		switch key := job.path[len(job.path)-1]; key {
		case "include", "variables", "image", "services", "stages", "workflow", "spec", "cache":
		case "default":
			p.job(job, p.variables)
		default:
			p.job(job, literals(job.key("variables"), p.variables))
			p.includes(job.key("trigger").key("include"))
		}
	}
}

// pipeline is a GitLab pipeline being read.
type pipeline struct {
	*collector
	variables map[string]string // of the whole pipeline
}

// literals are variables by name, those outside too. A pipeline may be started with others; these are what it says itself.
func literals(variables node, outside map[string]string) map[string]string {
	out := map[string]string{}
	maps.Copy(out, outside)
	for _, variable := range variables.keys() {
		value := variable.value
		if _, isMap := value.(map[string]any); isMap {
			value = variable.key("value").value
		}
		if name, ok := variable.path[len(variable.path)-1].(string); ok && value != nil {
			out[name] = fmt.Sprint(value)
		}
	}
	return out
}

func (p *pipeline) job(job node, variables map[string]string) {
	p.image(job.key("image"), "job image", variables)
	for _, service := range job.key("services").items() {
		p.image(service, "job service", variables)
	}
}

// image reads an image, which stands alone or under name.
func (p *pipeline) image(at node, context string, variables map[string]string) {
	policy := at.key("pull_policy")
	if name := at.key("name"); name.value != nil {
		at = name
	}
	if at.text() == "" {
		return
	}
	r := ParseImage(expandPlain(at.text(), variables))
	r.Raw = at.text()
	if text := policy.text(); text != "" {
		r.Pull = &Pull{Policy: text, Path: policy.path}
	}
	p.add(r, context, at.path)
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
func (p *pipeline) includes(at node) {
	entries := at.items()
	if len(entries) == 0 {
		entries = []node{at}
	}
	for _, entry := range entries {
		switch {
		case isURL(entry.text()):
			p.remoteInclude(entry, "")
		case isURL(entry.key("remote").text()):
			p.remoteInclude(entry.key("remote"), entry.key("integrity").text())
		case entry.key("project").text() != "":
			p.projectInclude(entry)
		case entry.key("component").text() != "":
			p.component(entry.key("component"))
		}
	}
}

func isURL(text string) bool {
	return strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
}

// commitInURL finds a full commit among the parts of a URL that serves files of a repository.
var commitInURL = regexp.MustCompile(`/([0-9a-f]{40})/`)

// remoteInclude reads a file at a URL, which a checksum can pin; see https://docs.gitlab.com/ci/yaml/#includeintegrity.
func (p *pipeline) remoteInclude(at node, integrity string) {
	r := Ref{Kind: Include, Raw: at.text(), Name: at.text(), Served: true}
	switch commit := commitInURL.FindStringSubmatch(at.text()); {
	case strings.HasPrefix(integrity, "sha256-"):
		r.Digest = integrity
		r.pin(PinDigest, "")
	case commit != nil:
		r.Version, r.Digest = commit[1], commit[1]
		r.pin(PinDigest, "")
	default:
		r.pin(PinNone, "nothing says what the URL has to serve")
	}
	p.add(r, "remote include", at.path)
}

func (p *pipeline) projectInclude(entry node) {
	project, ref := entry.key("project"), entry.key("ref")
	version := ""
	place := project
	if ref.value != nil {
		version, place = fmt.Sprint(ref.value), ref
	}
	r := Ref{Kind: Include, Raw: project.text(), Name: project.text(), Version: version}
	if variable := variableUse.FindString(version); variable != "" {
		r.pin(PinUnknown, "its ref comes from "+variable)
	} else {
		r.pin(GitRefPin(version))
	}
	if r.Pin == PinDigest {
		r.Digest = version
	}
	p.add(r, "project include", place.path)
}

// component reads host/project/name@version. "~latest", and a version of fewer than three numbers, is the newest release
// that fits; see https://docs.gitlab.com/ci/components/#component-versions.
func (p *pipeline) component(at node) {
	name, version, _ := strings.Cut(at.text(), "@")
	r := Ref{Kind: Include, Raw: at.text(), Name: name, Version: version}
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
	p.add(r, "component", at.path)
}
