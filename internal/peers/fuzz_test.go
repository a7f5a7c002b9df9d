package peers

import "testing"

// FuzzImport holds that no configuration of another linter makes a panic.
func FuzzImport(f *testing.F) {
	for _, seed := range []string{
		"rules: {unpinned-uses: {config: {policies: {'*': any, a/*: [1]}}, ignore: ['a.yml:1:2', ':', '::'], remap: {severity: x}}}", "rules: {forbidden-uses: {config: {allow: [a, 1], deny: b}}}", "rules: 1",
		"files: [{pattern: '(['}]\nignore_actions: [{name: '^a/.*$', ref: '('}]", "version: 3", "~", "- a", "a: &a [*a]", "rules: {x: ~}", "\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, data []byte) {
		for _, own := range []string{zizmorNames[0], pinactNames[0]} {
			_, _ = Import(func(name string) ([]byte, bool, error) { return data, name == own, nil }) // an error is an answer
		}
	})
}
