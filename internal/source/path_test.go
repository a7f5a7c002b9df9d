package source

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParsePath(t *testing.T) {
	tests := []struct {
		text string
		want Path
		err  string // a part of the error; "" for none
	}{
		{"", nil, ""},
		{"spec", Path{"spec"}, ""},
		{"spec.template.spec.containers[0].image", Path{"spec", "template", "spec", "containers", 0, "image"}, ""},
		{`metadata.labels["app.kubernetes.io/name"]`, Path{"metadata", "labels", "app.kubernetes.io/name"}, ""},
		{`["a.b"][1][2]["\"]"].c d/e`, Path{"a.b", 1, 2, `"]`, "c d/e"}, ""},
		{`[""].0`, Path{"", "0"}, ""},
		{".spec", nil, "not with a dot"},
		{"spec.", nil, "a key is missing after a dot"},
		{"a..b", nil, "a key is missing after a dot"},
		{"a[0]b", nil, `a dot or a bracket is missing before "b"`},
		{"a[0", nil, "a bracket is not closed"},
		{`a["b"`, nil, `a bracket is not closed after "b"`},
		{"a[b]", nil, "[b] is no index"},
		{"a[-1]", nil, "[-1] is no index"},
		{"a[01]", nil, "[01] is no index"},
		{"a['b.c']", nil, "is no index"},
		{"a]b", nil, "in brackets and quotes"},
	}
	for _, tt := range tests {
		got, err := ParsePath(tt.text)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("ParsePath(%q): error %v, want one with %q", tt.text, err, tt.err)
			}
			continue
		}
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
			t.Errorf("ParsePath(%q): %v (-want +got):\n%s", tt.text, err, diff)
		}
	}
}

// What ParsePath takes is printed in one way only, and that is read as the same path; any path that is printed is read.
func FuzzParsePath(f *testing.F) {
	for _, seed := range []string{"", "a.b[0]", `["a.b"].c`, `[""]`, "a\x00\xff", "a[", `["\u202e"]`} {
		f.Add(seed, 0)
	}
	f.Fuzz(func(t *testing.T, text string, index int) {
		path := Path{text, max(0, index), "x", text}
		if again, err := ParsePath(path.String()); err != nil || !cmp.Equal(path, again) {
			t.Errorf("%q is read as %q: %v", path.String(), again, err)
		}
		path, err := ParsePath(text)
		if err != nil {
			return
		}
		if again, err := ParsePath(path.String()); err != nil || !cmp.Equal(path, again) {
			t.Errorf("%q is read as %q, printed as %q and read as %q: %v", text, path, path.String(), again, err)
		}
	})
}
