package workflow

import "strings"

// runsIn says what of a directory that only holds data a command runs. To be given a file of it is to read it, unless
// the command is a file of it, an interpreter that is given one, or is told to work there.
func (c Command) runsIn(dir string) string {
	if dir == "" || within(c.Dir, dir) || strings.Contains(c.Name(), "/") || interpreters[c.Name()] {
		return c.executes(dir)
	}
	for flag := range takesValue {
		if value := c.valueOf(flag, flag); value != "" && within(inDir(c.Dir, value), dir) {
			return c.executes(dir)
		}
	}
	return ""
}

// valueOf is the value of the first of the flags that the command has: its next word, or what follows "=" in it.
func (c Command) valueOf(flags ...string) string {
	for i, w := range c.Words {
		for _, flag := range flags {
			if w.Text == flag && i+1 < len(c.Words) {
				return c.Words[i+1].Text
			}
			if value, found := strings.CutPrefix(w.Text, flag+"="); found {
				return value
			}
		}
	}
	return ""
}
