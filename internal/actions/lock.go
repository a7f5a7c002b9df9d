package actions

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// LockPath is where GitHub reads the lock file of a repository's workflows.
const LockPath = ".github/workflows/actions.lock"

// maxLock is the largest lock that GitHub's own parser reads, in bytes.
const maxLock = 1 << 20

// Lock is a lock file: which commit each action of each workflow has, and what those actions use in turn. One with any
// fault holds nothing, as GitHub refuses it whole. See
// https://docs.github.com/en/actions/concepts/security/workflow-dependency-lockfiles.
type Lock struct {
	Faults []Fault

	workflows map[string][]string        // pins by path of the workflow
	lists     map[string]map[string]bool // the same, to look up
	actions   map[string]Dependency      // by pin
	commits   map[string][]string        // pins by owner/repo@commit, sorted
}

// Dependency is what a lock says of one pin, owner/repo@ref.
type Dependency struct {
	Pin    string   // owner and repository in lower case, the ref as written
	Ref    string   // tag or branch that the commit was found by; that of the pin but where the pin is a commit itself
	Commit string   // full commit, in lower case
	Uses   []string // pins of the actions that this one uses itself
}

// Fault is what is wrong with a lock, at a path in it.
type Fault struct {
	Path    source.Path `json:"path"`
	Message string      `json:"msg"`
}

// ReadLock reads the text of a lock file.
func ReadLock(text []byte) *Lock {
	l := &Lock{
		Faults: []Fault{}, workflows: map[string][]string{}, lists: map[string]map[string]bool{},
		actions: map[string]Dependency{}, commits: map[string][]string{},
	}
	if len(text) > maxLock {
		l.fault(nil, "it is larger than the %d KiB that GitHub reads", maxLock>>10)
		return l
	}
	var top map[string]any
	if err := yaml.Unmarshal(text, &top); err != nil {
		l.fault(nil, "it cannot be read: %s", strings.Join(strings.Fields(strings.TrimPrefix(err.Error(), "yaml: ")), " "))
		return l
	}
	l.read(top)
	return l
}

func (l *Lock) fault(at source.Path, format string, args ...any) {
	l.Faults = append(l.Faults, Fault{at, fmt.Sprintf(format, args...)})
}

// lockKeys are what an action may have in each version of the format. The first writes the commit into the pin, the third
// names the GitHub that an action is of. See https://github.com/github/actions-lockfile.
var lockKeys = map[string][]string{
	"v0.0.1": {"ref", "tag", "branch", "commit", "owner_id", "repo_id", "uses"},
	"v0.0.2": {"ref", "tag", "branch", "commit", "owner_id", "repo_id", "uses"},
	"v0.0.3": {"ref", "commit", "owner_id", "repo_id", "uses", "hostname"},
}

// lockHost is what may stand for a hostname: GitHub itself, or an organisation's own GitHub.
var lockHost = regexp.MustCompile(`^(?:github\.com|[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.ghe\.com)$`)

func (l *Lock) read(top map[string]any) {
	l.keys(nil, top, "version", "workflows", "dependencies")
	version, _ := top["version"].(string)
	known, ok := lockKeys[version]
	switch {
	case version == "":
		l.fault(nil, "it does not say its version")
	case !ok:
		l.fault(source.Path{"version"}, "version %s of the format is not known", version)
		known = lockKeys["v0.0.3"]
	}
	actions, ok := top["dependencies"].(map[string]any)
	if !ok && top["dependencies"] != nil {
		l.fault(source.Path{"dependencies"}, "dependencies is no map")
	}
	for _, key := range slices.Sorted(maps.Keys(actions)) {
		l.action(key, actions[key], known)
	}
	workflows, ok := top["workflows"].(map[string]any)
	if !ok && top["workflows"] != nil {
		l.fault(source.Path{"workflows"}, "workflows is no map")
	}
	for _, file := range slices.Sorted(maps.Keys(workflows)) {
		l.workflow(file, workflows[file])
	}
	l.references(actions)
}

func (l *Lock) keys(at source.Path, m map[string]any, known ...string) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(known, key) {
			l.fault(at.Append(key), "the format knows no key %s here", key)
		}
	}
}

// action reads one entry of dependencies, which may have the known keys.
func (l *Lock) action(key string, value any, known []string) {
	at := source.Path{"dependencies", key}
	pin, ok := pinOf(key)
	if !ok {
		l.fault(at, "%q is not owner/repository@ref", key)
		return
	}
	entry, _ := value.(map[string]any)
	l.keys(at, entry, known...)
	if host, found := entry["hostname"]; found && !lockHost.MatchString(fmt.Sprint(host)) {
		l.fault(at.Append("hostname"), "%q is no hostname of GitHub's", fmt.Sprint(host))
	}
	_, version, _ := strings.Cut(pin, "@")
	d := Dependency{Pin: pin, Ref: first(entry, "ref", "tag", "branch"), Commit: commitOf(entry["commit"])}
	if d.Ref == "" && strings.Contains(key, ":") {
		d.Ref = version
	}
	switch {
	case d.Commit == "":
		l.fault(at, "%s has no full commit, which is what a lock is for", pin)
	case d.Ref == "":
		l.fault(at, "%s does not say by which ref its commit was found", pin)
	case refs.IsCommit(version) && !strings.EqualFold(version, d.Commit):
		l.fault(at.Append("commit"), "%s has another commit than the one it is pinned to", pin)
	case !refs.IsCommit(version) && d.Ref != version:
		l.fault(at.Append("ref"), "%s has the commit of another ref, %s", pin, d.Ref)
	}
	for _, id := range []string{"owner_id", "repo_id"} {
		if n, _ := entry[id].(int); n <= 0 {
			l.fault(at, "%s has no %s, so the name may by now be somebody else's", pin, id)
		}
	}
	d.Uses = l.pins(at.Append("uses"), entry["uses"])
	if other, twice := l.actions[pin]; twice && (other.Commit != d.Commit || !slices.Equal(other.Uses, d.Uses)) {
		l.fault(at, "%s stands here twice and differs", pin)
	}
	if _, twice := l.actions[pin]; !twice {
		name, _, _ := strings.Cut(pin, "@")
		l.commits[name+"@"+d.Commit] = append(l.commits[name+"@"+d.Commit], pin)
	}
	l.actions[pin] = d
}

// workflow reads one entry of workflows.
func (l *Lock) workflow(file string, value any) {
	at := source.Path{"workflows", file}
	if file == "" || path.IsAbs(file) || path.Clean(file) != file || strings.HasPrefix(file, "..") || strings.ContainsAny(file, `\:`) {
		l.fault(at, "%q is no path of a workflow", file)
	}
	l.workflows[file], l.lists[file] = l.pins(at, value), map[string]bool{}
	for _, pin := range l.workflows[file] {
		l.lists[file][pin] = true
	}
}

// pins reads a list of pins.
func (l *Lock) pins(at source.Path, value any) []string {
	list, ok := value.([]any)
	if !ok && value != nil {
		l.fault(at, "a list of owner/repository@ref belongs here")
	}
	var out []string
	for i, item := range list {
		text, _ := item.(string)
		pin, ok := pinOf(text)
		if !ok {
			l.fault(at.Append(i), "%q is not owner/repository@ref", fmt.Sprint(item))
			continue
		}
		out = append(out, pin)
	}
	return out
}

// references looks whether all pins that are named have their entry, and whether actions use each other in a circle.
func (l *Lock) references(written map[string]any) {
	for _, file := range slices.Sorted(maps.Keys(l.workflows)) {
		for i, pin := range l.workflows[file] {
			if _, ok := l.actions[pin]; !ok {
				l.fault(source.Path{"workflows", file, i}, "%s is listed for %s but has no entry with its commit", pin, file)
			}
		}
	}
	state := map[string]int{}
	for _, key := range slices.Sorted(maps.Keys(written)) {
		pin, ok := pinOf(key)
		if !ok {
			continue
		}
		at := source.Path{"dependencies", key}
		for i, used := range l.actions[pin].Uses {
			if _, ok := l.actions[used]; !ok {
				l.fault(at.Append("uses", i), "%s uses %s, which has no entry with its commit", pin, used)
			}
		}
		if l.circular(pin, state) {
			l.fault(at, "%s uses itself by way of others", pin)
		}
	}
}

// The states of an action while circles are looked for.
const (
	onTheWay = 1
	done     = 2
)

func (l *Lock) circular(pin string, state map[string]int) bool {
	if state[pin] != 0 {
		return state[pin] == onTheWay
	}
	state[pin] = onTheWay
	found := slices.ContainsFunc(l.actions[pin].Uses, func(used string) bool { return l.circular(used, state) })
	state[pin] = done
	return found
}

// broken reports whether GitHub refuses the lock.
func (l *Lock) broken() bool { return l != nil && len(l.Faults) > 0 }

// Lists reports whether a workflow is held to the lock: GitHub then runs no action that the lock does not list for it.
func (l *Lock) Lists(workflow string) bool {
	if l == nil {
		return false
	}
	_, ok := l.workflows[workflow]
	return ok
}

// Holds gives the commit at which the lock holds an action for a workflow, and whether it does. The name may be that of an
// action in a folder of its repository.
func (l *Lock) Holds(workflow, name, version string) (Dependency, bool) {
	if l == nil || l.broken() {
		return Dependency{}, false
	}
	pin := pinFor(name, version)
	if !l.lists[workflow][pin] {
		return Dependency{}, false
	}
	d, ok := l.actions[pin]
	return d, ok
}

var (
	pinForm   = regexp.MustCompile(`^([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+)@([^:\s]+)$`)
	oldCommit = regexp.MustCompile(`:sha(1-[0-9a-f]{40}|256-[0-9a-f]{64})$`)
	algoHex   = regexp.MustCompile(`^(?i:sha1-([0-9a-f]{40})|sha256-([0-9a-f]{64}))$`)
)

// pinOf reads owner/repo@ref, and owner/repo@ref:sha1-… of the older version.
func pinOf(text string) (string, bool) {
	m := pinForm.FindStringSubmatch(oldCommit.ReplaceAllString(text, ""))
	if m == nil {
		return "", false
	}
	return pinFor(m[1], m[2]), true
}

// pinFor is the pin of an action: that of its repository, whichever folder of it the action is in.
func pinFor(name, version string) string { return strings.ToLower(repositoryOf(name)) + "@" + version }

// repositoryOf is the owner/repo of an owner/repo/folder.
func repositoryOf(name string) string {
	parts := strings.SplitN(name, "/", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}

func commitOf(value any) string {
	text, _ := value.(string)
	m := algoHex.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	return strings.ToLower(m[1] + m[2])
}

// first is the first of the keys that has a text.
func first(m map[string]any, keys ...string) string {
	for _, key := range keys {
		if text, _ := m[key].(string); text != "" {
			return text
		}
	}
	return ""
}
