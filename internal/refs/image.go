package refs

import (
	"regexp"
	"strconv"
	"strings"
)

// The grammar of image references, as the OCI distribution project defines it.
var (
	imageHost   = regexp.MustCompile(`^(\[[0-9a-fA-F:]+\]|[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*)(:[0-9]+)?$`)
	imagePath   = regexp.MustCompile(`^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$`)
	imageTag    = regexp.MustCompile(`^[0-9A-Za-z_][0-9A-Za-z_.-]{0,127}$`)
	imageDigest = regexp.MustCompile(`^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$`)
	variableUse = regexp.MustCompile(`\$?\{\{(?:[^{}]|\{\{[^{}]*\}\})*\}\}|\$\{\{.*?\}\}|\{\{.*?\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_][A-Za-z0-9_]*|%[A-Za-z_0-9]+%|\$`)
)

// placeholderTag is how people write what a script replaces: IMAGE_TAG.
var placeholderTag = regexp.MustCompile(`^_*[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:TAG|VERSION)_*$`)

// placeholders are what people write in the place of a name, or a part of one, that a script puts there: <image>, {IMAGE},
// @REGISTRY@, BASE_IMAGE, YOUR-REGISTRY/web.
var placeholders = regexp.MustCompile(`<[^<>]*>|\{[^{}]*\}|@[A-Z][A-Z0-9_]*@|^_*[A-Z][A-Z0-9]*(?:[_ -]+[A-Z0-9]+)*_*$|` +
	`(?:^|/)_*(?:[A-Z0-9]+[_-])*(?:YOUR|MY|REGISTRY|REPO|REPOSITORY|OWNER|ORG|USER|USERNAME|PROJECT|IMAGE|NAME)(?:[_-][A-Z0-9]+)*_*(?:/|$)`)

const dockerHub = "docker.io"

// ParseImage reads a reference to a container image. The name is canonical: nginx is docker.io/library/nginx. A part
// that a template decides makes it PinUnknown, unless a literal digest stands behind it. What is no legal reference is
// PinInvalid, with a note that says why.
func ParseImage(raw string) Ref {
	r := Ref{Kind: Image, Raw: raw}
	text := strings.TrimSpace(raw)
	if path, ok := strings.CutPrefix(text, "ko://"); ok {
		r.Name = path
		r.pin(PinLocal, "") // ko puts the image that it builds in its place, by its digest
		return r
	}
	rest, digest, hasDigest := strings.Cut(text, "@")
	rest, r.Version = cutTag(rest)
	variable := variableUse.FindString(text)
	r.Name, r.Registry = imageName(rest)
	switch {
	case hasDigest && imageDigest.MatchString(digest):
		r.Digest = digest
		if why := invalidName(rest, r.Version); why != "" && variable == "" {
			r.pin(PinInvalid, why)
			break
		}
		r.pin(PinDigest, "")
	case variable != "":
		r.pin(PinUnknown, "its value comes from "+variable)
	case invalidName(rest, r.Version) != "" && placeholders.MatchString(rest), hasDigest && placeholders.MatchString(text):
		r.pin(PinUnknown, "it looks like a placeholder that a tool replaces")
	case hasDigest:
		r.pin(PinInvalid, invalidDigest(digest))
	case invalidName(rest, r.Version) != "":
		r.pin(PinInvalid, invalidName(rest, r.Version))
	case placeholderTag.MatchString(r.Version):
		r.pin(PinUnknown, r.Version+" looks like a name that a tool puts the tag in the place of")
	default:
		pin := TagPin(r.Version)
		r.pin(pin, tagNote(r.Version, pin))
	}
	return r
}

// cutTag splits a name from its tag. A colon before a slash belongs to the port of a registry, one within braces to a
// template.
func cutTag(text string) (name, tag string) {
	depth := 0
	for i := len(text) - 1; i >= 0; i-- {
		switch text[i] {
		case '}', ')':
			depth++
		case '{', '(':
			depth--
		case '/':
			if depth <= 0 {
				return text, ""
			}
		case ':':
			if depth <= 0 {
				return text[:i], text[i+1:]
			}
		}
	}
	return text, ""
}

// imageName makes a name canonical and gives its registry. A first segment is a registry if it has a dot or a port, or is
// localhost. Of a name whose registry a template decides, no registry is known.
func imageName(name string) (canonical, registry string) {
	host, path, found := strings.Cut(name, "/")
	switch {
	case variableUse.MatchString(host):
		return name, ""
	case !found:
		return dockerHub + "/library/" + name, dockerHub
	case !strings.ContainsAny(host, ".:") && host != "localhost":
		return dockerHub + "/" + name, dockerHub
	case host == "index.docker.io" || host == "registry-1.docker.io":
		host = dockerHub
	}
	if host == dockerHub && !strings.Contains(path, "/") && !variableUse.MatchString(path) {
		path = "library/" + path
	}
	return host + "/" + path, host
}

// invalidName says why a name and tag are no legal reference, or gives "".
func invalidName(name, tag string) string {
	host, path, found := strings.Cut(name, "/")
	if !found || (!strings.ContainsAny(host, ".:") && host != "localhost") {
		host, path = "", name
	}
	switch {
	case name == "":
		return "the name of the image is missing"
	case strings.Contains(name, "://"):
		return "an image reference has no scheme such as " + name[:strings.Index(name, "://")+3]
	case host != "" && !imageHost.MatchString(host):
		return host + " is not the name of a registry"
	case path != strings.ToLower(path):
		return "the name of an image is written in lower case"
	case !imagePath.MatchString(path):
		return "its name holds what an image's name may not"
	case tag != "" && !imageTag.MatchString(tag):
		return "its tag holds what a tag may not, or is longer than 128 characters"
	case strings.HasSuffix(name, ":"):
		return "its tag is empty"
	}
	return ""
}

// invalidDigest says what is wrong with the text behind an "@".
func invalidDigest(digest string) string {
	algorithm, hex, found := strings.Cut(digest, ":")
	lengths := map[string]int{"sha256": 64, "sha384": 96, "sha512": 128}
	want, known := lengths[algorithm]
	switch {
	case digest == "":
		return "nothing stands behind the @"
	case !found:
		return "what stands behind the @ is not a digest: it lacks its algorithm"
	case !known:
		return algorithm + " is not an algorithm for digests"
	case len(hex) != want:
		return "its digest is not complete: " + algorithm + " has " + strconv.Itoa(want) + " digits, not " + strconv.Itoa(len(hex))
	default:
		return "its digest holds what is not a lower-case hexadecimal digit"
	}
}
