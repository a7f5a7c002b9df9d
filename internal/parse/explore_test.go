package parse

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func TestExplore(t *testing.T) {
	for _, in := range []string{
		"a: b\nfoo\nbar: 1\n",
		"a: 1\nb:\n  c: 1\n d: 2\ne: 3\n",
		"a: 1\nb: [1, 2\nc: 3\nd: 4\n",
		"a: 1\nb: {x: 1\nc: 3\nd: 4\n",
		"a: 1\nb: \"abc\nc: 3\nd: 4\n",
		"a: 1\nb: 'abc\nc: 3\nd: 4\n---\nx: 1\n",
		"a: 1\nb: x: y\nc: 3\n",
		"x: 1\ny: 2\n\tz: 3\nw: 4\n",
		"a: 1\nb: *nope\nc: 3\n",
		"a: 1\nb: @foo\nc: 3\n",
		"a: 1\nb: \"\\q\"\nc: 3\n",
		"- a\n- b\nc: 1\nd: 2\n",
		"a: 1\nb: \x01\nc: 2\n",
		"a:\n  - b: 1\n   c: 2\n  - d\n",
		"{{- if x }}\na: 1\n{{- end }}\n",
		"a: {{ x }}\nb: 1\n",
		"a: {{ x }}-foo\nb: 1\n",
		"a: 1\n---\n%YAML 1.2\n---\nb: 2\n",
		"%YAML 1.2\n---\nb: 2\n...\n# c\n---\nd: 1\n...\n",
		"a: 1\u2028---\u2028b: 2\n",
		"key: |\n  abc\n def\nx: 1\n",
		"b: 1\na: &a\n  <<: *a\n",
		"a: 1\nb: %foo\n",
		"<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n",
		"a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n",
	} {
		docs, errs := YAML(&source.File{Path: "x", Data: []byte(in)}, source.Manifest, source.YAML11)
		fmt.Printf("%q\n", in)
		for _, d := range docs {
			fmt.Printf("   doc %v\n", d.Value)
		}
		for _, e := range errs {
			fmt.Printf("   err %v %v\n", e, e.Span)
		}
	}
	for name, in := range map[string]string{
		"flow200k":  strings.Repeat("[", 200000),
		"flow200kc": strings.Repeat("[", 200000) + strings.Repeat("]", 200000),
		"map200k":   strings.Repeat("{a: ", 200000),
		"dash200k":  strings.Repeat("- ", 200000),
		"q200k":     strings.Repeat("? ", 200000),
		"seqs":      "[" + strings.Repeat("[],", 1300000) + "]",
		"docs":      strings.Repeat("--- 1\n", 20000),
		"anchors":   strings.Repeat("- &a b\n", 400000),
		"keys":      strings.Repeat("a: b\n", 1000000),
		"comments":  strings.Repeat("# a\n", 1000000) + "a: 1",
		"comments2": strings.Repeat("a: 1\n# a\n\n", 1000000) + "a: 1",
		"comments3": strings.Repeat("- # a\n", 1000000) + "a: 1",
		"comments4": "- \n" + strings.Repeat("   # a\n", 1000000) + "a: 1",
		"nestc":     strings.Repeat("[ # x\n", 9000) + strings.Repeat("]", 9000),
		"plain":     "a: " + strings.Repeat("x\n ", 3000000),
		"quoted":    "a: \"" + strings.Repeat("x\n ", 3000000) + "\"",
		"spaces":    "a: " + strings.Repeat(" ", 10000000) + "\"",
		"longkey":   strings.Repeat("a", 10000000) + ": 1",
		"broken":    strings.Repeat("a: b\n", 50000) + "b: c: d",
		"merge":     "a: &a {x: 1}\n" + strings.Repeat("b: {<<: *a}\n", 300000),
		"bomb":      "a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f]",
	} {
		start := time.Now()
		docs, errs := YAML(&source.File{Path: "x", Data: []byte(in)}, source.Manifest, source.YAML11)
		fmt.Printf("%s %d bytes: %v docs %d errs %d %.200v\n", name, len(in), time.Since(start), len(docs), len(errs), errs)
	}
}
