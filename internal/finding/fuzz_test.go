package finding

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// FuzzDecode holds that a stranger's report is refused or is one that, written anew, reads the same.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"version": 1}`))
	f.Add([]byte(`{"version": 1, "tool": {}, "verdict": "pass", "findings": [{}], "rules": null}`))
	for seed := range uint64(4) {
		var b bytes.Buffer
		if err := (maker{rand.New(rand.NewPCG(seed, 1))}).report().Encode(&b); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		var first, second bytes.Buffer
		if err := r.Encode(&first); err != nil {
			t.Fatal(err)
		}
		again, err := Decode(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatalf("what was read cannot be read again: %v\n%s", err, first.Bytes())
		}
		if err := again.Encode(&second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatalf("%v: %s is not %s", err, second.Bytes(), first.Bytes())
		}
	})
}
