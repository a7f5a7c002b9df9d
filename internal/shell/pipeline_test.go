package shell

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCommandStreams holds where commands print to, and which expressions are in what they read.
func TestCommandStreams(t *testing.T) {
	env := func(name string) string { return map[string]string{"S": "${{ secrets.s }}"}[name] }
	for script, want := range map[string][]string{
		"echo $S":                              {"echo >  < "},
		"echo $S > f":                          {"echo > f < "},
		"echo $S 2> f":                         {"echo >  < "},
		"echo $S >> f.txt 2>&1":                {"echo > f.txt < "},
		"echo $S | base64 -d > f":              {"echo > | < ", "base64 > f < secrets.s"},
		"echo $S | base64 -d | jq . > f":       {"echo > | < ", "base64 > | < secrets.s", "jq > f < secrets.s"},
		"echo $S | login --stdin | tee f":      {"echo > | < ", "login > | < secrets.s", "tee >  < "},
		"{ echo a; cat b; } > f":               {"echo > f < ", "cat > f < "},
		"x=$(echo $S | base64)":                {"echo > | < ", "base64 > $() < secrets.s"},
		"cat <<EOF > f\na=$S\nEOF":             {"cat > f < secrets.s"},
		"cat <<'EOF' > f\na=$S\nEOF":           {"cat > f < "},
		"base64 -d <<< ${{ secrets.t }} > f":   {"base64 > f < secrets.t"},
		"cat <<< ${#S} > f":                    {"cat > f < "},
		"cat <<< ${S:+set} > f":                {"cat > f < "},
		"cat <<< ${S:-none} > f":               {"cat > f < secrets.s"},
		"while read x; do a; done < <(echo b)": {"read >  < ", "a >  < ", "echo > | < "},
	} {
		var got []string
		for _, c := range Parse(script).Commands("", env) {
			input := ""
			for _, n := range c.Input {
				input += n.String()
			}
			got = append(got, fmt.Sprintf("%s > %s < %s", c.Name(), c.Output, input))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", script, diff)
		}
	}
}
