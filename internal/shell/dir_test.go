package shell

import "testing"

// TestInDir holds where a path leads from a directory of the workspace, and that what may lead out of it is taken to.
func TestInDir(t *testing.T) {
	for _, tt := range []struct{ dir, to, want string }{
		{"", ".", ""},
		{"", "./a/", "a"},
		{"a", "b/../c", "a/c"},
		{"a", "..", ""},
		{"a", "../..", Outside},
		{"a", "/tmp", Outside},
		{"a", "~/b", Outside},
		{"a", "$HOME", Outside},
		{"a", "-", Outside},
		{Outside, "b", Outside},
		{Outside, "$GITHUB_WORKSPACE/b", "b"},
		{"a", "${{ github.workspace }}", ""},
	} {
		if got := InDir(tt.dir, tt.to); got != tt.want {
			t.Errorf("from %q to %q: got %q, want %q", tt.dir, tt.to, got, tt.want)
		}
	}
}

func TestWithin(t *testing.T) {
	for _, tt := range []struct {
		dir, root string
		want      bool
	}{
		{"a/b", "a", true},
		{"a", "a", true},
		{"ab", "a", false},
		{"", "a", false},
		{"a", "", true},
		{Outside, "", false},
	} {
		if got := Within(tt.dir, tt.root); got != tt.want {
			t.Errorf("%q within %q: got %v", tt.dir, tt.root, got)
		}
	}
}
