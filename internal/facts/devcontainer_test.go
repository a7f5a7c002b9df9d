package facts_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func TestFeatureLock(t *testing.T) {
	const digest = "sha256:9d6b58feebd2dbd3c56ab5853333d627cc6e281011cfd6050fa4bcf2072c9496"
	doc := read(t, ".devcontainer/devcontainer.json", source.DevContainer, `{"image": "a/b:1", "features": {"ghcr.io/F/go:1": {}, "ghcr.io/f/node:1": {}}}`)
	cases := map[string]struct {
		lock string
		want []refs.Pin
	}{
		"none":      {"", []refs.Pin{refs.PinFloating, refs.PinInvalid, refs.PinFloating}},
		"one":       {`{"features": {"ghcr.io/f/node:1": {"version": "1.6.3", "resolved": "ghcr.io/f/node@` + digest + `"}}}`, []refs.Pin{refs.PinFloating, refs.PinInvalid, refs.PinLocked}},
		"no digest": {`{"features": {"ghcr.io/f/node:1": {"version": "1.6.3", "resolved": "ghcr.io/f/node:1.6.3"}}}`, []refs.Pin{refs.PinFloating, refs.PinInvalid, refs.PinFloating}},
		"an image":  {`{"features": {"a/b:1": {"resolved": "a/b@` + digest + `"}}}`, []refs.Pin{refs.PinFloating, refs.PinInvalid, refs.PinFloating}},
		"broken":    {`{"features": `, []refs.Pin{refs.PinFloating, refs.PinInvalid, refs.PinFloating}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			in := facts.Of(doc, facts.In(&source.Repository{ReadFile: func(path string) []byte {
				if path != ".devcontainer/devcontainer-lock.json" || c.lock == "" {
					return nil
				}
				return []byte(c.lock)
			}}))
			var got []refs.Pin
			for _, r := range in.Refs {
				got = append(got, r.Pin)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("pins (-want +got):\n%s", diff)
			}
		})
	}
}
