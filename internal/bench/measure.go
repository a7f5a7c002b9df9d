package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// sample is what one run of a program took. Added up, the times are sums and the peak is the highest.
type sample struct {
	wall, cpu time.Duration // cpu is user and system time, of child processes too
	peak      int64         // resident memory of its largest process, in bytes
}

func (s sample) add(o sample) sample {
	return sample{wall: s.wall + o.wall, cpu: s.cpu + o.cpu, peak: max(s.peak, o.peak)}
}

// measure runs a program in dir to its end. Exit code 1 is a linter's way to say that it found something; any other but
// 0 is an error, for a run that gave up early would look fast.
func measure(ctx context.Context, dir, program string, args ...string) (sample, error) {
	s, code, err := timed(ctx, dir, program, args...)
	if err == nil && code > 1 {
		err = fmt.Errorf("%s in %s: exit code %d", program, dir, code)
	}
	return s, err
}

// steady measures a program several times and gives the median, so that one hiccup of the machine decides nothing; what
// takes long is measured once.
func steady(ctx context.Context, dir, program string, args ...string) (sample, error) {
	const runs, long = 3, 5 * time.Second
	var samples []sample
	for range runs {
		s, err := measure(ctx, dir, program, args...)
		if err != nil {
			return s, err
		}
		samples = append(samples, s)
		if s.wall > long {
			return s, nil
		}
	}
	return median(samples), nil
}

// timed runs a program whose exit code is the caller's to judge.
func timed(ctx context.Context, dir, program string, args ...string) (sample, int, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	start := time.Now()
	err := cmd.Run()
	s := sample{wall: time.Since(start)}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return s, 0, err
	}
	s.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.peak = usage.Maxrss * maxrssUnit
	}
	return s, cmd.ProcessState.ExitCode(), ctx.Err()
}

// median is the middle one of an odd number of samples, or the upper of the two in the middle, by wall time.
func median(samples []sample) sample {
	sorted := slices.Clone(samples)
	slices.SortFunc(sorted, func(a, b sample) int { return int(a.wall - b.wall) })
	return sorted[len(sorted)/2]
}
