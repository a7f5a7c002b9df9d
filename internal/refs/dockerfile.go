package refs

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// dockerfile follows the stages of a build: a name of an earlier stage is no reference, and build arguments stand for
// their defaults.
func (c *collector) dockerfile(doc any) {
	root := source.Node{Value: doc}
	if syntax := root.Key("directives").Key("syntax"); syntax.Text() != "" {
		c.add(ParseImage(syntax.Text()), "syntax directive", syntax.Path)
	}
	escape := '\\'
	if root.Key("directives").Key("escape").Text() == "`" {
		escape = '`'
	}
	b := build{collector: c, lex: shell.NewLex(escape), global: map[string]string{}}
	for _, instruction := range root.Key("instructions").Items() {
		b.instruction(instruction)
	}
}

// build is what is known at an instruction of a Dockerfile.
type build struct {
	*collector
	lex    *shell.Lex
	global map[string]string // defaults of arguments before the first FROM
	args   map[string]string // those of the stage; nil before the first FROM
	stages []string          // names of the stages so far, in lower case; "" for one without
}

func (b *build) instruction(n source.Node) {
	switch n.Key("cmd").Text() {
	case "arg":
		b.arg(n.Key("args"))
	case "env":
		b.env(n.Key("args"))
	case "from":
		b.from(n)
	case "copy", "add":
		b.flagged(n, "--from=", n.Key("cmd").Text())
	case "run":
		b.flagged(n, "--mount=", "run")
	case "onbuild":
		b.instruction(n.Key("trigger"))
	}
}

// arg records the defaults of arguments. One that is declared again in a stage has its global default there.
func (b *build) arg(args source.Node) {
	for _, item := range args.Items() {
		name, value, hasDefault := strings.Cut(item.Text(), "=")
		if b.args == nil {
			if value, known := b.expand(value, b.global); hasDefault && known {
				b.global[name] = value
			}
			continue
		}
		global, declared := b.global[name]
		if hasDefault {
			if value, known := b.expand(value, b.args); known {
				b.args[name] = value
			}
		} else if declared {
			b.args[name] = global
		}
	}
}

func (b *build) env(args source.Node) {
	items := args.Items()
	for i := 0; b.args != nil && i+1 < len(items); i += 2 {
		if value, known := b.expand(items[i+1].Text(), b.args); known {
			b.args[items[i].Text()] = value
		}
	}
}

func (b *build) from(n source.Node) {
	args := n.Key("args").Items()
	if len(args) == 0 {
		return
	}
	b.image(args[0].Text(), "FROM", args[0], b.global)
	name := ""
	if len(args) == 3 {
		name = strings.ToLower(args[2].Text())
	}
	b.stages = append(b.stages, name)
	b.args = map[string]string{}
}

// flagged reads the images that flags name: COPY --from=x, RUN --mount=type=bind,from=x.
func (b *build) flagged(n source.Node, prefix, cmd string) {
	for _, flag := range n.Key("flags").Items() {
		value, ok := strings.CutPrefix(flag.Text(), prefix)
		if !ok {
			continue
		}
		context := strings.ToUpper(cmd) + " --from"
		if prefix == "--mount=" {
			context = "RUN --mount"
			value = mountSource(value)
		}
		if value != "" {
			b.image(value, context, flag, b.args)
		}
	}
}

func mountSource(options string) string {
	for option := range strings.SplitSeq(options, ",") {
		if key, value, ok := strings.Cut(option, "="); ok && strings.EqualFold(strings.TrimSpace(key), "from") {
			return value
		}
	}
	return ""
}

// image records a reference to an image unless it is a stage, by name or index, or the empty image.
func (b *build) image(word, context string, at source.Node, env map[string]string) {
	value, known := b.expand(word, env)
	if value == "scratch" && context == "FROM" || b.isStage(value, known) {
		return
	}
	if _, err := strconv.Atoi(value); err == nil && context != "FROM" {
		return
	}
	if value == "" {
		value = word
	}
	if !known {
		value = strings.ReplaceAll(value, unknownValue, variableUse.FindString(word))
	}
	r := ParseImage(value)
	if r.Pin == PinUnknown {
		r.Note += ", an argument without a default"
	}
	r.Raw = word
	b.add(r, context, at.Path)
}

// isStage reports whether a name is that of a stage so far. An unknown variable, such as the target's architecture, may
// stand for a part of the name.
func (b *build) isStage(name string, known bool) bool {
	name = strings.ToLower(name)
	return name != "" && name != unknownValue && slices.ContainsFunc(b.stages, func(stage string) bool {
		if known {
			return stage == name
		}
		match, err := path.Match(name, stage)
		return err == nil && match && stage != ""
	})
}

// unknownValue takes the place of a variable whose value is not known: no image's name can hold it, and it is the
// pattern that matches any.
const unknownValue = "*"

var plainVariable = regexp.MustCompile(`\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)`)

// expand replaces the variables of a word by the values known; one without a value or default becomes unknownValue.
func (b *build) expand(word string, env map[string]string) (value string, known bool) {
	word = plainVariable.ReplaceAllStringFunc(word, func(use string) string {
		if _, ok := env[strings.Trim(use, "${}")]; ok {
			return use
		}
		return unknownValue
	})
	value, _, err := b.lex.ProcessWord(word, variables(env))
	if err != nil {
		return word, false
	}
	return value, !strings.Contains(value, unknownValue)
}

// variables is the environment that the shell's lexer asks.
type variables map[string]string

// Get implements shell.EnvGetter.
func (v variables) Get(name string) (string, bool) {
	value, ok := v[name]
	return value, ok
}

// Keys implements shell.EnvGetter.
func (v variables) Keys() []string { return slices.Sorted(maps.Keys(v)) }
