package settings

import "testing"

// FuzzOwners holds that no CODEOWNERS, as hostile as the rest of a repository, makes a panic.
func FuzzOwners(f *testing.F) {
	for _, seed := range []string{"* @a", "/.github/ @a @b\n/.github/workflows/", "a\\ b @c # d", "!x @a", "[x] @a", "**/**/**/* @a", "\\", "{a,b}{c,d} @a", "{ @a", "/ @a", "\x00 \xff @a", "* \n#"} {
		f.Add(seed, ".github/workflows/ci.yml")
	}
	f.Fuzz(func(_ *testing.T, text, file string) {
		owned(readOwners(text), file)
	})
}
