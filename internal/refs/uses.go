package refs

import (
	"regexp"
	"strings"
)

var repoPath = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9_.-]+(/[^@\s]+)?$`)

// ParseUses reads the value of a workflow's or action's "uses": a path in this repository (./p, or $/p for the repository
// that the file itself comes from), docker://image, owner/repo[/path]@ref, or a reusable workflow.
func ParseUses(raw string) Ref {
	text := strings.TrimSpace(raw)
	if image, ok := strings.CutPrefix(text, "docker://"); ok {
		r := ParseImage(image)
		r.Raw = raw
		return r
	}
	name, ref, hasRef := strings.Cut(text, "@")
	r := Ref{Kind: Action, Raw: raw, Name: name, Version: ref}
	if isWorkflowPath(name) {
		r.Kind = Reusable
	}
	switch {
	case strings.Contains(text, "${{"):
		r.pin(PinUnknown, "uses cannot hold an expression")
	case strings.HasPrefix(text, "$/") && hasRef:
		r.pin(PinInvalid, "$/ is this repository at the commit that runs and takes no ref")
	case strings.HasPrefix(text, "./"), strings.HasPrefix(text, "../"), strings.HasPrefix(text, "$/"):
		r.Name, r.Version = text, ""
		r.pin(PinLocal, "")
	case IsCommit(ref):
		r.Digest = strings.ToLower(ref)
		r.pin(PinDigest, "")
	case !repoPath.MatchString(name):
		r.pin(PinInvalid, "it is neither a path that begins with ./ nor owner/repository@ref")
	case !hasRef:
		r.pin(PinNone, "the ref is missing")
	default:
		pin, note := GitRefPin(ref)
		r.pin(pin, note)
	}
	return r
}

func isWorkflowPath(name string) bool {
	return strings.Contains(name, ".github/workflows/") && (strings.HasSuffix(name, ".yml") || strings.HasSuffix(name, ".yaml"))
}
