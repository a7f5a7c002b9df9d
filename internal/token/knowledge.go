package token

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// Level is how much of a scope is needed or granted.
type Level string

// The levels; write includes read.
const (
	LevelRead  Level = "read"
	LevelWrite Level = "write"
)

// Basis says where a fact of the table is from.
type Basis string

// The bases, the surest first. What is unverified supports no claim: the need is never missing, its scope never unused.
const (
	BasisDocs       Basis = "docs"       // GitHub's documentation
	BasisReadme     Basis = "readme"     // the documentation of the action or tool itself
	BasisCode       Basis = "code"       // its action.yml or source
	BasisAPI        Basis = "api"        // the API that it is known to call, whose needs GitHub documents
	BasisUnverified Basis = "unverified" // nothing that could be looked up
)

// Need is one scope that something uses, at a level.
type Need struct {
	Scope    string   // "pull-requests"
	Level    Level    // at least
	Or       []string // scopes that serve as well at the same level, as what a number stands for decides: an issue or a pull request
	Optional bool     // it works without, with less: never missing, never unused
	Quiet    bool     // without it the step passes all the same, and only its log tells what was not done
	Why      string   // a clause: "actions/labeler sets labels"
	Basis    Basis
}

// publicReads are the scopes whose reads a public repository grants to any token, with or without the permission.
// https://docs.github.com/en/rest: "can be used without … permissions if only public resources are requested"; of pages it is
// seen: https://github.com/actions/configure-pages/issues/188.
var publicReads = map[string]bool{
	"actions": true, "attestations": true, "checks": true, "contents": true, "deployments": true, "discussions": true,
	"issues": true, "packages": true, "pages": true, "pull-requests": true, "statuses": true,
}

// PrivateOnly reports whether the need arises in a repository that is not public only.
func (n Need) PrivateOnly() bool { return n.Level == LevelRead && publicReads[n.Scope] }

// ConditionedNeed is a need that arises in some situations.
type ConditionedNeed struct {
	Need
	When  Condition // the zero Condition holds always
	Token Token     // how it gets there; zero where the entry of the action says it, and for id-token, which needs none
}

// Token says how an action or a command gets the job's token. Where all of it is zero, it never does.
// The permission id-token is not the token's: it is had by every step of a job that has it.
type Token struct {
	Inputs   []string `yaml:"inputs"`   // inputs that carry it, lower case; one of them is enough
	Env      []string `yaml:"env"`      // variables that carry it; one of them is enough
	Default  bool     `yaml:"default"`  // without any of these it gets the token all the same
	Checkout bool     `yaml:"checkout"` // through the credentials that actions/checkout leaves for git
	Registry string   `yaml:"registry"` // through an earlier login at this host
	Words    bool     `yaml:"-"`        // of a command: its own words hold the token, or a variable listed in Env
}

// None reports whether the token never gets there.
func (t Token) None() bool {
	return len(t.Inputs) == 0 && len(t.Env) == 0 && !t.Default && !t.Checkout && t.Registry == "" && !t.Words
}

// ActionEntry is what is known of one action, or of one reusable workflow that others call.
type ActionEntry struct {
	Name     string // owner/repo[/path], lower case
	Token    Token
	Needs    []ConditionedNeed
	Opaque   bool     // what it does with the token cannot be told from its inputs
	Script   string   // the input that holds a script for github-script, lower case; "" where none does
	Commands []string // inputs that hold the arguments of the command Runs
	Runs     string   // the command that it runs with them: "goreleaser"
	Route    string   // the input that holds a request, "GET /repos/…"; "" where none does
	Login    string   // the registry where it logs the job in with the token, "ghcr.io"
	LoginIn  string   // the input that names the registry where it logs the job in
	Reusable bool     // a reusable workflow: the needs are what its caller must grant before anything runs
	Basis    Basis    // of the entry: of Token, of Opaque, and of needs that say no other
	Source   string   // URL of what says so: the page that the entry names, or else the line that was read
	Read     Reading  // what the entry rests on; zero where it is unverified
	Checked  string   // the day it was read, as 2026-11-23; "" where it is unverified
}

// Knowledge is the table of what actions, commands and calls of the API need of the token.
type Knowledge struct {
	actions   map[string]*ActionEntry
	wildcards []*ActionEntry // names that end in /*
	commands  map[string][]commandEntry
	globals   map[string][]string // by command, flags in front of the subcommand that take a value
	endpoints endpoints
}

//go:embed data
var data embed.FS

var builtIn = sync.OnceValue(func() *Knowledge {
	k, err := load()
	if err != nil {
		panic("token: " + err.Error()) // the table is part of the program, and a test loads it
	}
	return k
})

// Actions is the built-in table, parsed once.
func Actions() *Knowledge { return builtIn() }

// Action finds the entry of an action or reusable workflow by its owner/repo[/path] without version, in any case.
func (k *Knowledge) Action(name string) (*ActionEntry, bool) {
	name = strings.ToLower(name)
	if e, found := k.actions[name]; found {
		return e, true
	}
	for _, e := range k.wildcards {
		if strings.HasPrefix(name, strings.TrimSuffix(e.Name, "*")) {
			return e, true
		}
	}
	return nil, false
}

func load() (*Knowledge, error) {
	k := &Knowledge{actions: map[string]*ActionEntry{}, commands: map[string][]commandEntry{}}
	for _, read := range []func() error{k.loadActions, k.loadReadings, k.loadCommands, k.loadEndpoints} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// entryFile is the form of an entry in data/actions.yaml.
type entryFile struct {
	Uses     []string   `yaml:"uses"` // the names that the entry is for; a trailing /* stands for any path
	Token    Token      `yaml:"token"`
	Needs    []needFile `yaml:"needs"`
	Opaque   bool       `yaml:"opaque"`
	Script   string     `yaml:"script"`
	Commands []string   `yaml:"commands"`
	Runs     string     `yaml:"runs"`
	Route    string     `yaml:"route"`
	Login    string     `yaml:"login"`
	LoginIn  string     `yaml:"login-input"`
	Reusable bool       `yaml:"reusable"`
	Source   string     `yaml:"source"`
	Basis    Basis      `yaml:"basis"`
	Checked  string     `yaml:"checked"`
}

// needFile is the form of a need in the files: {contents: write, why: …}.
type needFile struct {
	Scope    map[string]Level `yaml:",inline"`
	Or       []string         `yaml:"or"`
	Optional bool             `yaml:"optional"`
	Quiet    bool             `yaml:"quiet"`
	Why      string           `yaml:"why"`
	Basis    Basis            `yaml:"basis"` // where it is not that of the entry
	When     Condition        `yaml:"when"`
	Token    Token            `yaml:"token"` // of an action that takes several: the one that serves this need
}

func (k *Knowledge) loadActions() error {
	var file struct {
		Checked string      `yaml:"checked"` // the day the entries were read that do not say another one
		Actions []entryFile `yaml:"actions"`
	}
	if err := decode("data/actions.yaml", &file); err != nil {
		return err
	}
	for _, f := range file.Actions {
		needs, err := needsOf(f.Needs, f.Basis)
		if err != nil {
			return fmt.Errorf("data/actions.yaml: %v: %w", f.Uses, err)
		}
		for _, name := range f.Uses {
			if k.actions[name] != nil {
				return fmt.Errorf("data/actions.yaml: %s: stands there twice", name)
			}
			e := &ActionEntry{
				Name: name, Token: f.Token, Needs: needs, Opaque: f.Opaque, Script: f.Script, Commands: f.Commands,
				Runs: f.Runs, Route: f.Route, Login: f.Login, LoginIn: f.LoginIn, Reusable: f.Reusable,
				Basis: f.Basis, Source: f.Source, Checked: cmp.Or(f.Checked, file.Checked),
			}
			if f.Basis == BasisUnverified {
				e.Checked = ""
			}
			k.actions[name] = e
			if strings.HasSuffix(name, "/*") {
				k.wildcards = append(k.wildcards, e)
			}
		}
	}
	return nil
}

func needsOf(files []needFile, basis Basis) ([]ConditionedNeed, error) {
	var needs []ConditionedNeed
	for _, f := range files {
		if len(f.Scope) != 1 {
			return nil, fmt.Errorf("a need names one scope, not %d: %v", len(f.Scope), f.Scope)
		}
		n := ConditionedNeed{Need: Need{Or: f.Or, Optional: f.Optional, Quiet: f.Quiet, Why: f.Why, Basis: f.Basis}, When: f.When, Token: f.Token}
		for scope, level := range f.Scope {
			n.Scope, n.Level = scope, level
		}
		if n.Basis == "" {
			n.Basis = basis
		}
		needs = append(needs, n)
	}
	return needs, nil
}

// decode reads an embedded YAML file strictly.
func decode(name string, into any) error {
	text, err := data.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("parse %s: %w", name, err)
	}
	return nil
}
