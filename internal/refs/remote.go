package refs

import (
	"net/url"
	"regexp"
	"strings"
)

// Hosts that serve a repository's files, and where the parts of it stand in their paths.
const (
	github    = "github.com"
	githubRaw = "raw.githubusercontent.com"
)

var (
	scheme = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://`)
	scpURL = regexp.MustCompile(`^(?:[A-Za-z0-9_.-]+@)([A-Za-z0-9.-]+):(.+)$`)
)

// IsRemote reports whether a kustomization's resource or a Terraform module's source is a URL of some form, and no path
// of this repository.
func IsRemote(raw string) bool {
	raw = strings.TrimPrefix(raw, "git::")
	first, _, _ := strings.Cut(raw, "/")
	return scheme.MatchString(raw) && !strings.HasPrefix(raw, "file://") || scpURL.MatchString(raw) ||
		first == github || first == "bitbucket.org" || first == "gitlab.com" || first == githubRaw
}

// ParseRemote reads a URL of a Git repository (https://github.com/o/r//path?ref=v1, git@github.com:o/r, git::ssh://…) or of
// a file served over HTTP. GitHub's raw files, archives and release downloads are judged by the ref in their path.
func ParseRemote(raw string) Ref {
	r := Ref{Kind: Base, Raw: raw}
	host, path, query := splitURL(raw)
	if variable := variableUse.FindString(raw); variable != "" && !IsCommit(refParam(query)) {
		r.Name = strings.TrimSuffix(host+"/"+path, "/")
		r.pin(PinUnknown, "its value comes from "+variable)
		return r
	}
	segments := strings.FieldsFunc(path, func(c rune) bool { return c == '/' })
	r.Name, r.Version = host+"/"+strings.Join(segments, "/"), refParam(query)
	served := r.Version == "" && (strings.HasPrefix(raw, "https://") || strings.HasPrefix(raw, "http://"))
	if (host == github || host == githubRaw) && len(segments) >= 2 {
		r.Name = github + "/" + segments[0] + "/" + strings.TrimSuffix(segments[1], ".git")
		if ref := servedRef(host, segments[2:]); served && ref != "" {
			r.Version = ref
			if len(segments) > 2 && segments[2] == "releases" {
				r.asset()
				return r
			}
		} else if host == github {
			served = false // a repository, cloned
		}
	}
	if served && r.Version == "" {
		r.fileVersion(segments)
		return r
	}
	pin, note := GitRefPin(r.Version)
	if pin == PinDigest {
		r.Digest = strings.ToLower(r.Version)
	}
	r.pin(pin, note)
	return r
}

// asset judges a file of a release by the release's tag. It is kept beside the repository, not in it.
func (r *Ref) asset() {
	r.Served = true
	pin, note := GitRefPin(r.Version)
	if pin == PinExact || pin == PinDigest {
		pin, note = PinExact, "whoever can edit the release can replace its files"
	}
	r.pin(pin, note)
}

// fileVersion judges a file by its URL alone.
func (r *Ref) fileVersion(segments []string) {
	r.Served = true
	for _, s := range segments {
		if fullVersion.MatchString(s) {
			r.Version = s
			r.pin(PinExact, "what the URL serves can be replaced")
			return
		}
	}
	r.pin(PinNone, "whatever the URL serves is taken")
}

// servedRef is the ref in the path of a file that GitHub serves, given what follows owner and repository, or "".
func servedRef(host string, path []string) string {
	if host == githubRaw {
		return pathRef(path)
	}
	if len(path) < 2 {
		return ""
	}
	switch {
	case path[0] == "raw" || path[0] == "blob":
		return pathRef(path[1:])
	case path[0] == "archive":
		ref := strings.Join(path[1:], "/")
		return strings.TrimSuffix(strings.TrimSuffix(ref, ".zip"), ".tar.gz")
	case path[0] == "releases" && path[1] == "latest":
		return "latest"
	case path[0] == "releases" && path[1] == "download" && len(path) > 2:
		tag := strings.Join(path[2:len(path)-1], "/")
		if tag == "" {
			tag = path[2]
		}
		return "refs/tags/" + tag
	}
	return ""
}

// pathRef is the first segment, or the ref in full: refs/heads/main.
func pathRef(path []string) string {
	switch {
	case len(path) == 0:
		return ""
	case path[0] == "refs" && len(path) >= 3:
		return strings.Join(path[:3], "/")
	default:
		return path[0]
	}
}

// splitURL takes apart the forms in which Git addresses are written.
func splitURL(raw string) (host, path string, query url.Values) {
	text, params, _ := strings.Cut(strings.TrimPrefix(raw, "git::"), "?")
	query, _ = url.ParseQuery(params)
	if scheme.MatchString(text) {
		_, text, _ = strings.Cut(text, "://")
	} else if m := scpURL.FindStringSubmatch(text); m != nil {
		text = m[1] + "/" + m[2]
	}
	host, path, _ = strings.Cut(text, "/")
	if _, bare, ok := strings.Cut(host, "@"); ok {
		host = bare
	}
	return host, path, query
}

// refParam is the ref that a URL asks for; kustomize also takes it as "version".
func refParam(query url.Values) string {
	if ref := query.Get("ref"); ref != "" {
		return ref
	}
	return query.Get("version")
}
