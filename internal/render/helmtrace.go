package render

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"path"
	"slices"
	"strings"
	"unicode"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"

	"github.com/plimsoll-dev/plimsoll/internal/deploy"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/trace"
)

// tracing tells how the texts of a chart came about.
type tracing struct {
	Record *trace.Record
	Layers []valuesHome            // by the record's numbers of layers, those of the variant first
	Homes  map[string]templateHome // by a template's name in Helm
	places *deploy.Reader          // what the runs of a unit have in common; nil for one that has nothing
}

// templateHome is where a template stands.
type templateHome struct {
	Path   string          // in the repository; "" for one out of an archive
	Anchor source.Location // of the dependency that it came with, when findings in it belong there
}

// inRepository reports whether a layer is a file that findings may stand in.
func (t *tracing) inRepository(layer int) bool {
	return layer >= 0 && t.Layers[layer].own()
}

// layerName tells the layers of all sets of values of a chart apart.
func (j *chartJob) layerName(n int) string {
	switch layers := j.ask.Variant.Layers; {
	case n < 0:
		return ""
	case n < len(layers):
		return fmt.Sprint(layers[n].File, layers[n].Doc, layers[n].At)
	default:
		return j.reply.Tracing.Layers[n].File
	}
}

// rendering is a chart rendered twice: by the Helm library, whose bytes are the truth, and by us, who know where they come
// from.
type rendering struct {
	texts map[string]string
	err   error
	trace *trace.Result // nil when there is none
	// madeUp says that the chart may render to another text each time.
	madeUp bool
}

// twice renders a chart by the library and with a trace, at the same time where it makes no difference. A chart that makes
// up texts as it renders is rendered one after the other, with the same source of randomness; so is one that takes care.
func twice(c *chart.Chart, traced *trace.Rendering, top chartutil.Values, careful bool) rendering {
	out := rendering{madeUp: unstable(c) || unstableValue(top["Values"])}
	traced.With(top)
	if out.madeUp || careful {
		seed()
		out.trace, _ = traced.Render() // Helm tells of what does not parse
		seed()
		out.texts, out.err = engine.Render(c, top)
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

// makingUp are the functions whose results differ from one call to the next.
var makingUp = []string{
	"randAlphaNum", "randAlpha", "randAscii", "randNumeric", "randBytes", "randInt", "genPrivateKey", "genCA", "genCAWithKey",
	"genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey", "buildCustomCert", "uuidv4",
	"shuffle", "htpasswd", "bcrypt", "encryptAES", "now", "ago",
}

// unstable reports whether a chart may render to another text each time: whether an action holds the name of one of those
// functions, in a template or in a file that tpl may render.
func unstable(c *chart.Chart) bool {
	for _, files := range [][]*chart.File{c.Templates, c.Files} {
		if slices.ContainsFunc(files, func(f *chart.File) bool { return unstableText(f.Data) }) {
			return true
		}
	}
	return slices.ContainsFunc(c.Dependencies(), unstable)
}

// unstableValue reports the same of values.
func unstableValue(value any) bool {
	switch v := value.(type) {
	case chartutil.Values:
		return unstableValue(map[string]any(v))
	case map[string]any:
		for _, inner := range v {
			if unstableValue(inner) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, unstableValue)
	case string:
		return unstableText([]byte(v))
	}
	return false
}

func unstableText(text []byte) bool {
	for {
		_, action, found := bytes.Cut(text, []byte("{{"))
		if !found {
			return false
		}
		action, text, _ = bytes.Cut(action, []byte("}}"))
		for word := range bytes.FieldsFuncSeq(action, notInName) {
			if slices.Contains(makingUp, string(word)) {
				return true
			}
		}
	}
}

func notInName(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// agreed is what a template rendered to, and whether its trace tells the truth about it: it must have written the very
// bytes that the library has. Certificates and times differ all the same between two renderings; then the traced text is
// the one that counts, as long as it has the same lines but for what actions printed in them.
func (r rendering) agreed(name string) (text string, traced bool) {
	text = r.texts[name]
	if r.trace == nil || r.trace.Pieces(name) == nil {
		return text, text == ""
	}
	own := r.trace.Texts[name]
	if own == text {
		return text, true
	}
	if r.madeUp && sameLines(text, own, r.trace.Pieces(name)) {
		return own, true
	}
	return text, false
}

// sameLines reports whether two texts have the same lines but for such in which an action wrote.
func sameLines(text, own string, pieces trace.Pieces) bool {
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

// size is how many bytes texts have together.
func size(texts map[string]string) int {
	total := 0
	for _, text := range texts {
		total += len(text)
	}
	return total
}

// trace puts what was rendered in order, each text with the place it comes from and the pieces that tell the rest.
func (j *chartJob) trace(c *chart.Chart, r rendering, o *origins) {
	for _, crd := range c.CRDObjects() {
		j.text(crd.Filename, string(crd.File.Data), j.loader.files[crd.File])
	}
	texts := r.texts
	if r.err != nil && r.trace != nil && size(r.trace.Texts) <= maxOutput { // what did not fail is evaluated all the same
		texts = r.trace.Texts
		r.texts = texts
	}
	if r.trace != nil {
		j.reply.Tracing = tracing{Record: r.trace.Record(o), Layers: o.layers, Homes: map[string]templateHome{}}
		for name, at := range j.homes {
			j.reply.Tracing.Homes[name] = templateHome{Path: at.path, Anchor: at.home.anchor}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		text, traced := r.agreed(name)
		if strings.TrimSpace(text) == "" || path.Base(name) == "NOTES.txt" {
			continue
		}
		j.text(name, text, j.homes[name])
		if traced {
			t := &j.reply.Texts[len(j.reply.Texts)-1]
			t.Pieces = r.trace.Pieces(name)
			t.Cause = j.reply.Tracing.Record.Digest(t.Pieces, j.layerName)
		} else {
			j.reply.Untraced++
		}
	}
}
