package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
)

// Word is one word of a command.
type Word struct {
	Text  string             // quotes removed; a variable stands as $NAME, an expression as its placeholder
	Exprs []*expression.Node // the ${{ }} that stand in it, and those that its variables were set from

	// Values is what the word can be, as far as the script and env tell: quotes removed, expressions as written, variables
	// replaced by what they were set to. A variable that is not known stands as $NAME. Never empty.
	Values   []string
	Commands []Command // those in its $(…), `…` and <(…), in order
	Written  string    // as written, quotes and all
	Offset   int       // of Written in the script, in bytes
}

// Value is the one text that the word can be; where there are several, Text.
func (w Word) Value() string {
	if len(w.Values) == 1 {
		return w.Values[0]
	}
	return w.Text
}

// word reads a word; nil, as an empty here-document is, reads as nothing.
func (r *reader) word(w *syntax.Word) Word {
	if w == nil {
		return Word{Values: []string{""}}
	}
	start, end := r.original(w.Pos().Offset()), r.original(w.End().Offset())
	out := Word{Offset: start, Written: r.script[start:max(start, end)], Values: []string{""}}
	first, pipe := len(r.found), r.pipe
	r.pipe = noPipe
	var b strings.Builder
	r.parts(&b, &out, w.Parts)
	r.pipe = pipe
	if n := len(r.found); n > first {
		out.Commands = r.found[first:n:n]
	}
	out.Text = b.String()
	for i := range r.exprs {
		name := maskOf(i)
		if !strings.Contains(out.Text, name) {
			continue
		}
		out.Exprs = append(out.Exprs, r.exprs[i].Root)
		if r.exprs[i].Root.IsContext("github.workspace") {
			out.Text = strings.ReplaceAll(out.Text, name, "$GITHUB_WORKSPACE")
		}
	}
	for i, value := range out.Values {
		out.Values[i] = Unmask(value, r.exprs)
	}
	return out
}

// quietly reads a word without the commands in it, which are read elsewhere.
func (r *reader) quietly(w *syntax.Word) Word {
	before := r.quiet
	r.quiet = true
	defer func() { r.quiet = before }()
	return r.word(w)
}

func (r *reader) parts(b *strings.Builder, out *Word, parts []syntax.WordPart) {
	for _, part := range parts {
		switch p := part.(type) {
		case *syntax.Lit:
			b.WriteString(p.Value)
			out.extend(strings.ReplaceAll(p.Value, "\\\n", ""))
		case *syntax.SglQuoted:
			b.WriteString(p.Value)
			out.extend(p.Value)
		case *syntax.DblQuoted:
			r.parts(b, out, p.Parts)
		case *syntax.ParamExp:
			b.WriteString("$")
			if p.Param != nil {
				b.WriteString(p.Param.Value)
			}
			if p.Param != nil && yieldsValue(p) {
				for _, e := range expression.Find(r.env(p.Param.Value)) {
					out.Exprs = append(out.Exprs, e.Root)
				}
			}
			out.extend(r.expand(p)...)
			r.inside(p)
		default:
			b.WriteString("$()") // known only when it runs
			out.extend("$()")
			r.inside(p)
		}
	}
}

// yieldsValue reports whether an expansion holds any of the variable's text: ${#x} is its length, ${x:+y} another text.
func yieldsValue(p *syntax.ParamExp) bool {
	alternate := p.Exp != nil && (p.Exp.Op == syntax.AlternateUnset || p.Exp.Op == syntax.AlternateUnsetOrNull)
	return !p.Length && !alternate
}

// inside reads the commands that stand in a part of a word.
func (r *reader) inside(part syntax.WordPart) {
	if r.quiet {
		return
	}
	if exp, is := part.(*syntax.ParamExp); is && exp.Exp == nil && exp.Index == nil && exp.Repl == nil && exp.Slice == nil {
		return
	}
	if sub, is := part.(*syntax.ProcSubst); is {
		around := r.around
		around.output = OutputPipe
		r.with(around, func() { r.scoped(sub.Stmts) })
		return
	}
	r.read(part)
}

// expand is what a variable can be: what the script set it to, or else its surroundings, or else its default.
func (r *reader) expand(p *syntax.ParamExp) []string {
	if p.Param == nil {
		return []string{"$"}
	}
	name := p.Param.Value
	own, set := r.vars[name]
	plain := p.Exp == nil && p.Index == nil && p.Repl == nil && p.Slice == nil && !p.Length && !p.Excl
	fallback := p.Exp != nil && (p.Exp.Op == syntax.DefaultUnsetOrNull || p.Exp.Op == syntax.DefaultUnset)
	switch {
	case !plain && !fallback:
		return []string{"${" + name + "…}"}
	case len(own) > 0:
		return own
	case !set && r.env(name) != "":
		return []string{r.env(name)}
	case !set && fallback && p.Exp.Word != nil:
		return r.quietly(p.Exp.Word).Values
	}
	return []string{"$" + name}
}

// Bounds of what a word can be.
const (
	maxValues = 16
	maxValue  = 2000 // bytes of one
)

// extend puts each of the parts behind each of the values so far.
func (w *Word) extend(parts ...string) {
	parts = bounded(parts)
	values := make([]string, 0, len(w.Values)*len(parts))
	for _, value := range w.Values {
		for _, part := range parts {
			joined := value + part
			values = append(values, joined[:min(len(joined), maxValue)])
		}
	}
	w.Values = bounded(values)
}

// bounded drops what is there twice, and what is too much.
func bounded(values []string) []string {
	var out []string
	for _, v := range values {
		if len(out) < maxValues && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// set gives a variable its values; in a condition they come beside those that it has.
func (r *reader) set(name string, values []string) {
	if known := r.vars[name]; r.maybe > 0 {
		values = bounded(append(slices.Clone(known), values...))
	}
	r.vars[name] = values
}
