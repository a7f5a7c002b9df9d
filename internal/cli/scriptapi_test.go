package cli_test

import (
	"encoding/json"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

// apiCommands gives scripts a GitHub of their own. `fakeapi` starts it, with the pull request 4 of mallory/shop, and sets
// API_URL and TOKEN; `fakeapi FILE` has it enforce what the file says, which is a scriptSettings. `sent OPERATION...` holds that just these requests were received since, in this order.
func apiCommands(t *testing.T) map[string]func(*testscript.TestScript, bool, []string) {
	var mu sync.Mutex
	servers := map[*testscript.TestScript]*fakeapi.Server{}
	return map[string]func(*testscript.TestScript, bool, []string){
		"fakeapi": func(ts *testscript.TestScript, _ bool, args []string) {
			api := fakeapi.New(t)
			api.Pull = &fakeapi.Pull{Number: 4, HeadSHA: strings.Repeat("a", 40), HeadRepository: "mallory/shop"}
			api.Files = map[string]string{".github/workflows/ci.yml": "name: ci\n"}
			for _, name := range args {
				enforce(ts, api, ts.ReadFile(name))
			}
			server := httptest.NewServer(api)
			ts.Defer(server.Close)
			ts.Setenv("API_URL", server.URL)
			ts.Setenv("TOKEN", api.Token)
			mu.Lock()
			defer mu.Unlock()
			servers[ts] = api
		},
		"sent": func(ts *testscript.TestScript, _ bool, want []string) {
			mu.Lock()
			api := servers[ts]
			mu.Unlock()
			var got []string
			for _, r := range api.Requests("") {
				got = append(got, r.Operation)
			}
			if !slices.Equal(got, want) {
				ts.Fatalf("received %q, want %q", got, want)
			}
		},
	}
}

// scriptSettings is what a script has the API enforce and hold, as JSON.
type scriptSettings struct {
	Permissions map[string]string // of the token, beyond those that it has
	Files       map[string]string // of the default branch, beyond a workflow
	Repository  map[string]any    // of the answer about the repository, what the script is about
	Settings    map[string]any    // as fakeapi.Server has them, but for the repository and its default branch main
}

func enforce(ts *testscript.TestScript, api *fakeapi.Server, text string) {
	var s scriptSettings
	ts.Check(json.Unmarshal([]byte(text), &s))
	maps.Copy(api.Permissions, s.Permissions)
	maps.Copy(api.Files, s.Files)
	api.Settings = map[string]any{
		"": fakeapi.RepositoryAnswer(s.Repository), "branches/main": fakeapi.BranchAnswer("main", strings.Repeat("a", 40), false),
	}
	maps.Copy(api.Settings, s.Settings)
	for path, value := range api.Settings {
		if value == true { // what is on is told by a status alone
			api.Settings[path] = fakeapi.NoContent{}
		}
	}
}
