package fakeapi

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// blob is a text as Git stores it, with its ID.
func blob(text string) (id, stored, mode string) {
	stored, isLink := strings.CutPrefix(text, "-> ")
	mode = "100644"
	if isLink {
		mode = "120000"
	}
	sum := sha1.Sum(fmt.Appendf(nil, "blob %d\x00%s", len(stored), stored))
	return hex.EncodeToString(sum[:]), stored, mode
}

func (s *Server) getTree(w http.ResponseWriter, r *http.Request, id string, _ []byte) {
	files := s.Files
	if other, there := s.Trees[id]; there {
		files = other
	} else if files == nil || s.Head != "" && s.Head != id {
		refuse(w, http.StatusNotFound, "Not Found")
		return
	}
	entries := []map[string]any{}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if r.URL.Query().Get("recursive") == "" && strings.Contains(path, "/") {
			continue
		}
		id, stored, mode := blob(files[path])
		entries = append(entries, map[string]any{"path": path, "mode": mode, "type": "blob", "sha": id, "size": len(stored)})
	}
	answer(w, http.StatusOK, map[string]any{"sha": id, "tree": entries, "truncated": false})
}

func (s *Server) getBlob(w http.ResponseWriter, r *http.Request, id string, _ []byte) {
	trees := append(slices.Collect(maps.Values(s.Trees)), s.Files)
	for _, files := range trees {
		for _, text := range files {
			if known, stored, _ := blob(text); known == id {
				answer(w, http.StatusOK, map[string]any{
					"sha": id, "node_id": "B_" + id, "size": len(stored), "encoding": "base64",
					"url":     "https://" + r.Host + r.URL.Path,
					"content": base64.StdEncoding.EncodeToString([]byte(stored)),
				})
				return
			}
		}
	}
	refuse(w, http.StatusNotFound, "Not Found")
}
