package discover

import (
	"bytes"
	"slices"
	"strconv"
)

// A key need not be written as it reads: "\u006bind" is kind, and a merge, an alias or a line of its own (? kind) gives one too.
// Who deploys the file reads it all the same, so such a file is left to the parser instead of being passed over.

// escapes begin the characters of a quoted text that are letters in disguise.
var escapes = []string{`\x`, `\u`, `\U`}

// mayHave reports whether words stand in the text, or may stand there in disguise.
func (t *text) mayHave(words ...string) bool {
	return !slices.ContainsFunc(words, func(word string) bool { return !t.has(word) }) || slices.ContainsFunc(escapes, t.has)
}

// hidesKeys reports whether a line in a map gives it keys that stand elsewhere.
func hidesKeys(line []byte) bool {
	key, ownLine := bytes.CutPrefix(line, []byte("? "))
	key = skipProperties(bytes.TrimLeft(key, " "))
	switch {
	case len(key) == 0:
		return ownLine
	case key[0] == '*', string(keyOf(line)) == "<<":
		return true
	}
	return ownLine && (bytes.IndexByte([]byte("|>[{"), key[0]) >= 0 || key[0] == '"' && bytes.Count(key, []byte{'"'}) == 1)
}

// hidesService reports whether the value of a line's key stands elsewhere, or in the line with what makes it a service.
func hidesService(line []byte) bool {
	_, value, _ := bytes.Cut(line, []byte{':'})
	value = skipProperties(bytes.TrimLeft(value, " \t"))
	switch {
	case len(value) == 0 || line[0] == '-':
		return false
	case value[0] == '*':
		return true
	case value[0] != '{':
		return false
	}
	says := func(part string) bool { return bytes.Contains(value, []byte(part)) }
	return !says("}") || slices.ContainsFunc([]string{"image", "build", "*", "\\"}, says)
}

// unquoted is what a plain or quoted key reads as.
func unquoted(key []byte) []byte {
	n := len(key)
	if n < 2 || key[0] != '"' && key[0] != '\'' || key[n-1] != key[0] {
		return key
	}
	if key[0] == '"' && bytes.IndexByte(key, '\\') >= 0 {
		if text, err := strconv.Unquote(string(key)); err == nil { // Go has the escapes that letters hide behind, too
			return []byte(text)
		}
	}
	return key[1 : n-1]
}
