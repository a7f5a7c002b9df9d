package cli_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

// apiCommands gives scripts a GitHub of their own. `fakeapi` starts it, with the pull request 4 of mallory/shop, and sets
// API_URL and TOKEN. `sent OPERATION...` holds that just these requests were received since, in this order.
func apiCommands(t *testing.T) map[string]func(*testscript.TestScript, bool, []string) {
	var mu sync.Mutex
	servers := map[*testscript.TestScript]*fakeapi.Server{}
	return map[string]func(*testscript.TestScript, bool, []string){
		"fakeapi": func(ts *testscript.TestScript, _ bool, _ []string) {
			api := fakeapi.New(t)
			api.Pull = &fakeapi.Pull{Number: 4, HeadSHA: strings.Repeat("a", 40), HeadRepository: "mallory/shop"}
			api.Files = map[string]string{".github/workflows/ci.yml": "name: ci\n"}
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
