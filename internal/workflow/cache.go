package workflow

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Cache is a step that restores a cache in a job that publishes, or that saves one beside what a pull request brought.
type Cache struct {
	Path      source.Path  `json:"path"` // of the step's uses, or of the input that turns its cache on
	Text      string       `json:"text"` // the part of that input which does; "" for all of it
	Job       string       `json:"job"`  // ID of the job
	What      string       `json:"what"` // the action
	Publishes []Execution  `json:"publishes"`
	Saves     bool         `json:"saves"`     // it is saved for the default branch, and holds what a pull request brought
	Event     string       `json:"event"`     // of such a pull request; "" of a job that publishes
	Poisoners []CacheEntry `json:"poisoners"` // where outsiders run code that can write to the caches of the default branch
}

// CacheEntry is a place of a workflow in this repository.
type CacheEntry struct {
	File string      `json:"file"`
	Path source.Path `json:"path"`
}

// cacheAction is how an action comes to restore a cache: whenever it is used, but for an input that says no; or only when
// an input says so.
type cacheAction struct {
	input   string   // that decides; "" where nothing does
	off     []string // values of it that turn the cache off; "" among them: it is off unless set
	markers []string // the input turns it on only where it holds one of these
	since   int      // the first major version that does so unasked
}

// cacheActions is kept from each action's own action.yml.
var cacheActions = map[string]cacheAction{
	"actions/cache":                          {},
	"actions/cache/restore":                  {},
	"actions/setup-dotnet":                   {input: "cache", off: []string{"", "false"}},
	"actions/setup-go":                       {input: "cache", off: []string{"false"}, since: 4},
	"actions/setup-java":                     {input: "cache", off: []string{""}},
	"actions/setup-node":                     {input: "cache", off: []string{""}},
	"actions/setup-python":                   {input: "cache", off: []string{""}},
	"astral-sh/setup-uv":                     {input: "enable-cache", off: []string{"false"}},
	"docker/bake-action":                     {input: "set", off: []string{""}, markers: []string{"cache-from=type=gha"}},
	"docker/build-push-action":               {input: "cache-from", off: []string{""}, markers: []string{"type=gha"}},
	"gradle/actions/setup-gradle":            {input: "cache-disabled", off: []string{"true"}},
	"mozilla-actions/sccache-action":         {},
	"oven-sh/setup-bun":                      {input: "no-cache", off: []string{"true"}},
	"pnpm/action-setup":                      {input: "cache", off: []string{"", "false"}},
	"ruby/setup-ruby":                        {input: "bundler-cache", off: []string{"", "false"}},
	"swatinem/rust-cache":                    {},
	"actions-rust-lang/setup-rust-toolchain": {input: "cache", off: []string{"false"}},
}

// publishCommands hand what was built to others; by program and beginning of its arguments.
var publishCommands = map[string][]string{
	"cargo":      {"publish"},
	"docker":     {"push", "buildx imagetools create"},
	"gem":        {"push"},
	"gh":         {"release create", "release upload"},
	"goreleaser": {"release"},
	"helm":       {"push"},
	"npm":        {"publish"},
	"pnpm":       {"publish"},
	"poetry":     {"publish"},
	"twine":      {"upload"},
	"uv":         {"publish"},
	"yarn":       {"npm publish", "publish"},
}

// publishActions do so: always, or when the input is "true" or begins so.
var publishActions = map[string][2]string{
	"docker/build-push-action":     {"push", "true"},
	"goreleaser/goreleaser-action": {"args", "release"},
	"js-devtools/npm-publish":      {},
	"ncipollo/release-action":      {},
	"pypa/gh-action-pypi-publish":  {},
	"softprops/action-gh-release":  {},
}

// caches finds the caches that a poisoned entry would do harm in, and those that a pull request can poison.
func (w *Workflow) caches(repo *Repository) []Cache {
	found := []Cache{}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		published := w.publishes(job)
		if len(published) == 0 || w.IsAction || !w.restoresCaches(job) {
			continue
		}
		for j := range job.Steps {
			if c, is := job.Steps[j].restores(); is {
				c.Job, c.Publishes, c.Poisoners = job.ID, published, repo.poisoned()
				found = append(found, c)
			}
		}
	}
	return append(found, w.saved(repo)...)
}

// saved finds the caches that are saved from a directory which holds a pull request's files, where no step runs them:
// what runs them could write any cache.
func (w *Workflow) saved(repo *Repository) []Cache {
	var found []Cache
	for _, c := range w.checkouts(repo) {
		if len(c.Executed) > 0 || c.Refused || c.Protection != ProtectionNone {
			continue
		}
		i := slices.IndexFunc(w.Jobs, func(j Job) bool { return j.ID == c.Job })
		if !w.savesCaches(&w.Jobs[i]) {
			continue
		}
		for j := range w.Jobs[i].Steps {
			step := &w.Jobs[i].Steps[j]
			paths, at := step.Input("path")
			if name := step.Action(); name != "actions/cache" && name != "actions/cache/save" {
				continue
			}
			for line := range strings.FieldsSeq(paths) {
				if shell.Within(shell.InDir("", line), c.root) && line != "" {
					found = append(found, Cache{
						Path: at, Text: line, Job: c.Job, What: step.Action(), Saves: true, Event: c.Event,
						Publishes: []Execution{}, Poisoners: []CacheEntry{},
					})
					break
				}
			}
		}
	}
	return found
}

// restores judges a step that may restore a cache.
func (s *Step) restores() (Cache, bool) {
	known, is := cacheActions[s.Action()]
	c := Cache{Path: s.Path.Append("uses"), What: s.Action()}
	if !is || known.input == "" {
		return c, is
	}
	value, at := s.Input(known.input)
	if slices.Contains(known.off, value) || value == "" && s.major() < known.since {
		return c, false
	}
	if len(known.markers) > 0 && !slices.ContainsFunc(known.markers, func(m string) bool { return strings.Contains(value, m) }) {
		return c, false
	}
	if value != "" {
		c.Path = at
	}
	return c, true
}

// major is the major version that a tag of the action names; one that is not named is taken for the newest.
func (s *Step) major() int {
	_, tag, _ := strings.Cut(s.Uses, "@v")
	number, _, _ := strings.Cut(tag, ".")
	if n, err := strconv.Atoi(number); err == nil {
		return n
	}
	return math.MaxInt
}

// publishes lists the steps of a job that hand what was built to others.
func (w *Workflow) publishes(job *Job) []Execution {
	var out []Execution
	for i := range job.Steps {
		step := &job.Steps[i]
		if input, known := publishActions[step.Action()]; known {
			value, _ := step.Input(input[0])
			if input[0] == "" || strings.HasPrefix(value, input[1]) {
				out = append(out, Execution{Path: step.Path.Append("uses"), What: step.Action()})
			}
			continue
		}
		for _, c := range step.commands() {
			sub := c.Subcommand()
			publishes := slices.ContainsFunc(publishCommands[c.Name()], func(begin string) bool {
				return sub == begin || strings.HasPrefix(sub, begin+" ")
			}) || c.Name() == "docker" && c.Has("--push")
			if publishes && !c.Has("--dry-run") && !c.Has("--snapshot") {
				out = append(out, Execution{Path: step.Path.Append("run"), Text: c.Text, What: c.Text})
				break
			}
		}
	}
	return out
}

// findPoisoners lists the checkouts of this repository's workflows whose code an outsider writes and which runs where it
// can write to the caches of the default branch, in the order of their files.
func (r *Repository) findPoisoners() []CacheEntry {
	found := []CacheEntry{}
	if r.files == nil {
		return found
	}
	for _, file := range r.files.Paths {
		if !strings.HasPrefix(file, ".github/workflows/") || !isYAML(file) {
			continue
		}
		w := r.File(file)
		if w == nil {
			continue
		}
		for _, c := range w.checkouts(r) {
			if len(c.Executed) > 0 && !c.Refused && c.Protection == ProtectionNone && c.SavesCaches {
				found = append(found, CacheEntry{File: file, Path: c.Path})
			}
		}
	}
	return found
}
