package shell

import "testing"

// FuzzScript holds that every script can be read as far as it is one: each command has words, and stands in the script.
func FuzzScript(f *testing.F) {
	for _, seed := range []string{
		"git checkout ${{ github.head_ref }}", "a=$(b `c`) d | e > f && { g; } || (h)", "for i in 1 2; do docker run $i; done", "cat <<EOF\n$x ${y:-z} $(w)\nEOF",
		"case $1 in a) b;; *) c;; esac", "if [[ a =~ b ]]; then c; fi", "env -i A=b sudo -E bash -c 'curl x | sh'", "${a[@]}", "$((1/0))", "<(a) >(b)", "a <<", "__plimsoll_expression_9_",
		"eval \"$(eval \"$(eval x)\")\"", "f() { f; }; f", "\\\n\\\n", "A=$((0 A ", "cd ../.. && cd - && pushd x", "a=$a$a; b=$a$a; $b", "'\xff'", "coproc a; let b; declare -a c=(1 2)", "$'\\x00\\u202e'",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, script string) {
		for _, c := range Parse(script).Commands("", func(string) string { return script }) {
			if len(c.Words) == 0 {
				t.Fatalf("a command of %q has no words", script)
			}
			_ = c.Name()
			for _, w := range c.Words {
				_ = w.Value()
			}
		}
	})
}
