package refs

import (
	"regexp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Conflict is a reference to an image that another one of the repository contradicts.
type Conflict struct {
	// Kind is "digest" where one tag stands beside two digests, "version" where one digest stands beside two full versions.
	Kind    string      `json:"kind"`
	Name    string      `json:"name"` // canonical
	Version string      `json:"version"`
	Digest  string      `json:"digest"`
	Path    source.Path `json:"path"`  // of the reference
	Other   string      `json:"other"` // the digest, or the version, that the most references have
	Against source.Path `json:"against"`
	Count   int         `json:"count"` // references that have it
	Moves   bool        `json:"moves"` // the tag is one that moves, so that its digests are of different times
}

// Conflicts gives the references that say otherwise than the most do, in their order: of one tag, another digest; of one
// digest, another full version. Of several that are equally many, those that come first are taken for the most.
func Conflicts(images []Ref) []Conflict {
	byTag, byDigest := groups{}, groups{}
	for i, r := range images {
		if r.Kind != Image || r.Digest == "" || r.Version == "" {
			continue
		}
		byTag.add(r.Name+":"+r.Version, r.Digest, i)
		if number := releaseNumber(r.Version); number != "" {
			byDigest.add(r.Name+"@"+r.Digest, number, i)
		}
	}
	var out []Conflict
	for i, r := range images {
		if other, against, count := byTag.against(r.Name+":"+r.Version, r.Digest, i); count > 0 {
			out = append(out, Conflict{"digest", r.Name, r.Version, r.Digest, r.Path, other, images[against].Path, count, TagPin(r.Version) != PinExact})
		}
		if _, against, count := byDigest.against(r.Name+"@"+r.Digest, releaseNumber(r.Version), i); count > 0 {
			out = append(out, Conflict{"version", r.Name, r.Version, r.Digest, r.Path, images[against].Version, images[against].Path, count, false})
		}
	}
	return out
}

// groups hold, for what two references have in common, which of them say what of the rest.
type groups map[string]*group

type group struct {
	said  []string // in the order of the references
	refs  map[string][]int
	known map[int]bool
}

func (g groups) add(common, said string, i int) {
	one := g[common]
	if one == nil {
		one = &group{refs: map[string][]int{}, known: map[int]bool{}}
		g[common] = one
	}
	if len(one.refs[said]) == 0 {
		one.said = append(one.said, said)
	}
	one.refs[said] = append(one.refs[said], i)
	one.known[i] = true
}

// against gives what the most references say where this one says something else, the first of them and their number; 0
// where there is no such conflict.
func (g groups) against(common, said string, i int) (most string, first, count int) {
	one := g[common]
	if one == nil || !one.known[i] {
		return "", 0, 0
	}
	for _, other := range one.said {
		if n := len(one.refs[other]); n > count {
			most, first, count = other, one.refs[other][0], n
		}
	}
	if most == said {
		return "", 0, 0
	}
	return most, first, count
}

var leadingRelease = regexp.MustCompile(`^v?(\d+\.\d+\.\d+)(?:$|[-_+])`)

// releaseNumber is the full version that a tag begins with: 1.27.4 of v1.27.4-alpine; "" where it does not.
func releaseNumber(tag string) string {
	if m := leadingRelease.FindStringSubmatch(tag); m != nil {
		return m[1]
	}
	return ""
}

// whole reads the images that the repository's documents name between them, as engine gathers them.
func (c *collector) whole(doc any) {
	for _, image := range (source.Node{Value: doc}).Key("images").Items() {
		r := Ref{
			Kind: Image, Raw: image.Key("raw").Text(), Name: image.Key("name").Text(),
			Version: image.Key("version").Text(), Digest: image.Key("digest").Text(),
		}
		r.pin(PinDigest, "")
		c.add(r, image.Key("context").Text(), image.Path)
	}
}
