package token

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Answer is what can be said of a condition without running anything.
type Answer int

// The answers, so ordered that the lowest of several is that of all together.
const (
	No Answer = iota
	Maybe
	Yes
)

// Condition says when a need arises. All that it lists must hold.
type Condition struct {
	With     map[string]Match `yaml:"with"`     // by input, lower case
	Env      map[string]Match `yaml:"env"`      // by variable
	Events   []string         `yaml:"events"`   // the run was started by one of these
	Private  bool             `yaml:"private"`  // the repository is not public
	Registry string           `yaml:"registry"` // the job logs in at this host with the token
}

// Situation is what a Condition is judged in: a step, and what is known of its job.
type Situation struct {
	// Input and Env give the text that is set, expressions as they are written; false where nothing is set.
	Input, Env func(name string) (string, bool)
	Events     []string               // that start the run; none when that is not known
	Private    Answer                 // whether the repository is private; Maybe when that is not known
	Registry   func(host string) bool // whether the job logs in at a registry with the token
}

// Holds judges the condition. Maybe is what an expression leaves open, and which of a workflow's events started the run.
func (c Condition) Holds(s Situation) Answer {
	answer := Yes
	for name, m := range c.With {
		answer = min(answer, m.judge(s.Input(name)))
	}
	for name, m := range c.Env {
		answer = min(answer, m.judge(s.Env(name)))
	}
	if len(c.Events) > 0 {
		answer = min(answer, oneOfEvents(c.Events, s.Events))
	}
	if c.Private {
		answer = min(answer, s.Private)
	}
	if c.Registry != "" && !s.Registry(c.Registry) {
		answer = No
	}
	return answer
}

func oneOfEvents(wanted, events []string) Answer {
	count := 0
	for _, e := range events {
		if slices.Contains(wanted, e) {
			count++
		}
	}
	switch {
	case len(events) == 0:
		return Maybe
	case count == 0:
		return No
	case count < len(events):
		return Maybe // the job may be for the other ones
	}
	return Yes
}

// Match is what the text of an input or variable is held against.
type Match struct {
	Texts    []string // it is one of these, in any case
	Absent   bool     // … or it is not set, or set to nothing
	Present  bool     // … or it is set to anything
	Contains []string // … or it contains one of these
	Not      bool     // the opposite of all that
}

// UnmarshalYAML reads a Match: a text or a list of texts. Of these `present` and `absent` mean what they say, ~text is
// one that contains it, and one that begins with ! turns the whole around.
func (m *Match) UnmarshalYAML(node *yaml.Node) error {
	var texts []string
	if node.Kind == yaml.ScalarNode {
		texts = []string{node.Value}
	} else if err := node.Decode(&texts); err != nil {
		return fmt.Errorf("a match is a text or a list of texts: %w", err)
	}
	for _, t := range texts {
		t, m.Not = strings.TrimPrefix(t, "!"), m.Not || strings.HasPrefix(t, "!")
		switch {
		case t == "present":
			m.Present = true
		case t == "absent":
			m.Absent = true
		case strings.HasPrefix(t, "~"):
			m.Contains = append(m.Contains, t[1:])
		default:
			m.Texts = append(m.Texts, t)
		}
	}
	return nil
}

func (m Match) judge(text string, set bool) Answer {
	text = strings.TrimSpace(text)
	answer := No
	switch {
	case !set || text == "":
		if m.Absent {
			answer = Yes
		}
	case strings.Contains(text, "${{"):
		answer = m.judgeExpression(text)
	case m.Present, slices.ContainsFunc(m.Texts, func(t string) bool { return strings.EqualFold(t, text) }),
		slices.ContainsFunc(m.Contains, func(t string) bool { return strings.Contains(text, t) }):
		answer = Yes
	}
	if m.Not {
		answer = Yes - answer
	}
	return answer
}

// judgeExpression judges a text that only the run knows. A secret or variable of the settings that is named is taken to be there.
func (m Match) judgeExpression(text string) Answer {
	inner := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(text, "${{"), "}}"))
	fixed := (strings.HasPrefix(inner, "secrets.") || strings.HasPrefix(inner, "vars.")) && !strings.ContainsAny(inner, "|&=!")
	onlyPresence := len(m.Texts) == 0 && len(m.Contains) == 0
	switch {
	case fixed && m.Present:
		return Yes
	case fixed && onlyPresence:
		return No // it is asked to be absent
	}
	return Maybe
}
