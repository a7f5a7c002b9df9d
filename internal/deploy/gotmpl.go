package deploy

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// A Helmfile is a template that writes YAML. Most of them read as YAML once every action is a word of the same length,
// and every line that is nothing but actions is a comment: then each place is still what it was.

var (
	action     = regexp.MustCompile("\\{\\{(?:`[^`]*`|\"(?:[^\"\\\\\n]|\\\\.)*\"|[^`\"}]|\\}[^}])*\\}\\}")
	actionWord = regexp.MustCompile(`^\{\{-?\s*(\w+|/\*)?`)
)

// turn is what a line of nothing but actions does.
type turn int

const (
	opens  turn = iota + 1 // a condition or a loop
	goesOn                 // with another branch
	closes                 // it
	writes                 // what nobody here knows
)

// actions are those of a template's text.
type actions struct {
	plain []byte            // the text as YAML, of the same length
	words map[string]string // what stands for an action in it, and the action
	turns map[int]turn      // by the 1-based number of the line
}

// maxActions is as many as a word of five letters tells apart.
const maxActions = 36 * 36 * 36

// readActions makes plain text of a template. It is false when there are no actions, or too many, or one that breaks a line
// of the YAML.
func readActions(data []byte) (actions, bool) {
	found := action.FindAllIndex(data, maxActions+1)
	if len(found) == 0 || len(found) > maxActions {
		return actions{}, false
	}
	a := actions{plain: bytes.Clone(data), words: map[string]string{}, turns: map[int]turn{}}
	bare := bareLines(data, found)
	line, counted := 1, 0
	for i, at := range found {
		from, to := at[0], at[1]
		line, counted = line+bytes.Count(data[counted:from], []byte("\n")), from
		if turn := turnOf(data[from:to], bare[line]); turn != 0 {
			a.turns[line] = turn
		}
		switch {
		case bare[line]:
			a.comment(from, to)
		case bytes.IndexByte(data[from:to], '\n') >= 0:
			return actions{}, false // a word would move all places below
		default:
			word := word(i, to-from)
			a.words[word] = string(data[from:to])
			copy(a.plain[from:to], word)
		}
	}
	return a, true
}

// bareLines are the 1-based numbers of the lines that hold nothing but actions.
func bareLines(data []byte, found [][]int) map[int]bool {
	rest := bytes.Clone(data)
	for _, at := range found {
		for i := at[0]; i < at[1]; i++ {
			if rest[i] != '\n' {
				rest[i] = ' '
			}
		}
	}
	bare := map[int]bool{}
	number := 0
	for line := range bytes.Lines(rest) {
		number++
		if len(bytes.TrimSpace(line)) == 0 {
			bare[number] = true
		}
	}
	return bare
}

// word stands for an action: as long as that, letters and digits only, and none like it.
func word(index, length int) string {
	id := "qz" + fmt.Sprintf("%3s", strconv.FormatInt(int64(index), 36))
	return strings.ReplaceAll(id, " ", "0") + strings.Repeat("z", max(0, length-len(id)))
}

// comment makes comments of the lines of an action.
func (a *actions) comment(from, to int) {
	for i := from; i < to; i++ {
		if i == from || a.plain[i-1] == '\n' {
			a.plain[i] = '#'
		}
	}
}

// turnOf says what an action does to what stands around it; 0 for one that writes a part of a line, or nothing. Bare: it
// stands alone on its line.
func turnOf(action []byte, bare bool) turn {
	m := actionWord.FindSubmatch(action)
	switch string(m[1]) {
	case "if", "range", "with":
		return opens
	case "else":
		return goesOn
	case "end":
		return closes
	case "/*", "define", "block":
		return 0
	}
	if !bare || bytes.Contains(action, []byte(":=")) {
		return 0
	}
	return writes
}

// restored puts the actions back into the texts of a value.
func (a *actions) restored(value any) any {
	pairs := make([]string, 0, 2*len(a.words))
	for word, text := range a.words {
		pairs = append(pairs, word, text)
	}
	replacer := strings.NewReplacer(pairs...)
	return retold(value, func(text string) any { return replacer.Replace(text) })
}

// decides reports whether a condition or loop that begins between two lines also ends there, or takes another branch: so
// that what stands there may be other than it reads. Writes reports whether something unknown is written there.
func (a *actions) decides(from, to int) (decides, written bool) {
	open := 0
	for line := from; line < to; line++ {
		switch a.turns[line] {
		case opens:
			open++
		case goesOn, closes:
			decides = decides || open > 0
		case writes:
			written = true
		}
	}
	return decides, written
}

// turns looks at what the actions do between the first line of a list's item and the next item or key.
func (o object) turns(at source.Path) (decides, written bool) {
	if o.made == nil {
		return false, false
	}
	from := o.place(at).Span.Start.Line
	to := bytes.Count(o.made.plain, []byte("\n")) + 2
	end := func(line int) {
		if line > from {
			to = min(to, line)
		}
	}
	if index, ok := at[len(at)-1].(int); ok && index+1 < len(o.list(at[:len(at)-1])) {
		end(o.place(at[:len(at)-1].Append(index + 1)).Span.Start.Line)
	}
	keys, _ := o.doc.Value.(map[string]any)
	for key := range keys {
		end(o.place(source.Path{key}).Span.Start.Line)
	}
	return o.made.decides(from, to)
}
