package peers

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Settings is what the configurations of other linters say, in the words of ours: its YAML is a part of plimsoll.yaml.
type Settings struct {
	Rules  map[string]*Rule `yaml:"rules,omitempty"` // by our ID
	Ignore []Ignore         `yaml:"ignore,omitempty"`

	From    []string `yaml:"-"` // the files that were read, relative to the repository's root
	Remarks []string `yaml:"-"` // what could not be carried over, or not as it was; a sentence each, without its full stop
}

// Rule is the setting of one rule of ours.
type Rule struct {
	Enabled  *bool          `yaml:"enabled,omitempty"`
	Severity string         `yaml:"severity,omitempty"`
	Params   map[string]any `yaml:"params,omitempty"`
}

// Ignore puts the findings of a rule of ours aside in some files.
type Ignore struct {
	Rule   string   `yaml:"rule"`
	Paths  []string `yaml:"paths,flow"`
	Reason string   `yaml:"reason"`
}

// zizmorNames and pinactNames are where these look for their configuration, in that order.
var (
	zizmorNames = []string{".github/zizmor.yml", ".github/zizmor.yaml", "zizmor.yml", "zizmor.yaml"}
	pinactNames = []string{".pinact.yaml", ".github/pinact.yaml", ".pinact.yml", ".github/pinact.yml"}
)

// Import reads the configurations of zizmor and pinact. The function reads a file of the repository by its slash path; not
// found is no error. An error names the file that is no configuration.
func Import(read func(name string) (data []byte, found bool, err error)) (*Settings, error) {
	s := &Settings{Rules: map[string]*Rule{}}
	for _, from := range []struct {
		names  []string
		decode func(name string, data []byte) error
	}{{zizmorNames, s.zizmor}, {pinactNames, s.pinact}} {
		for _, name := range from.names {
			data, found, err := read(name)
			if err != nil {
				return nil, err
			}
			if !found {
				continue
			}
			if err := from.decode(name, data); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			s.From = append(s.From, name)
			break // zizmor and pinact too take the first alone
		}
	}
	return s, nil
}

func (s *Settings) remark(format string, args ...any) {
	s.Remarks = append(s.Remarks, fmt.Sprintf(format, args...))
}

func (s *Settings) rule(id string) *Rule {
	if s.Rules[id] == nil {
		s.Rules[id] = &Rule{}
	}
	return s.Rules[id]
}

// param sets a parameter of a rule of ours.
func (s *Settings) param(id, name string, value any) {
	r := s.rule(id)
	if r.Params == nil {
		r.Params = map[string]any{}
	}
	r.Params[name] = value
}

// policy says what unpinned-action asks of actions of a pattern; what was said of it first stays.
func (s *Settings) policy(pattern, asked string) {
	const id = "workflow/unpinned-action"
	policies, _ := s.rule(id).Params["policies"].(map[string]any)
	if policies == nil {
		policies = map[string]any{}
		s.param(id, "policies", policies)
	}
	if policies[pattern] == nil {
		policies[pattern] = asked
	}
}

// zizmorFile is what we read of a zizmor.yml.
type zizmorFile struct {
	Rules map[string]zizmorRule `yaml:"rules"`
}

type zizmorRule struct {
	Disable bool           `yaml:"disable"`
	Ignore  []string       `yaml:"ignore"`
	Config  map[string]any `yaml:"config"`
	Remap   struct {
		Severity string `yaml:"severity"`
	} `yaml:"remap"`
}

func (s *Settings) zizmor(name string, data []byte) error {
	var file zizmorFile
	if err := yaml.Unmarshal(data, &file); err != nil {
		return err
	}
	for _, audit := range slices.Sorted(maps.Keys(file.Rules)) {
		set := file.Rules[audit]
		ours := RulesOf(audit)
		if len(ours) == 0 {
			s.remark("%s: rules.%s is left out: no rule finds that", name, audit)
			continue
		}
		for _, id := range ours {
			s.disable(name, audit, id, set.Disable)
			s.severity(name, audit, id, set.Remap.Severity)
			for _, entry := range set.Ignore {
				s.ignore(name, id, entry)
			}
		}
		s.config(name, audit, set.Config)
	}
	return nil
}

// looksAt are the files that zizmor reads.
var looksAt = []string{
	".github/workflows/**", "**/action.yml", "**/action.yaml", ".github/dependabot.yml", ".github/dependabot.yaml", ".pre-commit-config.yaml",
}

// disable switches a rule off that judges workflows alone. One that judges other files too is put aside where zizmor looks.
func (s *Settings) disable(name, audit, id string, disabled bool) {
	switch {
	case !disabled:
	case strings.HasPrefix(id, "workflow/"):
		off := false
		s.rule(id).Enabled = &off
	default:
		s.Ignore = append(s.Ignore, Ignore{id, looksAt, fmt.Sprintf("%s disables %s", name, audit)})
	}
}

// severities are ours for zizmor's words.
var severities = map[string]string{"informational": "info", "low": "low", "medium": "medium", "high": "high"}

func (s *Settings) severity(name, audit, id, to string) {
	ours, known := severities[to]
	switch {
	case to == "":
	case !known || !strings.HasPrefix(id, "workflow/"):
		s.remark("%s: rules.%s.remap.severity is left out: %s judges more than workflows", name, audit, id)
	default:
		s.rule(id).Severity = ours
	}
}

// ignore carries an entry "ci.yml:12:3" over, of a workflow by its base name. There are no lines in ours.
func (s *Settings) ignore(name, id, entry string) {
	file, place, _ := strings.Cut(entry, ":")
	path := ".github/workflows/" + file
	if strings.TrimSuffix(strings.TrimSuffix(file, ".yml"), ".yaml") == "dependabot" {
		path = ".github/" + file
	}
	if file == "" || strings.ContainsAny(file, `/\*?[]{}`) {
		s.remark("%s: the entry %q is left out: it names no workflow", name, entry)
		return
	}
	i := slices.IndexFunc(s.Ignore, func(have Ignore) bool { return have.Rule == id && slices.Equal(have.Paths, []string{path}) })
	if i >= 0 {
		s.Ignore[i].Reason += ", " + entry
	} else {
		s.Ignore = append(s.Ignore, Ignore{id, []string{path}, fmt.Sprintf("%s ignores %s", name, entry)})
	}
	if place != "" {
		s.remark("%s: the entry %s means one line, and covers the whole file here: a comment on that line, plimsoll: ignore[%s] and a reason, is narrower", name, entry, id)
	}
}

// config carries the parameters of an audit over.
func (s *Settings) config(name, audit string, config map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(config)) {
		value := config[key]
		switch audit + "." + key {
		case "unpinned-uses.policies":
			s.policies(name, value)
		case "forbidden-uses.allow", "forbidden-uses.deny":
			s.patterns(name, key, value)
		case "dependabot-cooldown.days":
			if days, ok := value.(int); ok {
				s.param("dependencies/missing-cooldown", "days", days)
			}
		default:
			s.remark("%s: rules.%s.config.%s is left out: no parameter means that", name, audit, key)
		}
	}
}

// asks are the words of unpinned-action's policies for zizmor's.
var asks = map[string]string{"hash-pin": "hash", "ref-pin": "ref", "any": "any"}

func (s *Settings) policies(name string, value any) {
	policies, _ := value.(map[string]any)
	for _, pattern := range slices.Sorted(maps.Keys(policies)) {
		asked := asks[fmt.Sprint(policies[pattern])]
		if asked == "" || strings.ContainsAny(pattern, "@:") {
			s.remark("%s: the policy %v of %s is left out: no parameter means that", name, policies[pattern], pattern)
			continue
		}
		s.policy(pattern, asked)
	}
}

func (s *Settings) patterns(name, key string, value any) {
	list, _ := value.([]any)
	kept := []any{}
	for _, item := range list {
		if strings.ContainsAny(fmt.Sprint(item), "@:") {
			s.remark("%s: the pattern %v is left out: patterns of %s name no ref", name, item, key)
			continue
		}
		kept = append(kept, item)
	}
	if len(kept) > 0 { // a list that allows nothing would be another thing
		s.param("workflow/action-not-allowed", key, kept)
	}
}
