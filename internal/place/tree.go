package place

import (
	"path"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/git"
)

// maxLinks bounds how many links are followed on the way to one file.
const maxLinks = 16

// resolve follows the links of a path within the tree, and gives "" where no file is. GitHub shows nothing at a link.
func (m *mover) resolve(name string) string {
	for range maxLinks {
		link, rest := m.firstLink(name)
		if link == "" {
			if _, there := m.to.Files[name]; !there {
				return ""
			}
			return name
		}
		target, err := m.to.Read(m.ctx, m.to.Files[link])
		if err != nil || path.IsAbs(string(target)) {
			return ""
		}
		name = path.Join(path.Dir(link), string(target), rest)
	}
	return ""
}

// firstLink splits a path after the first part of it that is a link; link is "" when none is.
func (m *mover) firstLink(name string) (link, rest string) {
	for end := 0; end < len(name); {
		next := strings.IndexByte(name[end:], '/')
		if next < 0 {
			next = len(name) - end
		}
		if m.to.Links[name[:end+next]] {
			return name[:end+next], strings.TrimPrefix(name[end+next:], "/")
		}
		end += next + 1
	}
	return "", ""
}

// renamed finds the one file of the tree that has the text under another name; "" where none or several do.
func (m *mover) renamed(text []byte) string {
	if m.byID == nil {
		m.byID = make(map[string]string, len(m.to.Files))
		for name, id := range m.to.Files {
			if _, twice := m.byID[id]; twice {
				m.byID[id] = ""
				continue
			}
			m.byID[id] = name
		}
	}
	for _, id := range git.BlobIDs(text) {
		if name := m.byID[id]; name != "" {
			return name
		}
	}
	return ""
}
