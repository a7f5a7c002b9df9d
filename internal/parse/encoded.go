package parse

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Encoded reads the argument of a call of yamlencode or jsonencode that a path of a Terraform document leads to: values as
// those of the document around it, and their places in the file. It is false for all else.
func Encoded(doc *source.Document, path source.Path) (*source.Document, bool) {
	value, _ := path.Get(doc.Value)
	text, _ := value.(string)
	if doc.Kind != source.Terraform || !strings.HasPrefix(text, "${yamlencode(") && !strings.HasPrefix(text, "${jsonencode(") {
		return nil, false
	}
	span := doc.Locate(path, "").Span
	start := hcl.Pos{Line: span.Start.Line, Column: span.Start.Column, Byte: span.Start.Offset}
	expression, diags := hclsyntax.ParseExpression(doc.File.Data[span.Start.Offset:span.End.Offset], doc.File.Path, start)
	call, isCall := expression.(*hclsyntax.FunctionCallExpr)
	if diags.HasErrors() || !isCall || len(call.Args) != 1 {
		return nil, false
	}
	b := hclBuilder{data: doc.File.Data}
	argument, tree := b.expr(call.Args[0], call.Args[0].Range())
	locator := &hclLocator{file: doc.File, text: source.NewText(doc.File.Data), root: tree}
	return source.NewDocument(doc.File, doc.Kind, argument, locator), true
}
