package report

import (
	"html"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestVisible(t *testing.T) {
	tests := map[string]string{
		"plain text: ünï 日本 ⚓ #1 ## [x]":     "plain text: ünï 日本 ⚓ #1 ## [x]",
		"\x1b[31mred\x1b[0m":                 `\x1b[31mred\x1b[0m`,
		"a\nb\rc\td\x00e\x7f":                `a\nb\rc\td\x00e\x7f`,
		"\u202eevil\u2066\u200b\ufeff\u00ad": `\u{202e}evil\u{2066}\u{200b}\u{feff}\u{ad}`,
		"\u3164\u2028\u00a0\ufe0f":           `\u{3164}\u{2028}\u{a0}\u{fe0f}`,
		"bad \xff\xc3(":                      `bad \xff\xc3(`,
		"##[add-mask]x ###[group]":           `##\[add-mask]x ###\[group]`,
		"a real \ufffd stays":                "a real \ufffd stays",
	}
	for in, want := range tests {
		if got := Visible(in); got != want {
			t.Errorf("visible(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHTMLProse(t *testing.T) {
	tests := map[string]string{
		"it's a plain sentence, with 12 words": "it&#39;s a plain sentence, with 12 words",
		"ask @octocat about #12.":              "ask <code>@octocat</code> about <code>#12</code>.",
		"a <img src=x> & | `b`":                "a <code>&lt;img</code> <code>src=x&gt;</code> <code>&amp;</code> <code>|</code> <code>b</code>",
		"see https://x.example, www.x.example": "see <code>https://x.example</code>, <code>www.x.example</code>",
		"GH-12 \"v4\" :boom: one\n\ntwo":       "<code>GH-12</code> &#34;<code>v4</code>&#34; <code>:boom</code>: one two",
		"pass\u200bword":                       "<code>pass\\u{200b}word</code>",
		"run `docker buildx <a>`, or (`b`).":   "run <code>docker buildx &lt;a&gt;</code>, or (<code>b</code>).",
		"one ` two `` @three":                  "one <code>`</code> two <code>``</code> <code>@three</code>",
		"a `b` `c":                             "a <code>b</code> <code>`c</code>",
		"x@" + strings.Repeat("f", 64):         "<code>x@" + strings.Repeat("f", 58) + "<wbr>ffffff</code>",
	}
	for in, want := range tests {
		if got := htmlProse(in); got != want {
			t.Errorf("htmlProse(%q)\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestHTMLLink(t *testing.T) {
	tests := map[string]string{
		"https://x.example/a?b=\"c": `<a href="https://x.example/a?b=%22c">t</a>`,
		"javascript:alert(1)":       "t",
		"//x.example":               "t",
		"":                          "t",
	}
	for in, want := range tests {
		got := htmlLink(in, "t")
		if strings.ReplaceAll(got, "&#34;", "%22") != want {
			t.Errorf("htmlLink(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestLeadingPath(t *testing.T) {
	for _, pair := range [][2]string{
		{"a/b.yaml", "a/b.yaml"}, {"::error::x.yaml", "./::error::x.yaml"}, {" ::error::x", "./ ::error::x"}, {"\n::x", `\n::x`}, {"C:x", "C:x"},
	} {
		if got := LeadingPath(pair[0]); got != pair[1] {
			t.Errorf("LeadingPath(%q) = %q, want %q", pair[0], got, pair[1])
		}
	}
}

func TestEscapePath(t *testing.T) {
	const in, want = "a b/c:d/é%#?.yaml", "a%20b/c%3Ad/%C3%A9%25%23%3F.yaml"
	if got := escapePath(in); got != want {
		t.Errorf("escapePath(%q) = %s, want %s", in, got, want)
	}
}

func FuzzEscape(f *testing.F) {
	for _, seed := range []string{"", "plain", "\x1b]8;;x\x07", "##[x] @a #1 `|<b>", "\u202e\xff", "a\n\n</td>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, got := range map[string]string{"visible": Visible(text), "sentence": sentence(text)} {
			if !utf8.ValidString(got) || strings.Contains(got, "##[") || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("%s(%q) = %q can do more than show", name, text, got)
			}
		}
		for name, got := range map[string]string{"htmlProse": htmlProse(text), "htmlCode": htmlCode(text)} {
			if strings.ContainsAny(got, "\n\r") {
				t.Errorf("%s(%q) = %q holds a line end", name, text, got)
			}
			bare := strings.NewReplacer("<code>", "\x00", "</code>", "\x00", "<wbr>", "").Replace(got)
			if strings.ContainsAny(bare, "<>\"'") {
				t.Errorf("%s(%q) = %q holds HTML", name, text, got)
			}
			for i, part := range strings.Split(bare, "\x00") {
				if i%2 == 0 && strings.ContainsAny(html.UnescapeString(part), "@#|`*_[]\\/") {
					t.Errorf("%s(%q) = %q leaves %q outside of <code>", name, text, got, part)
				}
			}
		}
		if got := clip(text, 10); len(got) > 10 && len(text) > 10 {
			t.Errorf("clip(%q) = %q", text, got)
		}
	})
}
