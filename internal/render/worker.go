package render

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"

	"helm.sh/helm/v3/pkg/chart/loader"
)

// WorkerArgument is the hidden command that makes this binary a child: `plimsoll render-worker`.
const WorkerArgument = "render-worker"

const (
	maxStack   = 32 << 20 // bytes; past it the Go runtime ends the process, and nothing can recover it
	exitMemory = 86       // the child's exit code when its watchdog ends it for its memory
	exitTime   = 87       // the same for its time
	watchEvery = 10 * time.Millisecond
)

// Worker is the main loop of a child process: it answers the requests that come in until there are no more. It changes
// the process that it runs in for good – limits, standard streams, network – so it must be all that the process does.
func Worker(stdin io.Reader, stdout io.Writer) error {
	in, out := newReceiver(bufio.NewReader(stdin)), newSender(stdout)
	var first hello
	if err := in.receive(&first); err != nil {
		return fmt.Errorf("render worker: %w", err)
	}
	// Notes go where a runtime's last words go too: the stream must not be collected.
	job := &job{notes: os.Stderr}
	if err := confine(first, job); err != nil {
		return fmt.Errorf("render worker: %w", err)
	}
	ballast := make([]byte, first.Memory/ballastPart)
	defer runtime.KeepAlive(ballast)
	tree, err := openTree(first.Root)
	if err != nil {
		return fmt.Errorf("render worker: %w", err)
	}
	tree.watched = first.Watched
	w := worker{tree: tree, kubeVersion: first.KubeVersion, job: job, shelf: newShelf()}
	for {
		var ask request
		if err := in.receive(&ask); errors.Is(err, io.EOF) {
			return tree.close()
		} else if err != nil {
			return fmt.Errorf("render worker: %w", err)
		}
		began := spent()
		job.begin(began)
		tree.touched = false
		answer := w.answer(ask)
		answer.Touched = tree.touched
		job.began.Store(0)
		answer.Spent = spent() - began
		if err := out.send(answer); err != nil {
			return fmt.Errorf("render worker: %w", err)
		}
		if answer.Retire {
			return tree.close()
		}
		if held() > uint64(first.Memory)/4 {
			debug.FreeOSMemory() // the next unit gets the whole of the limit
		}
	}
}

// ballastPart is the part of the memory that is allocated and never touched, so that it costs none: the collector, which
// lets the heap grow by a factor, begins later for it. Most charts are rendered before it would begin.
const ballastPart = 32

// worker renders one request at a time.
type worker struct {
	tree        *tree
	kubeVersion string
	job         *job
	shelf       *shelf // what kustomizations have in common
	careful     bool   // see request
}

// job is what the watchdog knows of the request under way.
type job struct {
	notes    io.Writer    // to the parent, for when there will be no answer
	began    atomic.Int64 // when, as spent tells time, and 1; 0 when there is no request
	template atomic.Pointer[string]

	mu   sync.Mutex
	told string // what the parent knows of template
}

func (j *job) begin(now time.Duration) {
	none := ""
	j.template.Store(&none)
	j.tell()
	j.began.Store(int64(now) + 1)
}

// tell tells the parent which template is being rendered, when it does not know: that outlives this process.
func (j *job) tell() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if at := j.template.Load(); at != nil && *at != j.told {
		j.told = *at
		fmt.Fprintf(j.notes, "%c%s%c", noteMark, *at, noteMark)
	}
}

// note notes which template is being rendered.
func (w worker) note(template string) {
	w.job.template.Store(&template)
	if w.careful {
		w.job.tell()
	}
}

func (w worker) answer(ask request) reply {
	seed()
	w.careful = ask.Careful
	if ask.Renderer == Kustomize {
		return w.kustomize(ask)
	}
	return w.helm(ask)
}

// confine takes away what rendering has no business with. The libraries reach for these through globals, so there is
// no other way than to change them, in a process of their own.
func confine(limits hello, job *job) error {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	os.Stdout, os.Stderr = null, null // the libraries' warnings; a runtime's last words still reach descriptor 2
	log.SetOutput(io.Discard)
	http.DefaultTransport = noNetwork{}
	http.DefaultClient = &http.Client{Transport: noNetwork{}}
	loader.MaxDecompressedChartSize = maxChart
	loader.MaxDecompressedFileSize = maxFile
	debug.SetTraceback("none")
	debug.SetGCPercent(300) // a child lives shortly: half of the time of a large kustomization went to the collector
	debug.SetMaxStack(maxStack)
	debug.SetMemoryLimit(limits.Memory / 4 * 3)
	if err := limitData(limits.Memory); err != nil {
		return err
	}
	go watch(limits, job, os.Getppid())
	return nil
}

type noNetwork struct{}

var errNoNetwork = errors.New("lint does not use the network")

// RoundTrip implements http.RoundTripper.
func (noNetwork) RoundTrip(*http.Request) (*http.Response, error) { return nil, errNoNetwork }

// watch ends the process when it takes more memory or time than it may, or when nobody waits for it any more.
func watch(limits hello, job *job, parent int) {
	for range time.Tick(watchEvery) {
		job.tell()
		began := job.began.Load()
		switch {
		case held() > uint64(limits.Memory):
			os.Exit(exitMemory)
		case began > 0 && int64(spent())-began > int64(limits.Timeout):
			os.Exit(exitTime)
		case os.Getppid() != parent:
			os.Exit(1)
		}
	}
}

// held is the memory that the runtime has from the operating system, in bytes.
func held() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64() - sample[1].Value.Uint64()
}
