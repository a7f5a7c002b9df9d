package policy

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// libraries are the packages below data.lib.<name> that rules have in common, by name.
type libraries map[string][]*ast.Module

func librariesOf(modules map[string]*ast.Module) libraries {
	found := libraries{}
	for _, m := range modules {
		if name := libraryName(m.Package.Path); name != "" {
			found[name] = append(found[name], m)
		}
	}
	return found
}

// libraryName is the library that a reference leads into; "" where it leads elsewhere.
func libraryName(ref ast.Ref) string {
	if len(ref) < 3 || !ref.HasPrefix(ast.DefaultRootRef) || !ref[1].Equal(ast.StringTerm("lib")) {
		return ""
	}
	name, _ := ref[2].Value.(ast.String)
	return string(name)
}

// readDocument reports whether a module can look at input.doc: by that name, by input as a whole, or by way of anything
// in data but rules and libraries that do not. Seen are the libraries that were looked into already.
func (libs libraries) readDocument(m *ast.Module, seen map[string]bool) bool {
	found := false
	ast.WalkRefs(m, func(ref ast.Ref) bool {
		name := libraryName(ref)
		switch {
		case found, seen[name]:
		case libs[name] != nil:
			seen[name] = true
			found = slices.ContainsFunc(libs[name], func(lib *ast.Module) bool { return libs.readDocument(lib, seen) })
		case ref.HasPrefix(ast.DefaultRootRef) && len(ref) > 1 && !ref[1].Equal(ast.StringTerm("rules")):
			found = true
		case ref.HasPrefix(ast.InputRootRef):
			found = len(ref) == 1 || !isConstant(ref[1]) || ref[1].Equal(ast.StringTerm("doc"))
		}
		return found
	})
	return found
}

func isConstant(t *ast.Term) bool {
	_, ok := t.Value.(ast.String)
	return ok
}
