package render

import (
	"crypto/rand"
	mathrand "math/rand/v2"
	"path"
	"regexp"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"

	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/trace"
)

// tracing tells how the texts of a chart came about.
type tracing struct {
	Record *trace.Record
	Layers []valuesHome            // by the record's numbers of layers, those of the variant first
	Homes  map[string]templateHome // by a template's name in Helm
}

// templateHome is where a template stands.
type templateHome struct {
	Path   string          // in the repository; "" for one out of an archive
	Anchor source.Location // of the dependency that it came with, when findings in it belong there
}

// rendering is a chart rendered twice: by the Helm library, whose bytes are the truth, and by us, who know where they come
// from.
type rendering struct {
	texts map[string]string
	err   error
	trace *trace.Result // nil when there is none
}

// twice renders a chart by the library and with a trace, at the same time where it makes no difference. A chart that makes
// up texts as it renders is rendered one after the other, with the same source of randomness.
func twice(c *chart.Chart, top chartutil.Values) rendering {
	var out rendering
	traced := trace.New(c, top)
	if unstable(c) {
		seed()
		out.texts, out.err = engine.Render(c, top)
		seed()
		out.trace, _ = traced.Render() // Helm tells of what does not parse
		return out
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		out.trace, _ = traced.Render()
	}()
	out.texts, out.err = engine.Render(c, top)
	<-done
	return out
}

// seed makes a chart that makes up names make up the same ones each time.
func seed() { rand.Reader = mathrand.NewChaCha8([32]byte{}) }

// madeUp matches calls of the functions whose results differ from one call to the next.
var madeUp = regexp.MustCompile(`\b(?:rand[A-Z]\w*|gen[A-Z]\w*|uuidv4|shuffle|htpasswd|bcrypt|encryptAES|buildCustomCert|now|ago)\b`)

// unstable reports whether a chart may render to another text each time.
func unstable(c *chart.Chart) bool {
	for _, f := range c.Templates {
		if madeUp.Match(f.Data) {
			return true
		}
	}
	for _, sub := range c.Dependencies() {
		if unstable(sub) {
			return true
		}
	}
	return false
}

// agreed is what a template rendered to, and whether its trace tells the truth about it: it must have written the very
// bytes that the library has. Certificates and times differ all the same between two renderings; then the traced text is
// the one that counts, as long as it has the same lines but for what actions printed in them.
func (r rendering) agreed(name string, unstable bool) (text string, traced bool) {
	text = r.texts[name]
	if r.trace == nil || r.trace.Pieces(name) == nil {
		return text, text == ""
	}
	own := r.trace.Texts[name]
	if own == text {
		return text, true
	}
	if unstable && sameLines(text, own, r.trace.Pieces(name)) {
		return own, true
	}
	return text, false
}

// sameLines reports whether two texts have the same lines but for such in which an action wrote.
func sameLines(text, own string, pieces []trace.Piece) bool {
	lines, others := strings.SplitAfter(text, "\n"), strings.SplitAfter(own, "\n")
	if len(lines) != len(others) {
		return false
	}
	at, next, printed := 0, 0, false
	for i, line := range others {
		end := at + len(line)
		wrote := printed // an action that goes on from the line before
		for ; next < len(pieces) && pieces[next].Start < end; next++ {
			printed = pieces[next].Form == trace.Action || pieces[next].Form == trace.Folded
			wrote = wrote || printed
		}
		if line != lines[i] && !wrote {
			return false
		}
		at = end
	}
	return true
}

// trace puts what was rendered in order, each text with the place it comes from and the pieces that tell the rest.
func (j *chartJob) trace(c *chart.Chart, r rendering, o *origins) {
	homes, made := j.templateHomes(c), unstable(c)
	for _, crd := range c.CRDObjects() {
		j.text(crd.Filename, string(crd.File.Data), j.loader.files[crd.File])
	}
	texts := r.texts
	if r.err != nil && r.trace != nil { // what did not fail is evaluated all the same
		texts = r.trace.Texts
		r.texts = texts
	}
	if r.trace != nil {
		j.reply.Tracing = tracing{Record: r.trace.Record(o), Layers: o.layers, Homes: map[string]templateHome{}}
		for name, at := range homes {
			j.reply.Tracing.Homes[name] = templateHome{Path: at.path, Anchor: at.home.anchor}
		}
	}
	for _, name := range sortedKeys(texts) {
		text, traced := r.agreed(name, made)
		if strings.TrimSpace(text) == "" || path.Base(name) == "NOTES.txt" {
			continue
		}
		j.text(name, text, homes[name])
		if traced {
			j.reply.Texts[len(j.reply.Texts)-1].Pieces = r.trace.Pieces(name)
		} else {
			j.reply.Untraced++
		}
	}
}
