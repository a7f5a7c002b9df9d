package finding

import "strings"

// Fix is an edit that removes a finding.
type Fix struct {
	Description string
	Edits       []Edit
}

// Lines are what a fix writes, for people to read: the lines of each edit without the indentation that they share, in the
// order of the edits.
func (f *Fix) Lines() []string {
	var lines []string
	for _, edit := range f.Edits {
		own := strings.Split(strings.TrimSpace(edit.NewText), "\n")
		for i, line := range own {
			own[i] = strings.TrimRight(line, " \t\r")
		}
		lines = append(lines, outdented(own)...)
	}
	return lines
}

// outdented takes off the indentation that all lines but the first share: an edit begins within its line.
func outdented(lines []string) []string {
	shared := -1
	for _, line := range lines[1:] {
		if indent := len(line) - len(strings.TrimLeft(line, " ")); line != "" && (shared < 0 || indent < shared) {
			shared = indent
		}
	}
	if strings.HasSuffix(lines[0], ":") { // a key, with its value below
		shared -= 2
	}
	for i := range lines[1:] {
		if line := &lines[i+1]; shared > 0 {
			*line = (*line)[min(shared, len(*line)):]
		}
	}
	return lines
}
