package facts

import (
	"path"
	"regexp"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// assertions knows the files of a repository that end-to-end tests compare a cluster with, and never apply: what stands
// there is a part of an object, with expressions in it. It may be used at the same time.
type assertions struct {
	files  *source.Repository
	suites sync.Map // folder to the paths of its test's assertions, []string
}

// kuttlAssertion is what kuttl takes for an assertion by its name. See
// https://kuttl.dev/docs/testing/reference.html.
var kuttlAssertion = regexp.MustCompile(`^\d+-(assert|errors?)(-.*)?\.ya?ml$`)

// chainsawTest is the file that lists the steps of a test in its folder. See
// https://kyverno.github.io/chainsaw/latest/operations/assert/.
const chainsawTest = "chainsaw-test.yaml"

// maxSuite bounds the description of a test, in bytes.
const maxSuite = 1 << 20

// has reports whether a file is an assertion.
func (a *assertions) has(file string) bool {
	dir, name := path.Split(file)
	if kuttlAssertion.MatchString(name) {
		return true
	}
	for dir = path.Clean(dir); ; dir = path.Dir(dir) { // a test may compare with files of folders below its own
		if a.files.Has(path.Join(dir, chainsawTest)) && slices.Contains(a.suite(dir), file) {
			return true
		}
		if dir == "." || dir == "/" {
			return false
		}
	}
}

// suite lists what the test in a folder compares with.
func (a *assertions) suite(dir string) []string {
	if known, ok := a.suites.Load(dir); ok {
		return known.([]string)
	}
	var found []string
	if text := a.files.Read(path.Join(dir, chainsawTest)); len(text) <= maxSuite {
		var test any
		if yaml.Unmarshal(text, &test) == nil {
			for _, file := range assertedIn(source.Node{Value: test}) {
				found = append(found, path.Join(dir, file))
			}
		}
	}
	a.suites.Store(dir, found)
	return found
}

// assertedIn finds the files under assert and error, wherever they stand.
func assertedIn(n source.Node) []string {
	var found []string
	for _, step := range []string{"assert", "error"} {
		if file := n.Key(step).Key("file").Text(); file != "" {
			found = append(found, file)
		}
	}
	for _, inner := range slices.Concat(n.Keys(), n.Items()) {
		found = append(found, assertedIn(inner)...)
	}
	return found
}
