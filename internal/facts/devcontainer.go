package facts

import (
	"encoding/json"
	"path"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// lockFeatures marks the features of a development container that the lock beside it holds at a digest. See
// https://containers.dev/implementors/spec/ and the specification of the lock file that it links to.
func lockFeatures(doc *source.Document, found []refs.Ref, files *source.Repository) {
	dir, name := path.Split(doc.File.Path)
	lockName := "devcontainer-lock.json"
	if strings.HasPrefix(name, ".") {
		lockName = "." + lockName
	}
	text := files.Read(path.Join(dir, lockName))
	if text == nil || len(text) > maxLock {
		return
	}
	var lock struct {
		Features map[string]struct {
			Resolved string `json:"resolved"`
		} `json:"features"`
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		return // an unreadable lock holds nothing
	}
	for i := range found {
		feature := &found[i]
		if feature.Context != "feature" || feature.Pin == refs.PinInvalid {
			continue
		}
		// Identifiers are recorded in lower case.
		resolved := refs.ParseImage(lock.Features[strings.ToLower(feature.Raw)].Resolved)
		if resolved.Pin == refs.PinDigest {
			feature.Lock(resolved.Digest)
		}
	}
}
