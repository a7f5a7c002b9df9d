package parse

import (
	"bytes"
	"fmt"
	"math/big"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// maxHCLDepth bounds how deep expressions of Terraform nest: its parser calls itself for each level.
const maxHCLDepth = 1000

// terraform reads a file of the Terraform language. The document's value is nested as its JSON syntax is: the type of a
// block, its labels, then a list of bodies, since blocks of one name may repeat:
//
//	module: {vpc: [{source: terraform-aws-modules/vpc/aws, version: 5.8.1}]}
//
// Literals become plain values. Any other expression is the string "${source text}"; a string that is literal in part
// keeps its own form, such as "git::https://example.org/m?ref=${var.ref}".
func terraform(file *source.File) ([]*source.Document, []*source.SyntaxError) {
	if strings.HasSuffix(file.Path, ".json") {
		return YAML(file, source.Terraform, source.YAML12)
	}
	if err := refusal(file); err != nil {
		return nil, []*source.SyntaxError{err}
	}
	text := source.NewText(file.Data)
	if err := hclTooDeep(file, text); err != nil {
		return nil, []*source.SyntaxError{err}
	}
	body, err := readHCL(file, text)
	if err != nil {
		return nil, []*source.SyntaxError{err}
	}
	b := hclBuilder{data: file.Data}
	value, tree := b.body(body)
	loc := &hclLocator{file: file, text: text, root: tree}
	return []*source.Document{source.NewDocument(file, source.Terraform, value, loc)}, nil
}

// hclTooDeep counts brackets, and operators that nest, before the parser sees them.
func hclTooDeep(file *source.File, text *source.Text) *source.SyntaxError {
	tokens, _ := hclsyntax.LexConfig(file.Data, file.Path, hcl.InitialPos)
	depth, operators := 0, 0
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen,
			hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl, hclsyntax.TokenOQuote:
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen,
			hclsyntax.TokenTemplateSeqEnd, hclsyntax.TokenCQuote:
			depth--
			operators = 0
		case hclsyntax.TokenMinus, hclsyntax.TokenBang, hclsyntax.TokenQuestion, hclsyntax.TokenPlus:
			operators++
		case hclsyntax.TokenNewline, hclsyntax.TokenComma:
			operators = 0
		}
		if depth+operators > maxHCLDepth {
			return &source.SyntaxError{
				Message: fmt.Sprintf("nested more than %d levels deep", maxHCLDepth),
				Span:    text.Span(t.Range.Start.Byte, t.Range.End.Byte),
			}
		}
	}
	return nil
}

// readHCL calls the library; a panic of it is an error like any other.
func readHCL(file *source.File, text *source.Text) (body *hclsyntax.Body, err *source.SyntaxError) {
	defer func() {
		if r := recover(); r != nil {
			err = atStart(file, fmt.Sprintf("the Terraform reader gave up: %v", r))
		}
	}()
	parsed, diags := hclsyntax.ParseConfig(file.Data, file.Path, hcl.InitialPos)
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		err := atStart(file, d.Summary+": "+strings.TrimSuffix(d.Detail, "."))
		if d.Subject != nil {
			err.Span = text.Span(d.Subject.Start.Byte, d.Subject.End.Byte)
		}
		if looksTemplated(file.Data) {
			err.Message += "; " + templateHint
		}
		return nil, err
	}
	return parsed.Body.(*hclsyntax.Body), nil
}

// hclPlace is the place of a value and of those within it.
type hclPlace struct {
	rng    hcl.Range // of a scalar: its text; of a block or map: its name
	fields map[string]*hclPlace
	items  []*hclPlace
}

type hclBuilder struct{ data []byte }

func (b *hclBuilder) body(body *hclsyntax.Body) (map[string]any, *hclPlace) {
	value := map[string]any{}
	place := &hclPlace{rng: body.SrcRange, fields: map[string]*hclPlace{}}
	for name, attr := range body.Attributes {
		value[name], place.fields[name] = b.expr(attr.Expr, attr.NameRange)
	}
	for _, block := range body.Blocks {
		b.block(block, value, place)
	}
	return value, place
}

// block puts a block into its parent, under its type and labels.
func (b *hclBuilder) block(block *hclsyntax.Block, value map[string]any, place *hclPlace) {
	keys := append([]string{block.Type}, block.Labels...)
	for i, key := range keys[:len(keys)-1] {
		next, ok := value[key].(map[string]any)
		if !ok {
			next = map[string]any{}
			value[key] = next
			place.fields[key] = &hclPlace{rng: keyRange(block, i), fields: map[string]*hclPlace{}}
		}
		value, place = next, place.fields[key]
	}
	last := keys[len(keys)-1]
	inner, at := b.body(block.Body)
	at.rng = block.DefRange()
	list, ok := value[last].([]any)
	if !ok {
		place.fields[last] = &hclPlace{rng: keyRange(block, len(keys)-1)}
	}
	value[last] = append(list, inner)
	place.fields[last].items = append(place.fields[last].items, at)
}

func keyRange(block *hclsyntax.Block, i int) hcl.Range {
	if i == 0 {
		return block.TypeRange
	}
	return block.LabelRanges[i-1]
}

// expr gives an expression's value without evaluating anything. The place of a map or list is its key.
func (b *hclBuilder) expr(e hclsyntax.Expression, key hcl.Range) (any, *hclPlace) {
	place := &hclPlace{rng: e.Range()}
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		return literal(e.Val), place
	case *hclsyntax.ParenthesesExpr:
		return b.expr(e.Expression, key)
	case *hclsyntax.TemplateWrapExpr: // "${x}" is x
		return b.expr(e.Wrapped, key)
	case *hclsyntax.TemplateExpr:
		return b.template(e), place
	case *hclsyntax.TupleConsExpr:
		list := make([]any, 0, len(e.Exprs))
		place.rng = key
		for _, item := range e.Exprs {
			v, p := b.expr(item, item.Range())
			list, place.items = append(list, v), append(place.items, p)
		}
		return list, place
	case *hclsyntax.ObjectConsExpr:
		m := make(map[string]any, len(e.Items))
		place.rng, place.fields = key, make(map[string]*hclPlace, len(e.Items))
		for _, item := range e.Items {
			name := b.key(item.KeyExpr)
			m[name], place.fields[name] = b.expr(item.ValueExpr, item.KeyExpr.Range())
		}
		return m, place
	case *hclsyntax.UnaryOpExpr:
		if v, ok := e.Val.(*hclsyntax.LiteralValueExpr); ok && e.Op == hclsyntax.OpNegate && v.Val.Type() == cty.Number {
			return literal(v.Val.Negate()), place
		}
	}
	return "${" + b.source(e.Range()) + "}", place
}

func (b *hclBuilder) key(e hclsyntax.Expression) string {
	if k, ok := e.(*hclsyntax.ObjectConsKeyExpr); ok {
		if word := hcl.ExprAsKeyword(k.Wrapped); word != "" && !k.ForceNonLiteral {
			return word
		}
		e = k.Wrapped
	}
	v, _ := b.expr(e, e.Range())
	return fmt.Sprint(v)
}

// template joins the parts of a quoted or heredoc string; what is interpolated stays as it is written.
func (b *hclBuilder) template(e *hclsyntax.TemplateExpr) string {
	var out strings.Builder
	for _, part := range e.Parts {
		if lit, ok := part.(*hclsyntax.LiteralValueExpr); ok && lit.Val.Type() == cty.String {
			out.WriteString(lit.Val.AsString())
			continue
		}
		out.WriteString("${" + b.source(part.Range()) + "}")
	}
	return out.String()
}

func (b *hclBuilder) source(r hcl.Range) string {
	return string(bytes.TrimSpace(b.data[r.Start.Byte:r.End.Byte]))
}

func literal(v cty.Value) any {
	switch {
	case v.IsNull() || !v.IsKnown():
		return nil
	case v.Type() == cty.String:
		return v.AsString()
	case v.Type() == cty.Bool:
		return v.True()
	case v.Type() == cty.Number:
		if i, acc := v.AsBigFloat().Int64(); acc == big.Exact {
			return int(i)
		}
		f, _ := v.AsBigFloat().Float64()
		return f
	}
	return nil
}

// hclLocator finds the places of a Terraform file's value.
type hclLocator struct {
	file *source.File
	text *source.Text
	root *hclPlace
}

// Locate implements source.Locator.
func (l *hclLocator) Locate(path source.Path, text string) source.Trace {
	place := l.root
	for _, step := range path {
		next := place.child(step)
		if next == nil {
			break
		}
		place = next
	}
	start, end := place.rng.Start.Byte, place.rng.End.Byte
	if place == l.root {
		end = start
	}
	if i := bytes.Index(l.text.Data[start:end], []byte(text)); text != "" && i >= 0 {
		start, end = start+i, start+i+len(text)
	}
	return source.Trace{Location: source.Location{Path: l.file.Path, Span: l.text.Span(start, end)}}
}

func (p *hclPlace) child(step any) *hclPlace {
	switch s := step.(type) {
	case string:
		return p.fields[s]
	case int:
		if s >= 0 && s < len(p.items) {
			return p.items[s]
		}
	}
	return nil
}
