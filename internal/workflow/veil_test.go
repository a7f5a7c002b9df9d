package workflow

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestVeils holds what counts as hidden, and what it comes to.
func TestVeils(t *testing.T) {
	cases := map[string][]string{
		"cu${{ 'rl' }} x":                            {"split rl"},
		"${{ 'cu' }}rl x":                            {"split cu"},
		"${{ 'cu' }}${{ 'rl' }}":                     {"split cu", "split rl"},
		"cu${{ '' }}rl":                              {"split "},
		"cu${{ format('{0}l', 'r') }}":               {"split rl"},
		"${{ format('{0}{1}', 'a','b') }}":           {"constant ab"},
		"${{ format('{{{0}}}', 'a') }}":              {"constant {a}"},
		"${{ join(fromJSON('[\"a\",\"b\"]'), '') }}": {"constant ab"},
		"${{ fromJSON('\"a\"') }}":                   {"constant a"},
		"${{ 'x' && 'y' || 'z' }}":                   {"constant y"},
		"${{ secrets[format('{0}_TOKEN', 'NPM')] }}": {"index NPM_TOKEN"},
		"${{ contains(x, format('a')) }}":            {"constant a"},

		"${{ 'curl' }}":                                   nil,
		"${{ '{{' }} x }}":                                nil,
		"a ${{ 'b' }} c":                                  nil,
		"${{ '' }}":                                       nil,
		"v${{ github.run_id }}":                           nil,
		"${{ github.sha }}${{ github.run_id }}":           nil,
		"${{ secrets['NPM_TOKEN'] }}":                     nil,
		"${{ secrets[format('{0}_TOKEN', matrix.env)] }}": nil,
		"${{ matrix.list[0] }}":                           nil,
		"${{ fromJSON('[\"a\"]') }}":                      nil,
		"${{ fromJSON('\"a') }}":                          nil,
		"${{ format('{1}', 'a') }}":                       nil,
		"${{ false && 'x' || 'y' }}":                      nil,
		"${{ join(github.event.*.name) }}":                nil,
		"${{ github.ref == 'x' && 'y' || '' }}":           nil,
	}
	for text, want := range cases {
		var got []string
		for _, v := range veils(&source.Document{Value: map[string]any{"run": text}}) {
			got = append(got, string(v.Kind)+" "+v.Means)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}
