package report

import (
	"fmt"
	"html"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// escaper shows text rune by rune, with everything that does not show itself – control characters, escape sequences,
// bidirectional overrides, zero-width characters, bytes that are not UTF-8 – as a visible escape. It also breaks up
// "##[", of which GitHub's runner makes a command wherever it stands in a line of the log.
type escaper struct {
	hashes int // how many "#" stand just before
}

// rune gives the form in which a rune is shown; raw is its own bytes.
func (e *escaper) rune(r rune, raw string) string {
	hashes := e.hashes
	e.hashes = 0
	switch {
	case r == '#':
		e.hashes = hashes + 1
		return raw
	case r == '[' && hashes >= 2:
		return `\[`
	case r == utf8.RuneError && len(raw) == 1:
		return fmt.Sprintf(`\x%02x`, raw[0])
	case finding.Shows(r):
		return raw
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < unicode.MaxASCII+1:
		return fmt.Sprintf(`\x%02x`, r)
	default:
		return fmt.Sprintf(`\u{%x}`, r)
	}
}

// Visible gives a form of the text that is one line and does nothing but show: what is safe in a terminal and a log, as
// long as it does not begin the line.
func Visible(text string) string {
	var b strings.Builder
	var e escaper
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		b.WriteString(e.rune(r, text[:size]))
		text = text[size:]
	}
	return b.String()
}

// LeadingPath is Visible for a path that begins a line, where the runner would take "::" for a command.
func LeadingPath(path string) string {
	shown := Visible(path)
	if strings.HasPrefix(strings.TrimSpace(shown), ":") {
		return "./" + shown
	}
	return shown
}

// sentence is Visible for prose: line ends and runs of blanks become one blank.
func sentence(text string) string {
	return Visible(strings.Join(strings.Fields(text), " "))
}

// clip cuts the text to at most so many bytes, at a rune's boundary, and shows that it did.
func clip(text string, limit int) string {
	const mark = "…"
	if len(text) <= limit {
		return text
	}
	cut := max(0, limit-len(mark))
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + mark
}

// htmlCode sets a name or a piece of source in HTML. GitHub makes no mention, reference, link or emoji of what stands
// in <code>. The result holds no line end, so it cannot end an HTML block of Markdown; inside of one no Markdown is read.
func htmlCode(text string) string {
	return "<code>" + breakable(Visible(text)) + "</code>"
}

// breakable escapes a text and lets a browser break its long words: one digest would make a table wider than the page.
func breakable(text string) string {
	const longest = 60 // characters
	var b strings.Builder
	run := 0
	for _, r := range text {
		if run == longest {
			b.WriteString("<wbr>")
			run = 0
		}
		b.WriteString(html.EscapeString(string(r)))
		if run++; r == ' ' {
			run = 0
		}
	}
	return b.String()
}

// htmlProse sets a sentence in HTML, with <code> for what stands between backticks.
func htmlProse(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	var b strings.Builder
	for {
		before, rest, _ := strings.Cut(text, "`")
		code, after, closed := strings.Cut(rest, "`")
		if !closed || code == "" || code != strings.TrimSpace(code) {
			return b.String() + htmlWords(text)
		}
		b.WriteString(htmlWords(before) + htmlCode(code))
		text = after
	}
}

// htmlWords sets words in HTML. Those that could be more than words to GitHub – @mentions, #references, addresses, :emoji:,
// hashes – stand in <code>, as names do in well-set prose anyway.
func htmlWords(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		core := strings.TrimRight(strings.TrimLeft(word, `("'`), `.,;:)"'!?`)
		if core == "" || isWord(core) {
			words[i] = html.EscapeString(word)
			continue
		}
		before, after, _ := strings.Cut(word, core)
		words[i] = html.EscapeString(before) + htmlCode(core) + html.EscapeString(after)
	}
	return strings.Join(words, " ")
}

// isWord reports whether the text is a plain word or number.
func isWord(text string) bool {
	letters, digits := false, false
	for _, r := range text {
		switch {
		case unicode.IsLetter(r) && !unicode.In(r, unicode.Other_Default_Ignorable_Code_Point):
			letters = true
		case r >= '0' && r <= '9':
			digits = true
		case r != '-' && r != '–' && r != '’' && r != '\'':
			return false
		}
	}
	return !letters || !digits
}

// htmlLink links a text that is HTML already, if the address is one that a browser may follow.
func htmlLink(address, text string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return text
	}
	return `<a href="` + html.EscapeString(u.String()) + `">` + text + "</a>"
}

// escapePath percent-encodes a path for use in a URL, segment by segment.
func escapePath(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = strings.ReplaceAll(url.PathEscape(s), ":", "%3A") // a colon would make a scheme of what is before it
	}
	return strings.Join(segments, "/")
}

// Paragraph makes a text from elsewhere a paragraph of its own in GitHub's Markdown, with nothing in it that could turn
// into markup, a link or a mention.
func Paragraph(text string) string { return "<p>" + htmlProse(text) + "</p>\n" }
