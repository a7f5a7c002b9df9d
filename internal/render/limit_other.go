//go:build !linux

package render

// limitData does nothing: only Linux counts private memory against a limit that Go's reservations do not trip over.
func limitData(int64) error { return nil }
