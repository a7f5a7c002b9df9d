package source_test

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func TestComment(t *testing.T) {
	text := "a: b # plain\nc: \"d # no\" #quoted\ne: [f, g] # list\nh: i#no\nj:\n  k # folded\nl: |\n  m # script\nn: {o: p} # flow \nq: r\t# tab\nt: &x u # anchor\nv: *x # alias\nw: last # end"
	docs, faults := parse.File(&source.File{Path: "f", Kind: source.Workflow, Data: []byte(text)})
	if len(docs) != 1 || len(faults) > 0 {
		t.Fatal(faults)
	}
	cases := []struct {
		path source.Path
		want string
	}{
		{source.Path{"a"}, "plain"},
		{source.Path{"c"}, "quoted"},
		{source.Path{"e", 0}, ""},
		{source.Path{"e", 1}, "list"},
		{source.Path{"e"}, ""}, // of no scalar
		{source.Path{"h"}, ""},
		{source.Path{"j"}, "folded"},
		{source.Path{"l"}, ""},
		{source.Path{"n", "o"}, "flow"},
		{source.Path{"q"}, "tab"},
		{source.Path{"t"}, "anchor"},
		{source.Path{"v"}, "anchor"}, // an alias is where its anchor stands
		{source.Path{"w"}, "end"},
	}
	for _, c := range cases {
		if got := docs[0].Comment(c.path); got != c.want {
			t.Errorf("%s: %q, want %q", c.path, got, c.want)
		}
	}
}
