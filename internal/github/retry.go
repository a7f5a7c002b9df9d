package github

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"
)

const (
	// tries is how often one request is sent at most.
	tries = 4
	// tryTime is how long one request may take.
	tryTime = 30 * time.Second
	// firstPause is the wait after the first fault of a server; it doubles with each further one.
	firstPause = time.Second
	// limitPause is the wait that GitHub asks for after a rate limit that names none; it doubles likewise.
	limitPause = 60 * time.Second
)

// outcome is what an error tells about a request.
type outcome int

const (
	final   outcome = iota // GitHub refused it: sending it again changes nothing
	notDone                // rate limited: it was not carried out
	unknown                // a fault or silence on the way: it may have been carried out
)

// settled is an error of our own that sending the request again does not change.
type settled struct{ error }

func outcomeOf(err error) (outcome, time.Duration) {
	var limit *limitError
	var own settled
	var untrusted *tls.CertificateVerificationError
	switch code := status(err); {
	case errors.As(err, &limit):
		return notDone, limit.wait
	case errors.As(err, &own), errors.As(err, &untrusted):
		return final, 0
	case code == http.StatusRequestTimeout, code >= 500:
		return unknown, 0
	case code != 0:
		return final, 0
	}
	return unknown, 0
}

// retry sends a request until GitHub answers it, the tries are used up, or the context ends. send must be safe to
// repeat: where the request is not, it first reads back whether an earlier try was carried out; again tells it that
// there was one whose fate is unknown.
func retry(ctx context.Context, send func(ctx context.Context, again bool) error) error {
	again := false
	for try := 0; ; try++ {
		err := attempt(ctx, again, send)
		if err == nil {
			return nil
		}
		what, wait := outcomeOf(err)
		if what == final || try == tries-1 || ctx.Err() != nil {
			return err
		}
		switch {
		case what == unknown:
			again, wait = true, jittered(firstPause<<try)
		case wait == 0:
			wait = jittered(limitPause << try)
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
			return err // the error at hand says more than the deadline's would after a vain wait
		}
		if !pause(ctx, wait) {
			return err
		}
	}
}

func attempt(ctx context.Context, again bool, send func(context.Context, bool) error) error {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	return send(ctx, again)
}

// jittered adds up to a quarter to a wait, so that the jobs of a matrix that failed together do not return together.
func jittered(wait time.Duration) time.Duration { return wait + rand.N(wait/4) } //nolint:gosec // not a secret

// pause waits and reports whether the context still stands.
func pause(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
