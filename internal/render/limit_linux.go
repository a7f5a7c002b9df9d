package render

import (
	"syscall"
	"time"
)

// limitData has the kernel refuse memory past the limit, for what grows faster than the watchdog looks. The margin is
// for the runtime's own maps and the thread stacks, so that the watchdog, which says why, comes first where it can.
func limitData(memory int64) error {
	const margin = 256 << 20
	limit := uint64(memory) + margin
	return syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: limit, Max: limit})
}

// spent is the processor time that this process has used. Unlike the time on the clock it does not depend on what else
// the machine is doing, so that the same chart comes to the same end.
func spent() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0 // the parent's own limit still holds
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
