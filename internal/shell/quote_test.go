package shell

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
)

// TestVariableAt holds how a shell is to read a variable where an expression stood, and where nobody can say.
func TestVariableAt(t *testing.T) {
	tests := []struct{ script, bare, want string }{ // bare: what is wanted where the value is one word
		{`echo "a ${{ x }}"`, "${V}", "${V}"},
		{`echo ${{ x }}`, `"${V}"`, ""},
		{`a=${{ x }}`, `"${V}"`, `"${V}"`},
		{`echo '${{ x }}'`, "", ""},
		{"cat <<EOF\n${{ x }}\nEOF", "${V}", "${V}"},
		{"cat <<'EOF'\n${{ x }}\nEOF", "", ""},
		{`bash -c "echo ${{ x }}"`, "", ""},
		{`[[ ${{ x }} == a ]]`, "", ""},
		{`echo $(( ${{ x }} + 1 ))`, "", ""},
		{`if ${{ x }}`, "", ""}, // not well-formed
	}
	for _, tt := range tests {
		e := expression.Find(tt.script)[0]
		text := Parse(tt.script)
		if got := text.VariableAt(e, "V", true); got != tt.bare {
			t.Errorf("%s: got %q for one word, want %q", tt.script, got, tt.bare)
		}
		if got := text.VariableAt(e, "V", false); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.script, got, tt.want)
		}
	}
}
