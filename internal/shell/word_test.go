package shell

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWords holds what words can be, and what is piped into a command.
func TestWords(t *testing.T) {
	env := func(name string) string { return map[string]string{"OUT": "${{ matrix.a }}", "TAG": "from env"}[name] }
	for name, test := range map[string]struct {
		script string
		want   []string // a line for each command: its words' values, and after "<" the names of those before it in its pipeline
	}{
		"variables":     {"A=1; B=$A.2\nx \"$B\" '$B' ${C:-3} $D $OUT", []string{"x 1.2 $B 3 $D ${{ matrix.a }}"}},
		"its own first": {"TAG=mine; x $TAG", []string{"x mine"}},
		"branches":      {"A=1; if y; then A=2; fi; x $A", []string{"y", "x 1|2"}},
		"loop":          {"for a in b 'c d'; do x $a; done", []string{"x b|c|d"}},
		"not known":     {"A=$(y); read B; x $A $B ${A#v}", []string{"y", "read B", "x $() $B ${A…}"}},
		"expression":    {"x ${{ github.sha }}-a", []string{"x ${{ github.sha }}-a"}},
		"pipe":          {"a | b $(c) | d; e", []string{"a", "c", "b $() < a", "d < a c b", "e"}},
		"exported":      {"export A=1 B=2; x $A$B", []string{"x 12"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range Parse(test.script).Commands("", env) {
				var words []string
				for _, w := range c.Words {
					words = append(words, strings.Join(w.Values, "|"))
					if at := w.Offset; test.script[at:at+len(w.Written)] != w.Written {
						t.Errorf("%q does not stand at %d", w.Written, at)
					}
				}
				for i, p := range c.Piped {
					if i == 0 {
						words = append(words, "<")
					}
					words = append(words, p.Name())
				}
				got = append(got, strings.Join(words, " "))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("commands (-want +got):\n%s", diff)
			}
		})
	}
}
