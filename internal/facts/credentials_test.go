package facts_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// TestRenderedKeysAreNoCredentials: a chart may make a key of its own whenever it is rendered, but no token of GitHub's.
func TestRenderedKeysAreNoCredentials(t *testing.T) {
	const key = "-----BEGIN PRIVATE KEY-----\\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgk3Nf8sQZ1pVr7HxY\\n" +
		"tB4mJwLq0aDdOeUiRyXcKvS9gG6hRANCAATfP2bE5zWnMjQ8uC3lToIxA7yFsN1k\\nVhRgZqD0mXwYcBtJ4eLpS6iU9oKaGvH3rE8fQnMdTzWyCjXb\\n"
	text := "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {key: \"" + key +
		"\", token: ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17}}"
	kinds := func(origin *source.Origin) []string {
		doc := read(t, "a.yaml", source.Manifest, text)
		doc.Origin = origin
		var out []string
		for _, c := range facts.Of(doc, facts.In(nil)).Facts.Credentials {
			out = append(out, c.Kind)
		}
		return out
	}
	if diff := cmp.Diff([]string{"private key", "GitHub token"}, kinds(nil)); diff != "" {
		t.Errorf("as it stands (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"GitHub token"}, kinds(&source.Origin{Renderer: "helm", Root: "a"})); diff != "" {
		t.Errorf("rendered (-want +got):\n%s", diff)
	}
}
