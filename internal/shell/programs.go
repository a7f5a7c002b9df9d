package shell

import (
	"path"
	"slices"
	"strings"
)

// editors are tools whose programs are words of the command, and can start commands: GNU sed by e, awk by system().
var editors = map[string]string{"sed": "sed", "gsed": "sed", "awk": "awk", "gawk": "awk", "mawk": "awk"}

// programOf gives the tool that a command starts and the program that it is given; "" where that is no editor, or its
// program is in a file.
func programOf(words []string) (tool, program string) {
	for len(words) > 1 && words[0] == "sudo" {
		words = words[1:]
	}
	tool = editors[path.Base(words[0])]
	var programs []string
	first, whole := "", true
	for i := 1; i < len(words); i++ {
		word := words[i]
		switch {
		case tool == "sed" && takesProgram(word), tool == "awk" && word == "-e":
			if i++; i < len(words) {
				programs = append(programs, words[i])
			}
		case strings.HasPrefix(word, "--expression="):
			programs = append(programs, word)
		case slices.Contains([]string{"-f", "--file"}, word):
			whole, i = false, i+1
		case tool == "awk" && slices.Contains([]string{"-v", "-F"}, word):
			i++
		case first == "" && !strings.HasPrefix(word, "-"):
			first = word
		}
	}
	if len(programs) == 0 && whole {
		programs = append(programs, first)
	}
	return tool, strings.Join(programs, "\n")
}

// takesProgram reports whether the word after a flag of sed is a program: -e, -ne; of -i what follows is a suffix.
func takesProgram(word string) bool {
	return word == "--expression" || len(word) > 1 && word[0] == '-' && word[1] != '-' && strings.HasSuffix(word, "e") && !strings.Contains(word, "i")
}
