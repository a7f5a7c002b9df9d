package github_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

func TestCommentIsOneAndBroughtUpToDate(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		comment := func(body string, quiet bool) {
			t.Helper()
			err := client(t, api).Comment(t.Context(), github.Sticky{Name: "plimsoll", Number: 4, Body: body, Quiet: quiet})
			if err != nil {
				t.Fatal(err)
			}
		}
		comment("clean", true)
		if n := len(api.Comments()); n != 0 {
			t.Fatalf("%d comments where there is nothing to say", n)
		}
		comment("two findings\u202e", false)
		first := api.Comments()[0]
		api.AddComment(fakeapi.Comment{Body: first.Body, User: "mallory", UserType: "User", Association: "NONE"})
		other := github.Sticky{Name: "another", Number: 4, Body: "mine"}
		if err := client(t, api).Comment(t.Context(), other); err != nil {
			t.Fatal(err)
		}
		comment("one finding", false)
		comment("one finding", false)
		comment("clean", true)
		all := api.Comments()
		if len(all) != 3 || !strings.HasSuffix(all[0].Body, "-->\nclean") || !strings.HasSuffix(all[2].Body, "mine") {
			t.Errorf("comments %+v", all)
		}
		if !strings.Contains(first.Body, `\u202e`) {
			t.Errorf("%q turns the direction of writing", first.Body)
		}
		if n := len(api.Requests("issues/update-comment")); n != 2 {
			t.Errorf("%d updates, want 2: the same text is not sent again", n)
		}
	})
}

func TestCommentIsCutAfterALine(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		body := strings.Repeat("| a finding with ü |\n", 10_000)
		if err := client(t, api).Comment(t.Context(), github.Sticky{Name: "plimsoll", Number: 4, Body: body}); err != nil {
			t.Fatal(err)
		}
		got := api.Comments()[0].Body
		if len(got) > 65536 || len(got) < 65000 || !strings.HasSuffix(got, "ü |\n\n\nThe rest does not fit here.\n") {
			t.Errorf("%d bytes, ending in %q", len(got), got[len(got)-60:])
		}
	})
}

func TestCommentIsMadeOnceWhateverHappens(t *testing.T) {
	for name, fault := range map[string]fakeapi.Fault{
		"fault after it":   fakeapi.ServedThen(fakeapi.Status(500, "Server Error")),
		"silence after it": fakeapi.ServedThen(fakeapi.Silence),
		"fault":            fakeapi.Status(502, "Bad Gateway"),
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				api.Plan("issues/create-comment", 1, fault)
				if err := client(t, api).Comment(t.Context(), github.Sticky{Name: "plimsoll", Number: 4, Body: "b"}); err != nil {
					t.Fatal(err)
				}
				if n := len(api.Comments()); n != 1 {
					t.Errorf("%d comments", n)
				}
			})
		})
	}
}

func TestCommentWithoutPermission(t *testing.T) {
	simulate(t, func(t *testing.T, api *fakeapi.Server) {
		api.Permissions["pull-requests"] = "read"
		err := client(t, api).Comment(t.Context(), github.Sticky{Name: "plimsoll", Number: 4, Body: "b"})
		if !errors.Is(err, github.ErrNoPermission) || !strings.Contains(err.Error(), "pull-requests: write") {
			t.Errorf("error %v", err)
		}
	})
}
