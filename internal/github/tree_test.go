package github_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

func TestTreeAndTexts(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.Head = sha
		api.Files = map[string]string{
			"a b/ü.yaml": "one\ntwo\x00\n", "link": "-> a b/ü.yaml", "large": strings.Repeat("x", 5<<20),
		}
		api.Plan("git/get-tree", 1, fakeapi.Status(500, "Server Error"))
		c := client(t, api)
		tree, err := c.Tree(t.Context(), sha)
		if err != nil || len(tree.Files) != 3 || !tree.Links["link"] || tree.Links["large"] {
			t.Fatalf("%+v, %v", tree, err)
		}
		for path, want := range map[string]string{"a b/ü.yaml": "one\ntwo\x00\n", "link": "a b/ü.yaml"} {
			if got, err := c.Blob(t.Context(), tree, tree.Files[path]); err != nil || string(got) != want {
				t.Errorf("%s: %q, %v", path, got, err)
			}
		}
		if _, err := c.Blob(t.Context(), tree, tree.Files["large"]); err == nil || len(api.Requests("git/get-blob")) != 2 {
			t.Errorf("a large text: error %v, %d requests", err, len(api.Requests("git/get-blob")))
		}
	})
}

func TestTreeThatCannotBeHad(t *testing.T) {
	for name, arrange := range map[string]func(api *fakeapi.Server){
		"no permission": func(api *fakeapi.Server) { delete(api.Permissions, "contents") },
		"no commit":     func(api *fakeapi.Server) { api.Head = strings.Repeat("b", 40) },
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				api.Files = map[string]string{"a": "b"}
				arrange(api)
				_, err := client(t, api).Tree(t.Context(), sha)
				if !errors.Is(err, github.ErrNoPermission) || !strings.Contains(err.Error(), "contents: read") {
					t.Errorf("error %v", err)
				}
			})
		})
	}
}
