package terraform

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Bounds on the modules that are looked into for what they ask of a provider.
const (
	maxModules    = 50
	maxModuleFile = 1 << 20 // bytes of one file
)

// calls is what the modules that a folder calls may say of its providers: Terraform takes a version that suits them all. See
// https://developer.hashicorp.com/terraform/language/providers/requirements#version-constraints.
type calls struct {
	constrained map[string]bool // by the provider's source, as hashicorp/aws
	elsewhere   bool            // a module comes from elsewhere, and may say anything
}

// callsOf looks through the local modules that a folder calls.
func callsOf(dir string, files *source.Repository) calls {
	found := calls{constrained: map[string]bool{}}
	if files == nil {
		return found
	}
	todo, seen := []string{dir}, map[string]bool{}
	for len(todo) > 0 && len(seen) < maxModules {
		next := todo[0]
		todo = todo[1:]
		if seen[next] {
			continue
		}
		seen[next] = true
		for _, body := range bodiesIn(next, files) {
			todo = append(todo, found.add(body, next)...)
		}
	}
	found.elsewhere = found.elsewhere || len(todo) > 0
	return found
}

// bodiesIn are the files of a folder that can be read; of the others their own linting tells.
func bodiesIn(dir string, files *source.Repository) []*hclsyntax.Body {
	var found []*hclsyntax.Body
	first, _ := slices.BinarySearch(files.Paths, strings.TrimPrefix(dir+"/", "./"))
	for _, name := range files.Paths[first:] {
		if dir != "." && !strings.HasPrefix(name, dir+"/") {
			break
		}
		if path.Dir(name) != dir || path.Ext(name) != ".tf" {
			continue
		}
		text := files.Read(name)
		if len(text) > maxModuleFile {
			continue
		}
		if parsed, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos); !diags.HasErrors() {
			found = append(found, parsed.Body.(*hclsyntax.Body))
		}
	}
	return found
}

// add notes what a file of a module says, and gives the folders of the modules that it calls.
func (c *calls) add(body *hclsyntax.Body, dir string) []string {
	var local []string
	for _, b := range body.Blocks {
		switch b.Type {
		case "module":
			from := literal(b.Body.Attributes["source"])
			if strings.HasPrefix(from, "./") || strings.HasPrefix(from, "../") {
				local = append(local, path.Join(dir, from))
			} else {
				c.elsewhere = true
			}
		case "terraform":
			for _, required := range b.Body.Blocks {
				if required.Type == "required_providers" {
					c.required(required.Body)
				}
			}
		}
	}
	return local
}

// required notes the providers that have a constraint.
func (c *calls) required(body *hclsyntax.Body) {
	for name, attr := range body.Attributes {
		if literal(attr) != "" { // the short form: aws = "~> 6.0"
			c.constrained[providerSource("", name)] = true
			continue
		}
		object, _ := attr.Expr.(*hclsyntax.ObjectConsExpr)
		if object == nil {
			continue
		}
		said := map[string]string{}
		for _, item := range object.Items {
			key, _ := item.KeyExpr.Value(nil)
			if value, diags := item.ValueExpr.Value(nil); !diags.HasErrors() && isText(key) && isText(value) {
				said[key.AsString()] = value.AsString()
			}
		}
		if said["version"] != "" {
			c.constrained[providerSource(said["source"], name)] = true
		}
	}
}

// providerSource is a provider's address without the public registry, which need not be written, nor its namespace.
func providerSource(from, name string) string {
	if from == "" {
		from = "hashicorp/" + name
	}
	return strings.ToLower(strings.TrimPrefix(from, "registry.terraform.io/"))
}

// literal is the text of an argument; "" for what is no text, or only Terraform knows.
func literal(attr *hclsyntax.Attribute) string {
	if attr == nil {
		return ""
	}
	value, diags := attr.Expr.Value(nil)
	if diags.HasErrors() || !isText(value) {
		return ""
	}
	return value.AsString()
}

func isText(v cty.Value) bool { return v.Type() == cty.String && v.IsKnown() && !v.IsNull() }
