package refs

import (
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// An operator has images run that its own container only mentions. By custom they stand in variables named RELATED_IMAGE_…,
// and in variables and flags whose name ends in "image"; others are known by how they look alone.
var (
	relatedImage = regexp.MustCompile(`^RELATED_IMAGE_`)
	imageNamed   = regexp.MustCompile(`(?i)(^|[_-])image$`)
	flagValue    = regexp.MustCompile(`^--?([A-Za-z][\w.-]*)=(.+)$`)
	flagAlone    = regexp.MustCompile(`^--?([A-Za-z][\w.-]*)$`)
	// A registry with a dot in its name, a path, and a tag or digest: hardly anything else looks like that.
	imageShaped = regexp.MustCompile(`^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d+)?/[a-z0-9][a-z0-9._/-]*(?::[\w][\w.-]*)?(?:@sha256:[0-9a-f]{64})?$`)
	// Where images are put, not taken from.
	outputFlag = regexp.MustCompile(`(?i)(dest|destination|output|push|tag|cache|repo|repository|url|uri|host|endpoint|server|address|addr|module|package)s?$`)
)

// sourceHosts serve repositories of source, whose names look like those of images.
var sourceHosts = []string{"github.com", "gitlab.com", "bitbucket.org", "codeberg.org"}

// mentioned records the images that a container's variables and flags speak of. What they are for isn't known, so each is
// a guess.
func (c *collector) mentioned(container source.Node) {
	for _, variable := range container.Key("env").Items() {
		name, value := variable.Key("name").Text(), variable.Key("value")
		c.mention(name, value.Text(), "variable "+name, value)
	}
	for _, list := range []string{"command", "args"} {
		flag := ""
		for _, arg := range container.Key(list).Items() {
			text := arg.Text()
			if m := flagValue.FindStringSubmatch(text); m != nil {
				c.mention(m[1], m[2], "flag "+m[1], arg)
			} else if flag != "" {
				c.mention(flag, text, "flag "+flag, arg)
			}
			flag = ""
			if m := flagAlone.FindStringSubmatch(text); m != nil {
				flag = m[1]
			}
		}
	}
}

// mention records a text if it is an image, going by its own name and its looks.
func (c *collector) mention(name, text, context string, at source.Node) {
	r := ParseImage(text)
	switch {
	case text == "" || r.Pin == PinInvalid || r.Pin == PinUnknown:
		return
	case relatedImage.MatchString(name):
	case r.Version == "" && r.Digest == "" || outputFlag.MatchString(name) || slices.Contains(sourceHosts, r.Registry):
		return
	case imageNamed.MatchString(name):
	case !imageShaped.MatchString(text):
		return
	}
	r.Guessed = true
	if whole := at.Text(); strings.TrimSpace(whole) != text {
		r.Text = text
	}
	c.add(r, context, at.Path)
}
