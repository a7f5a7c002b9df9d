package workflow

import (
	"cmp"
	"slices"
)

// savesCaches reports whether a job that an outsider started can write to the caches of the default branch. Since June
// 2026 GitHub lets such runs only read them; cache-mode, since September 2026, says otherwise. A called workflow gets no
// more than its caller, so only what the caller says counts.
func (w *Workflow) savesCaches(job *Job) bool {
	return slices.Contains([]string{"write", "write-only"}, cmp.Or(job.CacheMode, w.CacheMode))
}

// restoresCaches reports whether a job can read any cache.
func (w *Workflow) restoresCaches(job *Job) bool {
	return !slices.Contains([]string{"none", "write-only"}, cmp.Or(job.CacheMode, w.CacheMode))
}
