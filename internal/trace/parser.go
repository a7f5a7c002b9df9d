package trace

import (
	"errors"
	"sync"
	"text/template/parse"

	"github.com/Masterminds/sprig/v3"
)

// Parser parses templates while the chart that they belong to is still being read. What it was not given is parsed when the
// chart is there. A nil Parser parses nothing.
type Parser struct {
	mu    sync.Mutex
	queue [][]byte
	busy  chan struct{} // of the goroutine that parses; closed when it ends, nil while there is none

	trees map[*byte]parsed // by where the text lies; written by that goroutine alone, read when it has ended
}

// parsed is what one source parsed to: its own tree under itself, and those that it defines.
type parsed struct {
	trees map[string]*parse.Tree
	err   error
}

var errParser = errors.New("the parser gave up")

// itself is the name of a source's own tree until the chart tells it.
const itself = "\x00"

// NewParser makes a Parser for one chart.
func NewParser() *Parser { return &Parser{trees: map[*byte]parsed{}} }

// Add gives a file that may be a template. Its bytes must stay what they are, and must be those that the chart gets.
func (p *Parser) Add(text []byte) {
	if p == nil || len(text) == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queue = append(p.queue, text)
	if p.busy == nil {
		p.busy = make(chan struct{})
		go p.work(p.busy)
	}
}

// work parses what is in the queue, and ends when that is empty.
func (p *Parser) work(done chan struct{}) {
	defer close(done)
	for {
		p.mu.Lock()
		if len(p.queue) == 0 {
			p.busy = nil
			p.mu.Unlock()
			return
		}
		text := p.queue[0]
		p.queue = p.queue[1:]
		p.mu.Unlock()
		p.trees[&text[0]] = parseSource(view(text))
	}
}

// wait waits for all that was added. Nothing may be added afterwards.
func (p *Parser) wait() {
	if p == nil {
		return
	}
	p.mu.Lock()
	busy := p.busy
	p.mu.Unlock()
	if busy != nil {
		<-busy
	}
}

// take gives what a text parsed to, under the name of its source. The trees are the caller's to change: of a text that is
// taken twice, for a chart has a dependency under two names, it gives a copy.
func (p *Parser) take(name string, text []byte, taken map[*byte]bool) (map[string]*parse.Tree, error) {
	var source parsed
	known := false
	if p != nil && len(text) > 0 {
		source, known = p.trees[&text[0]]
	}
	if !known {
		source = parseSource(view(text))
	}
	if source.err != nil {
		return nil, source.err
	}
	copied := known && taken[&text[0]]
	out := make(map[string]*parse.Tree, len(source.trees))
	for key, tree := range source.trees {
		if copied {
			tree = tree.Copy()
		}
		if key == itself {
			key, tree.Name = name, name
		}
		tree.ParseName = name
		out[key] = tree
	}
	if known {
		taken[&text[0]] = true
	}
	return out, nil
}

// parseSource parses a source.
func parseSource(text string) (out parsed) {
	defer func() {
		if v := recover(); v != nil {
			out = parsed{err: errParser}
		}
	}()
	trees := map[string]*parse.Tree{}
	_, err := parse.New(itself).Parse(text, "", "", trees, names())
	return parsed{trees, err}
}

// names are the functions that templates may name, beside those of the template language.
var names = sync.OnceValue(func() map[string]any {
	t := newTracer()
	out := map[string]any{}
	for name := range t.funcs(nil) {
		out[name] = true
	}
	for _, name := range language {
		out[name] = true
	}
	return out
})

// language are the functions that the template language has by itself: https://pkg.go.dev/text/template#hdr-Functions.
var language = []string{
	"and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or", "print", "printf", "println",
	"slice", "urlquery",
}

// library are Sprig's functions, made once.
var library = sync.OnceValue(sprig.TxtFuncMap)
