package github

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	gh "github.com/google/go-github/v60/github"
)

// maxComment is GitHub's limit on the text of a comment, in characters there and bytes here.
const maxComment = 65536

// marker begins each comment of ours, unseen, so that it is found again: of runs with this name, and of what the key says.
func marker(name, key string) string {
	return markerOf(name) + short(key) + " -->\n"
}

// markerOf is how the markers of all comments with this name begin.
func markerOf(name string) string { return "<!-- plimsoll " + short(name) + " " }

// short makes any text one that can do nothing in a marker.
func short(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// trusted reports whether a comment can be ours: anybody may write a marker, but only an app, or somebody who may push
// anyway, is believed. A quotation does not begin with the marker.
func trusted(author *gh.User, association string) bool {
	switch association {
	case "OWNER", "MEMBER", "COLLABORATOR":
		return true
	}
	return author.GetType() == "Bot"
}

// markedBody is a comment's whole text, cut to what GitHub takes.
func markedBody(name, key, text string) string {
	mark := marker(name, key)
	text = clean(text)
	if over := len(mark) + len(text) - maxComment; over > 0 {
		const note = "\n\nThe rest does not fit here.\n"
		end := strings.LastIndexByte(text[:len(text)-over-len(note)], '\n') + 1
		text = text[:end] + note
	}
	return mark + text
}

// number is how a path of the API names a pull request, for errors.
func number(n int) string { return fmt.Sprintf("pull request %d", n) }
