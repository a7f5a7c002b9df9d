package github

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	gh "github.com/google/go-github/v60/github"
)

// GitHub's limits. It counts characters in some places and bytes in others, so all of these are bytes: never more.
const (
	maxTitle   = 255
	maxMessage = 64 << 10 // of an annotation's message and of its details
	maxOutput  = 65535    // of a check run's summary and of its text
)

// bounded is the output as GitHub takes it, with a notice put after the summary.
func (o Output) bounded(notice string) *gh.CheckRunOutput {
	out := &gh.CheckRunOutput{
		Title:   new(cut(clean(oneLine(o.Title)), maxTitle)),
		Summary: new(cutLines(clean(o.Summary), notice)),
	}
	if o.Text != "" {
		out.Text = new(cutLines(clean(o.Text), ""))
	}
	return out
}

// clean makes valid UTF-8 without anything that would hide or reorder what a reader sees: control characters and marks
// that turn the direction of writing are spelled out. Line ends and tabs stay.
func clean(s string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(s, "\r\n", "\n") {
		switch {
		case r == '\n' || r == '\t':
			b.WriteRune(r)
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff', r == '\u200b':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r) // a byte that is not UTF-8 comes as U+FFFD
		}
	}
	return b.String()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

const ellipsis = "…"

// cut shortens a text to at most limit bytes, between two characters, and shows that it did.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	end := limit - len(ellipsis)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + ellipsis
}

// cutLines shortens Markdown after a line, says how many lines are missing, and adds the notice.
func cutLines(s, notice string) string {
	if notice != "" {
		notice = "\n\n" + notice + "\n"
	}
	if len(s)+len(notice) <= maxOutput {
		return s + notice
	}
	const room = 80 // for the sentence below
	end := strings.LastIndexByte(s[:maxOutput-len(notice)-room], '\n') + 1
	missing := strings.Count(strings.TrimSuffix(s[end:], "\n"), "\n") + 1
	return s[:end] + fmt.Sprintf("\n%d more lines do not fit here.", missing) + notice
}
