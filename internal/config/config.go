// Package config reads the configuration file, .github/plimsoll.yaml or plimsoll.yaml, to one validated value. Every error
// says file, line and column, and names the nearest right word for one that is wrong.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// Names are where the configuration is looked for, relative to the repository's root.
func Names() []string { return []string{".github/plimsoll.yaml", "plimsoll.yaml"} }

// MaxBytes bounds the file: it comes from the repository under lint.
const MaxBytes = 1 << 20

// Config is the file's content. The struct tags are the one home of its keys and their meaning: the strict reader and
// the JSON Schema both come from them.
type Config struct {
	Version      int             `yaml:"version" doc:"Version of this format: 1."`
	FailOn       Threshold       `yaml:"fail-on" doc:"Lowest severity that fails: high, medium, low or never. Default: medium."`
	Persona      Persona         `yaml:"persona" doc:"Whom the answer is for: regular, who gates on it; pedantic, who wants hygiene and low confidence too; auditor, who wants everything. Default: regular."`
	IgnoresAdded IgnoresAdded    `yaml:"ignores-added" doc:"What an ignore does that the change under review adds itself: report, where it counts and is listed, or fail, where what it hides fails as if it were not there. What the merge base says holds too, so that a change cannot lift it. Default: report."`
	Include      []Glob          `yaml:"include" doc:"Lint only files that match one of these globs; ** crosses folders."`
	Exclude      []Glob          `yaml:"exclude" doc:"Leave out files that match one of these globs; ** crosses folders."`
	Policies     []string        `yaml:"policies" doc:"Folders of further policies, relative to the repository's root."`
	Rules        map[string]Rule `yaml:"rules" doc:"Settings by rule ID."`
	Ignore       []Ignore        `yaml:"ignore" doc:"Findings to put aside, each with its reason."`
	Helm         Helm            `yaml:"helm" doc:"How charts are rendered."`
	Kustomize    Kustomize       `yaml:"kustomize" doc:"How kustomizations are built."`
	Pods         PodSecurity     `yaml:"pod-security" doc:"What pods are held to by the Pod Security Standards, where their namespace doesn't say."`
	Workflow     Workflow        `yaml:"workflow" doc:"How workflows are read."`
	Limits       Limits          `yaml:"limits" doc:"Bounds on what one file or chart may cost."`

	path string
	seen []mention // every rule that the file names
}

// Rule is the setting of one rule.
type Rule struct {
	Enabled  *bool          `yaml:"enabled" doc:"false switches the rule off."`
	Severity *Severity      `yaml:"severity" doc:"Severity to report the rule's findings with."`
	Params   map[string]any `yaml:"params" doc:"Parameters; the rule's page names them."`
}

// Ignore puts findings aside by rule and path.
type Ignore struct {
	Rule     string `yaml:"rule" doc:"Rule ID, or a category as image/*."`
	Paths    []Glob `yaml:"paths" doc:"Globs of the files meant; all files without it."`
	Subjects []Glob `yaml:"subjects" doc:"Globs of what the findings meant are about, by its whole canonical name, as docker.io/library/*; * stays within a segment and ** spans them. Findings about anything without it."`
	Reason   string `yaml:"reason" doc:"Why this is accepted. Required."`
	Expires  Date   `yaml:"expires" doc:"Last day on which the entry counts, as 2027-01-31."`

	line int
}

// Line is the 1-based line on which the entry stands in the configuration file.
func (i Ignore) Line() int { return i.line }

// Helm says how charts are rendered.
type Helm struct {
	KubeVersions []KubeVersion `yaml:"kube-versions" doc:"Kubernetes versions that every chart is rendered for, as 1.36.0. Default: 1.36.0 alone."`
	APIVersions  []string      `yaml:"api-versions" doc:"API versions that the cluster serves beside Kubernetes' own, as monitoring.coreos.com/v1."`
	Values       []Values      `yaml:"values" doc:"Values files to render charts with, beside their defaults, their ci/*-values.yaml and what Argo CD, Flux and Helmfile deploy them with from this repository."`
}

// Values are values files to render charts with.
type Values struct {
	Chart Glob     `yaml:"chart" doc:"Glob of the folders of the charts that are meant; all charts without it."`
	Files []string `yaml:"files" doc:"Values files, relative to the repository's root; a later one wins. Required."`
	Name  string   `yaml:"name" doc:"What findings call these values. Default: the names of the files."`

	line int
}

// Line is the 1-based line on which the entry stands in the configuration file.
func (v Values) Line() int { return v.line }

// Kustomize says how kustomizations are built.
type Kustomize struct {
	LoadRestrictor LoadRestrictor `yaml:"load-restrictor" doc:"none when you build with LoadRestrictionsNone: then files outside of a kustomization's folder are no finding. Default: root-only."`
}

// PodSecurity says what pods are held to.
type PodSecurity struct {
	Level   PodSecurityLevel   `yaml:"level" doc:"Level of the Pod Security Standards: privileged, which allows everything, baseline or restricted. Default: restricted."`
	Version PodSecurityVersion `yaml:"version" doc:"Version of Kubernetes whose standards count, as 1.36, or latest. Default: latest."`
}

// Workflow says how workflows are read.
type Workflow struct {
	Shellcheck bool `yaml:"shellcheck" doc:"true has the scripts of workflows and actions checked by the shellcheck that is installed. Default: false."`
}

// Limits bound what one file or chart may cost.
type Limits struct {
	FileSize     Size     `yaml:"file-size" doc:"Largest file that is read. Default: 10MiB."`
	RenderTime   Duration `yaml:"render-time" doc:"Longest rendering of one chart or kustomization. Default: 10s."`
	RenderMemory Size     `yaml:"render-memory" doc:"Most memory that rendering one chart or kustomization may take. Default: 1GiB."`
}

type place struct{ line, column int }

// mention is a rule that the file names, and where. A pattern is meant only where findings are ignored.
type mention struct {
	place
	id      string
	pattern bool
}

// Default is the configuration where there is no file.
func Default() *Config {
	return &Config{
		Version: 1,
		FailOn:  Threshold(finding.Medium),
		Limits:  Limits{FileSize: 10 << 20, RenderTime: Duration(10 * time.Second), RenderMemory: 1 << 30},
	}
}

// Path is the file that the configuration was read from; "" for the default.
func (c *Config) Path() string { return c.path }

// Parse reads a configuration file. Path is for messages.
func Parse(path string, data []byte) (*Config, error) {
	c := Default()
	c.path = path
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%s: larger than %d bytes", path, MaxBytes)
	}
	var root, more yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&root); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s:%s", path, strings.Replace(yamlLine.ReplaceAllString(err.Error(), "$1: "), "yaml: ", " ", 1))
	}
	if root.Kind == 0 {
		return c, nil
	}
	if err := decoder.Decode(&more); err == nil {
		return nil, fmt.Errorf("%s:%d: a second document stands here; keep to one", path, more.Line)
	}
	if err := check(root.Content[0]); err != nil {
		return nil, c.at(err)
	}
	if err := root.Decode(c); err != nil {
		return nil, c.at(err)
	}
	c.remember(root.Content[0])
	return c, c.at(c.Validate())
}

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

// at puts the file before an error's place.
func (c *Config) at(err error) error {
	if err == nil {
		return nil
	}
	if placed, ok := errors.AsType[*placedError](err); ok {
		return fmt.Errorf("%s:%d:%d: %s", c.path, placed.line, placed.column, placed.message)
	}
	return fmt.Errorf("%s: %w", c.path, err)
}

// Validate refuses values that make no sense, or that lift the bounds on a hostile repository.
func (c *Config) Validate() error {
	if c.Version != 1 {
		return fmt.Errorf("version %d is unknown: this program reads version 1", c.Version)
	}
	for _, i := range c.Ignore {
		switch {
		case i.Rule == "":
			return &placedError{place{i.line, 1}, "ignore: rule is required"}
		case strings.TrimSpace(i.Reason) == "":
			return &placedError{place{i.line, 1}, "ignore: reason is required: say why this is accepted"}
		}
	}
	for _, dir := range c.Policies {
		if leadsOut(dir) {
			return fmt.Errorf("policies: %s leads out of the repository; use --policy for a folder elsewhere", dir)
		}
	}
	if err := c.Helm.validate(); err != nil {
		return err
	}
	return c.Limits.validate()
}

func leadsOut(path string) bool {
	return strings.HasPrefix(path, "/") || slices.Contains(strings.Split(path, "/"), "..")
}

// maxKubeVersions bounds how often every chart is rendered anew.
const maxKubeVersions = 10

func (h Helm) validate() error {
	if len(h.KubeVersions) > maxKubeVersions {
		return fmt.Errorf("helm: kube-versions lists %d versions; keep to %d", len(h.KubeVersions), maxKubeVersions)
	}
	for _, v := range h.Values {
		at := place{v.line, 1}
		if len(v.Files) == 0 {
			return &placedError{at, "helm: values: files is required: name at least one values file"}
		}
		for _, file := range v.Files {
			if leadsOut(file) || file == "" {
				return &placedError{at, fmt.Sprintf("helm: values: %q leads out of the repository; keep values files in it", file)}
			}
		}
	}
	return nil
}

// validate bounds the bounds: the file comes from the repository under lint, and must not be able to lift them.
func (l Limits) validate() error {
	switch {
	case l.FileSize <= 0 || l.FileSize > 256<<20:
		return errors.New("limits: file-size must be above zero and at most 256MiB")
	case l.RenderTime <= 0 || l.RenderTime > Duration(10*time.Minute):
		return errors.New("limits: render-time must be above zero and at most 10m")
	case l.RenderMemory < 64<<20 || l.RenderMemory > 16<<30:
		return errors.New("limits: render-memory must be at least 64MiB and at most 16GiB")
	}
	return nil
}

// remember keeps the places of the rule IDs and ignore entries, for errors and reports.
func (c *Config) remember(root *yaml.Node) {
	each(root, func(key, value *yaml.Node) {
		switch key.Value {
		case "rules":
			each(value, func(id, _ *yaml.Node) {
				c.seen = append(c.seen, mention{place{id.Line, id.Column}, id.Value, false})
			})
		case "helm":
			each(value, c.Helm.remember)
		case "ignore":
			for i, item := range value.Content {
				if i < len(c.Ignore) {
					c.Ignore[i].line = item.Line
				}
				each(item, func(k, v *yaml.Node) {
					if k.Value == "rule" {
						c.seen = append(c.seen, mention{place{v.Line, v.Column}, v.Value, true})
					}
				})
			}
		}
	})
}

// remember keeps the places of the entries of values.
func (h *Helm) remember(key, value *yaml.Node) {
	if key.Value != "values" {
		return
	}
	for i, item := range value.Content {
		if i < len(h.Values) {
			h.Values[i].line = item.Line
		}
	}
}

func each(n *yaml.Node, f func(key, value *yaml.Node)) {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		f(n.Content[i], n.Content[i+1])
	}
}

// CheckRules refuses a rule that does not exist. A pattern such as image/* is meant only where findings are ignored, and
// must match a rule.
func (c *Config) CheckRules(ids []string) error {
	for _, m := range c.seen {
		known := slices.ContainsFunc(ids, func(id string) bool {
			return id == m.id || m.pattern && m.id != "*" && Matches(m.id, id)
		})
		if !known {
			return c.at(&placedError{m.place, UnknownRule(m.id, ids)})
		}
	}
	return nil
}

// AtRule places an error about the setting of a rule at the line that names the rule.
func (c *Config) AtRule(id string, err error) error {
	i := slices.IndexFunc(c.seen, func(m mention) bool { return m.id == id && !m.pattern })
	if i < 0 || err == nil {
		return err
	}
	return c.at(&placedError{c.seen[i].place, err.Error()})
}

// UnknownRule is the message for a rule ID that does not exist.
func UnknownRule(id string, ids []string) string {
	message := fmt.Sprintf("unknown rule %q", id)
	if near := Nearest(id, ids); near != "" {
		message += fmt.Sprintf("; did you mean %q?", near)
	}
	return message
}

// Matches reports whether a rule ID, or a pattern such as "image/*" or "*", means the rule of the given ID.
func Matches(pattern, id string) bool {
	if pattern == "*" || pattern == id {
		return true
	}
	category, found := strings.CutSuffix(pattern, "/*")
	return found && strings.HasPrefix(id, category+"/")
}

// Enabled reports whether the configuration leaves a rule on.
func (c *Config) Enabled(id string) bool {
	r, ok := c.Rules[id]
	return !ok || r.Enabled == nil || *r.Enabled
}

// Severities are the severities that the configuration sets, by rule ID.
func (c *Config) Severities() map[string]finding.Severity {
	out := map[string]finding.Severity{}
	for id, r := range c.Rules {
		if r.Severity != nil {
			out[id] = finding.Severity(*r.Severity)
		}
	}
	return out
}

// Params are the parameters that the configuration sets, by rule ID.
func (c *Config) Params() map[string]map[string]any {
	out := map[string]map[string]any{}
	for id, r := range c.Rules {
		if len(r.Params) > 0 {
			out[id] = r.Params
		}
	}
	return out
}
