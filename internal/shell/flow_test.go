package shell

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrites(t *testing.T) {
	tests := []struct {
		name, script string
		want         []string // file, name, what is not written out of it
	}{
		{"line", `echo "a=$X" >> "$GITHUB_OUTPUT"`, []string{"GITHUB_OUTPUT a $X"}},
		{"expression", `echo a=${{ x }} >> $GITHUB_ENV`, []string{"GITHUB_ENV a ${{ x }}"}},
		{"block", "{ echo a=$X; printf 'b=%s\\n' \"$Y\"; } >> $GITHUB_OUTPUT", []string{"GITHUB_OUTPUT a $X", "GITHUB_OUTPUT b $Y"}},
		{"tee", `echo a=$X | tee -a $GITHUB_OUTPUT`, []string{"GITHUB_OUTPUT a $X"}},
		{"heredoc", "cat <<EOF >> $GITHUB_OUTPUT\na=$X\nEOF\n", []string{"GITHUB_OUTPUT a $X"}},
		{"quoted heredoc", "cat <<'EOF' >> $GITHUB_OUTPUT\na=$X\nEOF\n", []string{"GITHUB_OUTPUT a"}},
		{"command of old", `echo "::set-output name=a::$X"`, []string{"GITHUB_OUTPUT a $X"}},
		{"through a variable", "Y=$(echo $X | sed s/a/b/)\necho a=$Y >> $GITHUB_OUTPUT", []string{"GITHUB_OUTPUT a $X"}},
		{"of either branch", "if c; then Y=$X; else Y=b; fi\necho a=$Y >> $GITHUB_OUTPUT", []string{"GITHUB_OUTPUT a $X"}},
		{"read", "read -r Y < f.txt\necho a=$Y >> $GITHUB_OUTPUT", []string{"GITHUB_OUTPUT a f.txt"}},
		{"only letters", "echo a=${X//[^a-z]/} >> $GITHUB_OUTPUT", []string{"GITHUB_OUTPUT a "}},
		{"no longer that variable", "X=1\necho a=$X >> $GITHUB_OUTPUT", []string{"GITHUB_OUTPUT a"}},
		{"error output", `echo a=$X 2>> $GITHUB_OUTPUT`, nil},
		{"another file", `echo a=$X >> out.txt`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, w := range Parse(tt.script).Flow("").Written {
				line := w.File + " " + w.Name
				for _, p := range w.Value {
					line += " " + p.Text
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
