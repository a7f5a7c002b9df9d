package parse_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

const terraform = `locals {
  a = { "b-c" = 1, (var.k) = [true, null, -2.5] }
}
module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.8.1"
  cidr    = cidrsubnet(var.cidr, 8, 1)
}
module "git" {
  source = "git::https://example.org/m.git?ref=${var.ref}"
  note   = <<-EOT
    text
  EOT
}
resource "a" "b" {
  rule { port = 80 }
  rule { port = 443 }
}
`

func TestTerraformValue(t *testing.T) {
	values, errs := outcome(parse.File(file(source.Terraform, "main.tf", terraform)))
	if errs != nil {
		t.Fatal(errs)
	}
	list := func(items ...any) []any { return items }
	want := map[string]any{
		"locals": list(map[string]any{"a": map[string]any{"b-c": 1, "${var.k}": list(true, nil, -2.5)}}),
		"module": map[string]any{
			"vpc": list(map[string]any{
				"source": "terraform-aws-modules/vpc/aws", "version": "5.8.1", "cidr": "${cidrsubnet(var.cidr, 8, 1)}",
			}),
			"git": list(map[string]any{"source": "git::https://example.org/m.git?ref=${var.ref}", "note": "text\n"}),
		},
		"resource": map[string]any{"a": map[string]any{"b": list(map[string]any{
			"rule": list(map[string]any{"port": 80}, map[string]any{"port": 443}),
		})}},
	}
	if diff := cmp.Diff(list(want), values); diff != "" {
		t.Errorf("value (-want +got):\n%s", diff)
	}
}

func TestTerraformSpans(t *testing.T) {
	docs, _ := parse.File(file(source.Terraform, "main.tf", terraform))
	tests := []struct {
		path           source.Path
		part, want, at string
	}{
		{source.Path{"module", "vpc", 0, "version"}, "", `"5.8.1"`, "6:13"},
		{source.Path{"module", "git", 0, "source"}, "${var.ref}", "${var.ref}", "10:48"},
		{source.Path{"module", "vpc", 0}, "", `module "vpc"`, "4:1"},
		{source.Path{"resource", "a", "b", 0, "rule", 1, "port"}, "", "443", "17:17"},
		{source.Path{"locals", 0, "a"}, "", "a", "2:3"},
		{source.Path{"locals", 0, "a", "b-c"}, "", "1", "2:17"},
		{source.Path{"locals", 0, "a", "${var.k}", 2}, "", "-2.5", "2:43"},
		{source.Path{"module", "vpc", 0, "no", "such"}, "", `module "vpc"`, "4:1"},
	}
	for _, test := range tests {
		t.Run(test.path.String(), func(t *testing.T) {
			if got := covered(docs[0], test.path, test.part); got != test.want {
				t.Errorf("the span covers %q, want %q", got, test.want)
			}
			start := docs[0].Locate(test.path, test.part).Span.Start
			if at := fmt.Sprintf("%d:%d", start.Line, start.Column); at != test.at {
				t.Errorf("it begins at %s, want %s", at, test.at)
			}
		})
	}
}

func TestTerraformErrors(t *testing.T) {
	_, errs := outcome(parse.File(file(source.Terraform, "main.tf", "a = 1\nb = = 2\n")))
	want := []string{"line 2: Invalid expression: Expected the start of an expression, but found an invalid expression token"}
	if diff := cmp.Diff(want, errs); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestTerraformJSON(t *testing.T) {
	docs, errs := parse.File(file(source.Terraform, "main.tf.json", "{\"module\": {\"a\": {\n  \"source\": \"./m\"}}}"))
	if errs != nil {
		t.Fatal(errs)
	}
	if got := covered(docs[0], source.Path{"module", "a", "source"}, ""); got != `"./m"` {
		t.Errorf("the span covers %q", got)
	}
}
