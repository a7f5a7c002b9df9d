package refs

import (
	"path"
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
	name := ActionName(text)
	_, ref, hasRef := strings.Cut(text, "@")
	r := Ref{Kind: Action, Raw: raw, Name: name, Version: ref}
	if isWorkflowPath(name) {
		r.Kind = Reusable
	}
	switch {
	case strings.Contains(text, "${{"):
		r.pin(PinUnknown, "uses cannot hold an expression")
	case strings.HasPrefix(text, "$/") && hasRef:
		r.pin(PinInvalid, "$/ is this repository at the commit that runs and takes no ref")
	case withinRepository(text):
		r.Name, r.Version = text, ""
		r.pin(PinLocal, "")
	case !repoPath.MatchString(name), strings.Contains(ref, "@"):
		r.pin(PinInvalid, "it is neither a path that begins with ./ nor owner/repository@ref")
	case IsCommit(ref):
		r.Digest = strings.ToLower(ref)
		r.pin(PinDigest, "")
	case !hasRef:
		r.pin(PinNone, "the ref is missing")
	default:
		pin, note := GitRefPin(ref)
		r.pin(pin, note)
	}
	return r
}

// ActionName is what a "uses" names, without its ref: owner/repository[/folder] spelt plainly. The runner cuts it at / and \ and
// passes over what is empty between them, so that octo//action is octo/action; see PipelineTemplateConverter in
// https://github.com/actions/runner. A path of this repository, an image and an expression stay as they are written.
func ActionName(uses string) string {
	text := strings.TrimSpace(uses)
	name, _, _ := strings.Cut(text, "@")
	if withinRepository(text) || strings.HasPrefix(text, "docker://") || strings.Contains(text, "${{") {
		return name
	}
	parts := strings.FieldsFunc(name, func(c rune) bool { return c == '/' || c == '\\' })
	if len(parts) < 3 {
		return strings.Join(parts, "/")
	}
	return path.Join(parts[0], parts[1], path.Clean("/"+strings.Join(parts[2:], "/")))
}

// withinRepository reports whether a "uses" is a path of this repository.
func withinRepository(uses string) bool {
	return strings.HasPrefix(uses, "./") || strings.HasPrefix(uses, "../") || strings.HasPrefix(uses, `.\`) || strings.HasPrefix(uses, "$/")
}

func isWorkflowPath(name string) bool {
	return strings.Contains(name, ".github/workflows/") && (strings.HasSuffix(name, ".yml") || strings.HasSuffix(name, ".yaml"))
}
