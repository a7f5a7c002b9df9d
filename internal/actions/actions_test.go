package actions_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/actions"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// repository holds files in memory.
func repository(files map[string]string) *source.Repository {
	return &source.Repository{
		Paths: slices.Sorted(maps.Keys(files)),
		ReadFile: func(path string) []byte {
			if text, ok := files[path]; ok {
				return []byte(text)
			}
			return nil
		},
		Parse: func(path string) *source.Document {
			kind := source.Workflow
			if strings.HasSuffix(path, "action.yml") {
				kind = source.Action
			}
			docs, _ := parse.File(&source.File{Path: path, Kind: kind, Data: []byte(files[path])})
			if len(docs) != 1 {
				return nil
			}
			return docs[0]
		},
	}
}

// pins gives the pin of each reference of a file, as the lock file of the repository has it, and who uses the file.
func pins(files map[string]string, path string) (pinned, callers []string) {
	repo := repository(files)
	doc := repo.Document(path)
	all := refs.Extract(doc)
	facts := actions.NewRepository(repo, workflow.NewRepository(repo)).Of(doc, workflow.Of(doc), all)
	for i, use := range facts.Uses {
		if use.Pin != all[i].Pin {
			return []string{fmt.Sprintf("%s: fact %s, reference %s", use.Raw, use.Pin, all[i].Pin)}, nil
		}
		pinned = append(pinned, fmt.Sprintf("%s %s %v", use.Raw, use.Pin, all[i].Pinned))
	}
	for _, c := range facts.Callers {
		callers = append(callers, c.File+" "+c.Path.String())
	}
	return pinned, callers
}

const steps = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n"

// TestActionsAreHeldByThoseWhoRunThem follows local actions, in circles too, to the workflows that run them.
func TestActionsAreHeldByThoseWhoRunThem(t *testing.T) {
	composite := func(uses ...string) string {
		return "runs:\n  using: composite\n  steps:\n    - uses: " + strings.Join(uses, "\n    - uses: ") + "\n"
	}
	files := map[string]string{
		actions.LockPath:                  strings.Replace(goodLock, "empty.yml:", "two.yml: [actions/cache@v4]", 1),
		".github/workflows/ci.yml":        steps + "      - uses: $/outer\n      - uses: actions/cache@v4\n",
		".github/workflows/two.yml":       steps + "      - uses: ./shared\n      - uses: $/\n",
		"outer/action.yml":                composite("$/inner", "octo/tool@v1"),
		"inner/action.yml":                composite("$/outer", "$/shared", "octo/tool/sub@v1"),
		"shared/action.yml":               composite("actions/cache@v4", "octo/tool@v1"),
		"unused/action.yml":               composite("actions/cache@v4"),
		"action.yml":                      composite("actions/cache@v4"),
		".github/workflows/unlisted.yml":  steps + "      - uses: actions/cache@v4\n",
		".github/workflows/reusables.yml": "on: push\njobs:\n  a:\n    uses: actions/cache/.github/workflows/x.yml@v4\n",
	}
	cases := map[string]struct{ pins, callers []string }{
		".github/workflows/ci.yml": {pins: []string{"$/outer local true", "actions/cache@v4 locked true"}},
		"outer/action.yml": {
			[]string{"$/inner local true", "octo/tool@v1 locked true"},
			[]string{".github/workflows/ci.yml jobs.a.steps[0].uses", "inner/action.yml runs.steps[0].uses"},
		},
		"inner/action.yml": {
			[]string{"$/outer local true", "$/shared local true", "octo/tool/sub@v1 locked true"},
			[]string{"outer/action.yml runs.steps[0].uses"},
		},
		"shared/action.yml": { // two.yml is held without octo/tool
			[]string{"actions/cache@v4 locked true", "octo/tool@v1 floating false"},
			[]string{".github/workflows/two.yml jobs.a.steps[0].uses", "inner/action.yml runs.steps[1].uses"},
		},
		"unused/action.yml":               {pins: []string{"actions/cache@v4 floating false"}},
		"action.yml":                      {[]string{"actions/cache@v4 floating false"}, []string{".github/workflows/two.yml jobs.a.steps[1].uses"}},
		".github/workflows/unlisted.yml":  {pins: []string{"actions/cache@v4 floating false"}},
		".github/workflows/reusables.yml": {pins: []string{"actions/cache/.github/workflows/x.yml@v4 floating false"}},
	}
	for path, want := range cases {
		t.Run(path, func(t *testing.T) {
			gotPins, gotCallers := pins(files, path)
			if diff := cmp.Diff(want.pins, gotPins); diff != "" {
				t.Errorf("pins (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want.callers, gotCallers); diff != "" {
				t.Errorf("callers (-want +got):\n%s", diff)
			}
		})
	}
	files[actions.LockPath] = strings.Replace(files[actions.LockPath], "owner_id: 1\n", "", 1)
	if got, _ := pins(files, ".github/workflows/ci.yml"); got[1] != "actions/cache@v4 floating false" {
		t.Errorf("with a broken lock file: %s", got[1])
	}
}
