package render

import "syscall"

// limitData has the kernel refuse memory past the limit, for what grows faster than the watchdog looks. The margin is
// for the runtime's own maps and the thread stacks, so that the watchdog, which says why, comes first where it can.
func limitData(memory int64) error {
	const margin = 256 << 20
	limit := uint64(memory) + margin
	return syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: limit, Max: limit})
}
