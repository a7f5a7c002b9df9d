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

// compare tells at which commit two parted: what Parted has for "base...head".
func (s *Server) compare(w http.ResponseWriter, r *http.Request, between string, _ []byte) {
	parted, known := s.Parted[between]
	if !known {
		refuse(w, http.StatusNotFound, "Not Found")
		return
	}
	base, _, _ := strings.Cut(between, "...")
	row := map[string]any{"base_commit": commitRow(base), "merge_base_commit": commitRow(parted), "status": "diverged", "commits": []any{}}
	fill(row, "https://"+r.Host+r.URL.Path, "url", "html_url", "permalink_url", "diff_url", "patch_url")
	fill(row, 1, "ahead_by", "behind_by", "total_commits")
	answer(w, http.StatusOK, row)
}

func commitRow(sha string) map[string]any {
	at := "https://api.github.com/commits/" + sha
	commit := map[string]any{"author": nil, "committer": nil, "comment_count": 0, "message": "m", "url": at, "tree": map[string]any{"sha": sha, "url": at}}
	row := map[string]any{"sha": sha, "node_id": "C_" + sha, "commit": commit, "author": nil, "committer": nil, "parents": []any{}}
	fill(row, at, "url", "html_url", "comments_url")
	return row
}
