package token

import "testing"

func TestLoads(t *testing.T) {
	if _, err := load(); err != nil {
		t.Fatal(err)
	}
}
