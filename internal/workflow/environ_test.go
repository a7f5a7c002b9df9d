package workflow

import "testing"

// TestEnvironWrite holds which scripts write what a file in d holds to the environment of later steps.
func TestEnvironWrite(t *testing.T) {
	tests := []struct{ name, script, want string }{
		{"the file itself", "cat d/env >> $GITHUB_ENV", "cat d/env >> $GITHUB_ENV"},
		{"to the path", "head -1 d/bin >> \"$GITHUB_PATH\"", "head -1 d/bin >> \"$GITHUB_PATH\""},
		{"through a variable", "N=$(cat d/n)\necho \"N=$N\" >> \"$GITHUB_ENV\"", "echo \"N=$N\" >> \"$GITHUB_ENV\""},
		{"through one that is also set otherwise", "N=$(<d/n)\n[ -n \"$N\" ] || N=0\necho N=$N >> $GITHUB_ENV", "echo N=$N >> $GITHUB_ENV"},
		{"at once", "echo \"N=$(cat d/n)\" >> $GITHUB_ENV", "echo \"N=$(cat d/n)\" >> $GITHUB_ENV"},
		{"in a block", "{\n  cat d/n\n} >> $GITHUB_ENV", "{"},
		{"another file", "cat e/env >> $GITHUB_ENV", ""},
		{"elsewhere", "cat d/env >> log", ""},
		{"checked", "N=$(cat d/n)\n[[ $N =~ ^[0-9]+$ ]] || exit 1\necho \"N=$N\" >> $GITHUB_ENV", ""},
		{"cleaned", "N=$(tr -cd 0-9 < d/n)\necho \"N=$N\" >> $GITHUB_ENV", ""},
		{"cleaned in a pipe", "echo \"N=$(cat d/n | grep -E '^[0-9]+$')\" >> $GITHUB_ENV", ""},
		{"an output, which sets no variable", "echo \"n=$(cat d/n)\" >> $GITHUB_OUTPUT", ""},
	}
	for _, tt := range tests {
		if got := environWrite(tt.script, "", "d"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
