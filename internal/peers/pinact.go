package peers

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// pinactFile is what we read of pinact's configuration. Names and refs are regular expressions, of all of the text.
type pinactFile struct {
	IgnoreActions []struct {
		Name string `yaml:"name"`
		Ref  string `yaml:"ref"`
	} `yaml:"ignore_actions"`
}

func (s *Settings) pinact(name string, data []byte) error {
	var file pinactFile
	if err := yaml.Unmarshal(data, &file); err != nil {
		return err
	}
	for _, ignored := range file.IgnoreActions {
		pattern := patternOf(ignored.Name)
		if pattern == "" {
			s.remark("%s: the action %s is left out: no pattern means that expression", name, ignored.Name)
			continue
		}
		if ignored.Ref != "" && ignored.Ref != ".*" {
			s.remark("%s: %s is ignored at the ref %s, and at any ref here", name, ignored.Name, ignored.Ref)
		}
		s.policy(pattern, "ref")
	}
	return nil
}

var actionName = regexp.MustCompile(`^[A-Za-z0-9_-]+(/[A-Za-z0-9_.-]+)+$`)

// patternOf gives the pattern of actions that an expression means; "" where there is none that means just that.
func patternOf(expression string) string {
	text := strings.TrimSuffix(strings.TrimPrefix(expression, "^"), "$")
	rest, open := strings.CutSuffix(text, ".*")
	literal := strings.ReplaceAll(rest, `\.`, ".")
	switch {
	case open && literal == "":
		return "*"
	case open && regexp.MustCompile(`^[A-Za-z0-9_-]+/$`).MatchString(literal):
		return literal + "*"
	case open && strings.HasSuffix(literal, "/") && actionName.MatchString(strings.TrimSuffix(literal, "/")):
		return literal + "*"
	case !open && actionName.MatchString(literal):
		return literal
	}
	return ""
}
