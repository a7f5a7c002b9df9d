package peers

import (
	"regexp"
	"slices"
	"strings"
)

// Comment is a comment of another linter's that puts findings aside.
type Comment struct {
	Tool   string   // "zizmor" or "ratchet"
	Rules  []string // of ours that it means; never empty
	Reason string   // what stands behind it; "" where nothing does
	Start  int      // offset of its "#" in the line, in bytes
	// Wide: it speaks of the step, or the block, that it stands in; else of its own line alone.
	Wide bool
}

var (
	zizmorIgnore   = regexp.MustCompile(`(?:^|\s)(# zizmor: ignore\[([^\]]+)\](?:\s+(.*))?)$`)
	ratchetExclude = regexp.MustCompile(`(?:^|\s)(#\s*ratchet:exclude\b)[ \t:–-]*(.*)$`)
)

// excluded are the rules about what ratchet pins.
var excluded = []string{"workflow/unpinned-action", "image/mutable-tag", "image/unpinned"}

// ReadComment finds such a comment at the end of a line. There is none when ok is false, or when it means nothing that
// we would find. The line has no line end.
func ReadComment(line string) (c Comment, ok bool) {
	if m := zizmorIgnore.FindStringSubmatchIndex(line); m != nil {
		for audit := range strings.SplitSeq(line[m[4]:m[5]], ",") {
			for _, rule := range RulesOf(strings.TrimSpace(audit)) {
				if !slices.Contains(c.Rules, rule) {
					c.Rules = append(c.Rules, rule)
				}
			}
		}
		if m[6] >= 0 {
			c.Reason = strings.TrimSpace(line[m[6]:m[7]])
		}
		c.Tool, c.Start, c.Wide = "zizmor", m[2], true
		return c, len(c.Rules) > 0
	}
	if m := ratchetExclude.FindStringSubmatchIndex(line); m != nil {
		return Comment{Tool: "ratchet", Rules: excluded, Reason: strings.TrimSpace(line[m[4]:m[5]]), Start: m[2]}, true
	}
	return Comment{}, false
}
