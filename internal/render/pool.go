package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"
)

// pool keeps up to a number of children and gives each request to an idle one, or to a new one.
type pool struct {
	options Options
	slots   chan struct{} // one token for each child that may be at work

	mu     sync.Mutex
	idle   []*child
	busy   map[*child]bool
	closed bool
}

var errClosed = errors.New("the renderer is closed")

func newPool(options Options) *pool {
	return &pool{options: options, slots: make(chan struct{}, options.Workers), busy: map[*child]bool{}}
}

// do has one request answered. Its error says, as an end of "was not rendered: …", why there is no answer.
func (p *pool) do(ctx context.Context, ask request) (reply, error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return reply{}, context.Cause(ctx)
	}
	c, err := p.take()
	if err != nil {
		return reply{}, err
	}
	answer, err := c.ask(ctx, ask, p.options)
	p.give(c, err == nil && !answer.Retire)
	return answer, err
}

func (p *pool) take() (*child, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed
	}
	var c *child
	if n := len(p.idle); n > 0 {
		c, p.idle = p.idle[n-1], p.idle[:n-1]
	} else {
		var err error
		if c, err = start(p.options); err != nil {
			return nil, err
		}
	}
	p.busy[c] = true
	return c, nil
}

// give takes a child back: fit for another request, or to be ended.
func (p *pool) give(c *child, fit bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.busy, c)
	if fit && !p.closed {
		p.idle = append(p.idle, c)
		return
	}
	c.end()
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, c := range p.idle {
		c.end()
	}
	for c := range p.busy { // who waits for it sees it die, and gives it back
		_ = c.cmd.Process.Kill() // an error means that it has ended already
	}
	p.idle = nil
}

// child is one process that renders.
type child struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout io.ReadCloser
	out    *sender   // of requests
	in     *receiver // of replies
	stderr *head
	waited chan struct{} // closed when the process is gone
}

func start(options Options) (*child, error) {
	//nolint:noctx // a child outlives the request that starts it: ask and close end it
	cmd := exec.Command(options.Command[0], options.Command[1:]...)
	cmd.Env = []string{} // not nil, which would hand on our own
	cmd.Dir = options.Root
	c := &child{cmd: cmd, stderr: new(head), waited: make(chan struct{})}
	cmd.Stderr = c.stderr
	var err error
	if c.stdin, err = cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start of a renderer: %w", err)
	}
	if c.stdout, err = cmd.StdoutPipe(); err != nil {
		return nil, fmt.Errorf("start of a renderer: %w", err)
	}
	c.out, c.in = newSender(c.stdin), newReceiver(c.stdout)
	if err = cmd.Start(); err != nil {
		return nil, fmt.Errorf("start of a renderer: %w", err)
	}
	if err = c.out.send(hello{
		Root: options.Root, Memory: options.Memory, Timeout: options.Timeout, KubeVersion: options.KubeVersion,
		Watched: options.Watched,
	}); err != nil {
		c.end()
		return nil, c.death(err, options)
	}
	return c, nil
}

// patience is how many times its time limit a child may take on the clock: it counts its own processor time, and is
// killed from outside only when it does not get that time, or is past counting.
const patience = 6

// ask sends a request and waits for its answer, the time limit or ctx. After an error the child is gone.
func (c *child) ask(ctx context.Context, ask request, options Options) (reply, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience*options.Timeout, errTime{options.Timeout})
	defer cancel()
	type result struct {
		reply reply
		err   error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		if r.err = c.out.send(ask); r.err == nil {
			r.err = c.in.receive(&r.reply)
		}
		done <- r
	}()
	select {
	case r := <-done:
		if r.err != nil {
			c.end()
			return reply{}, c.death(r.err, options)
		}
		return r.reply, nil
	case <-ctx.Done():
		c.end() // which ends the goroutine above
		_, template := c.stderr.last()
		return reply{}, &death{cause: context.Cause(ctx), template: template}
	}
}

// end kills the process and waits until it is gone. It may be called more than once.
func (c *child) end() {
	select {
	case <-c.waited:
		return
	default:
	}
	_ = c.cmd.Process.Kill() // an error means that it has ended already
	_ = c.cmd.Wait()         // its exit code is read by death
	close(c.waited)
}

// errTime is the time limit.
type errTime struct{ limit time.Duration }

func (e errTime) Error() string {
	return fmt.Sprintf("it took longer than the time limit of %s", e.limit)
}

// death is why a child is gone without an answer. Its text is an end of "was not rendered: …".
type death struct {
	cause    error
	template string // the template that it was rendering; "" when that is not known
}

func (d *death) Error() string { return d.cause.Error() }

func (d *death) Unwrap() error { return d.cause }

// during names the template in a message.
func (d *death) during() string {
	if d.template == "" {
		return ""
	}
	return ", rendering " + d.template
}

// death says which limit ended a child that is gone, or how it died.
func (c *child) death(cause error, options Options) *death {
	said, template := c.stderr.last()
	return &death{cause: c.exit(said, cause, options), template: template}
}

// noMemory is what a runtime says when the kernel refuses it memory, for a thread's stack too.
var noMemory = regexp.MustCompile(`out of memory|cannot allocate memory|pthread_create failed|failed to create new OS thread`)

// exit reads a child's exit code and last words.
func (c *child) exit(said string, cause error, options Options) error {
	switch {
	case strings.Contains(said, "stack exceeds") || strings.Contains(said, "stack overflow"):
		return fmt.Errorf("it recursed past the stack limit of %d MiB; look for a template that calls itself through tpl or include", maxStack>>20)
	case c.cmd.ProcessState.ExitCode() == exitMemory, noMemory.MatchString(said):
		return fmt.Errorf("it took more than the memory limit of %d MiB", options.Memory>>20)
	case c.cmd.ProcessState.ExitCode() == exitTime:
		return errTime{options.Timeout}
	}
	first, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
	if first == "" {
		first = cause.Error()
	}
	return fmt.Errorf("the renderer crashed (%s): %s", c.cmd.ProcessState, first)
}

// head keeps the beginning of what a child writes about its last request: a note of ours, then a runtime's last words,
// and its stacks after.
type head struct {
	mu         sync.Mutex
	noting     bool // within a note
	note, said bytes.Buffer
}

const (
	maxHead  = 4 << 10
	noteMark = '\x00' // begins and ends a note, the name of the template that is being rendered; "" for none known
)

func (h *head) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, b := range p {
		into := &h.said
		if h.noting {
			into = &h.note
		}
		switch {
		case b == noteMark:
			if h.noting = !h.noting; h.noting {
				h.note.Reset()
				h.said.Reset()
			}
		case into.Len() < maxHead:
			into.WriteByte(b)
		}
	}
	return len(p), nil
}

// last is what the child said after its last note, and that note.
func (h *head) last() (said, note string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.said.String(), h.note.String()
}
