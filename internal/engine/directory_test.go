package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func TestDirectories(t *testing.T) {
	file := func(path string, kind source.Kind, size int) *source.File {
		return &source.File{Path: path, Kind: kind, Data: make([]byte, size)}
	}
	groups := Directories([]*source.File{
		file("a/one.yaml", source.Manifest, 1), file("a/sub/two.yaml", source.Manifest, 1), file("a/three.yaml", source.Manifest, 1),
		file("a/Dockerfile", source.Dockerfile, 1), file("big/four.yaml", source.Manifest, maxParsed), file("big/five.yaml", source.Manifest, 1),
	})
	var got [][]string
	for _, group := range groups {
		var paths []string
		for _, f := range group {
			paths = append(paths, f.Path)
		}
		got = append(got, paths)
	}
	want := [][]string{{"a/Dockerfile"}, {"a/one.yaml", "a/three.yaml"}, {"a/sub/two.yaml"}, {"big/four.yaml"}, {"big/five.yaml"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
