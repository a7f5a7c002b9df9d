package parse

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func TestRelaxedJSON(t *testing.T) {
	text := "{\n\t// why: \"this\"\n\textends: ['config:recommended',], /* a\n\t{ */ \"url\": \"https://x//y\", \"on\": true,\n}\n"
	docs, faults := File(&source.File{Path: "renovate.json5", Kind: source.Renovate, Data: []byte(text)})
	if len(docs) != 1 || len(faults) > 0 {
		t.Fatalf("%d documents, %v", len(docs), faults)
	}
	want := map[string]any{"extends": []any{"config:recommended"}, "url": "https://x//y", "on": true}
	if diff := cmp.Diff(want, docs[0].Value); diff != "" {
		t.Error(diff)
	}
	at := docs[0].Locate(source.Path{"extends", 0}, "").Span
	if got := text[at.Start.Offset:at.End.Offset]; got != "'config:recommended'" {
		t.Errorf("the place covers %q", got)
	}
	for _, broken := range []string{"{", "{\"a\": /*", "\"", "/*/ {}", "'\\"} {
		if docs, faults := File(&source.File{Path: "r.json", Kind: source.Renovate, Data: []byte(broken)}); len(docs) > 0 && len(faults) > 0 {
			t.Errorf("%q: a document and a fault", broken)
		}
	}
}

func TestRelaxedJSONEscapes(t *testing.T) {
	text := `{ a: ['it\'s', 'c\\.d', 'e\\', 'f\ng\/', '"'], b: "h\\.'", c: 1 }`
	docs, faults := File(&source.File{Path: "renovate.json5", Kind: source.Renovate, Data: []byte(text)})
	if len(docs) != 1 || len(faults) > 0 {
		t.Fatalf("%d documents, %v", len(docs), faults)
	}
	want := map[string]any{"a": []any{"it's", `c\.d`, `e\`, "f\ng/", `"`}, "b": `h\.'`, "c": 1}
	if diff := cmp.Diff(want, docs[0].Value); diff != "" {
		t.Error(diff)
	}
	at := docs[0].Locate(source.Path{"a", 0}, "").Span
	if got := text[at.Start.Offset:at.End.Offset]; got != `'it\'s'` {
		t.Errorf("the place covers %q", got)
	}
}
