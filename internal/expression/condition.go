package expression

import (
	"slices"
	"strings"
)

// Never reports whether a condition is one that is never true, as `if: false` is.
func Never(condition string) bool {
	n := ParseCondition(condition)
	return n != nil && n.Kind == Literal && n.Name == "false"
}

// OnlyForks reports whether a condition lets nothing through but pull requests from forks.
func (n *Node) OnlyForks() bool {
	if n == nil {
		return false
	}
	switch {
	case n.Kind == Context:
		return strings.HasSuffix(strings.Join(n.Path, "."), "head.repo.fork")
	case n.Kind != Operator:
		return false
	case n.Name == "&&":
		return n.Args[0].OnlyForks() || n.Args[1].OnlyForks()
	case n.Name == "||":
		return n.Args[0].OnlyForks() && n.Args[1].OnlyForks()
	}
	a, b := n.Args[0], n.Args[len(n.Args)-1]
	if a.Kind == Literal {
		a, b = b, a
	}
	switch n.Name {
	case "==":
		return b.Kind == Literal && b.Name == "true" && a.OnlyForks()
	case "!=":
		return isFullName(a) && isRepository(b) || isFullName(b) && isRepository(a) ||
			b.Kind == Literal && b.Name == "false" && a.OnlyForks()
	}
	return false
}

func isFullName(n *Node) bool {
	return n.Kind == Context && strings.HasSuffix(strings.Join(n.Path, "."), "head.repo.full_name")
}

func isRepository(n *Node) bool {
	return n.Kind == Context && slices.Contains([]string{"github.repository", "github.event.pull_request.base.repo.full_name", "github.event.repository.full_name"}, strings.Join(n.Path, "."))
}
