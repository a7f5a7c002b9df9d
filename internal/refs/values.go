package refs

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// ValuesImage is what looks like an image among the values of a chart.
type ValuesImage struct {
	Path source.Path // of the map of its parts, or of the text that names it
	Ref  Ref
}

// valuesContext is what messages call an image among values.
const valuesContext = "chart values that no rendering printed"

// ValuesImages finds what charts keep their images in: maps of repository and tag, with a registry and digest maybe, and
// texts under a key that ends in "image". A map without a tag and digest takes the version of the chart's application, and
// is left out. Whether a template has such an image run is not known, so each is a guess.
func ValuesImages(values any) []ValuesImage {
	return valuesImages(source.Node{Value: values}, nil)
}

func valuesImages(at source.Node, found []ValuesImage) []ValuesImage {
	if r, ok := imageMap(at); ok {
		found = append(found, ValuesImage{Path: at.Path, Ref: r})
	}
	for _, child := range at.Keys() {
		key, _ := child.Path[len(child.Path)-1].(string)
		if r, ok := imageText(child); ok && imageKey.MatchString(key) {
			found = append(found, ValuesImage{Path: child.Path, Ref: r})
		}
		found = valuesImages(child, found)
	}
	for _, item := range at.Items() {
		found = valuesImages(item, found)
	}
	return found
}

var (
	imageKey  = regexp.MustCompile(`(^|[a-z_-])[iI]mage$`)
	hexDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// imageMap reads {registry, repository, tag, digest}. Some charts say image for the repository, or sha for the digest.
func imageMap(at source.Node) (Ref, bool) {
	repository := at.Key("repository")
	if repository.Value == nil {
		repository = at.Key("image")
	}
	tag, digest := at.Key("tag"), at.Key("digest")
	if digest.Value == nil {
		digest = at.Key("sha")
	}
	if repository.Text() == "" || scalarText(tag) == "" && scalarText(digest) == "" {
		return Ref{}, false
	}
	raw, place := repository.Text(), repository
	if registry := at.Key("registry").Text(); registry != "" {
		raw = strings.TrimSuffix(registry, "/") + "/" + raw
	}
	if text := scalarText(tag); text != "" {
		raw, place = raw+":"+text, tag
	}
	if text := scalarText(digest); text != "" {
		if hexDigest.MatchString(text) {
			text = "sha256:" + text
		}
		raw, place = raw+"@"+text, digest
	}
	return guess(raw, place)
}

func scalarText(at source.Node) string {
	switch at.Value.(type) {
	case nil, map[string]any, []any:
		return ""
	}
	return fmt.Sprint(at.Value)
}

// imageText reads a text that names an image with its tag or digest.
func imageText(at source.Node) (Ref, bool) {
	if !strings.ContainsAny(at.Text(), ":@") {
		return Ref{}, false
	}
	return guess(at.Text(), at)
}

// guess reads what may be an image; what cannot be one, or what a template decides, is none.
func guess(raw string, place source.Node) (Ref, bool) {
	r := ParseImage(raw)
	if r.Pin == PinInvalid || r.Pin == PinUnknown {
		return Ref{}, false
	}
	r.Guessed, r.Context, r.Path = true, valuesContext, place.Path
	return r, true
}
