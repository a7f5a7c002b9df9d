package workflow

import (
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
)

// guardOf reads a condition. What it does not understand asks for nothing.
func guardOf(n *expression.Node) Guard {
	if n == nil {
		return Guard{}
	}
	switch n.Kind {
	case expression.Literal:
		if n.Name == "false" {
			return Guard{only: map[string]bool{}}
		}
	case expression.Context:
		return accessGuard(n)
	case expression.Call:
		return callGuard(n)
	case expression.Operator:
		switch n.Name {
		case "&&":
			return guardOf(n.Args[0]).and(guardOf(n.Args[1]))
		case "||":
			return eventAlternative(n.Args[0], n.Args[1])
		case "==":
			return compareGuard(n.Args[0], n.Args[1])
		case "!=":
			return differGuard(n.Args[0], n.Args[1])
		case "!":
			return notGuard(n.Args[0])
		}
	}
	return Guard{}
}

// onEvent is what is left of a condition in a run by an event: github.event_name is then known. All of it for "".
func onEvent(n *expression.Node, event string) *expression.Node {
	if n == nil || event == "" || n.Kind != expression.Operator {
		return n
	}
	args := make([]*expression.Node, len(n.Args))
	for i, arg := range n.Args {
		args[i] = onEvent(arg, event)
	}
	a := args[0]
	switch n.Name {
	case "==", "!=":
		if name, known := comparedEvent(a, args[1]); known {
			return truth((name == event) == (n.Name == "=="))
		}
	case "&&":
		return joined(a, args[1], false)
	case "||":
		return joined(a, args[1], true)
	case "!":
		if isTruth(a, true) || isTruth(a, false) {
			return truth(isTruth(a, false))
		}
	}
	return &expression.Node{Kind: expression.Operator, Name: n.Name, Args: args}
}

// joined is `a || b` where true decides, `a && b` where false does, without the side that is known.
func joined(a, b *expression.Node, decides bool) *expression.Node {
	switch {
	case isTruth(a, decides), isTruth(b, !decides):
		return a
	case isTruth(b, decides), isTruth(a, !decides):
		return b
	}
	name := "&&"
	if decides {
		name = "||"
	}
	return &expression.Node{Kind: expression.Operator, Name: name, Args: []*expression.Node{a, b}}
}

// comparedEvent is the text that github.event_name is compared with.
func comparedEvent(a, b *expression.Node) (string, bool) {
	if a.Kind == expression.Literal {
		a, b = b, a
	}
	return b.Name, a.Kind == expression.Context && b.Kind == expression.Literal && strings.Join(a.Path, ".") == "github.event_name"
}

func truth(value bool) *expression.Node {
	return &expression.Node{Kind: expression.Literal, Name: strconv.FormatBool(value)}
}

func isTruth(n *expression.Node, value bool) bool {
	return n.Kind == expression.Literal && n.Name == strconv.FormatBool(value)
}

// eventAlternative is `a || b`. In the common `github.event_name != 'x' || guard` the guard holds for event x alone,
// which is where it matters: the other events are seldom the dangerous ones.
func eventAlternative(a, b *expression.Node) Guard {
	left, right := guardOf(a), guardOf(b)
	joined := left.or(right)
	for _, pair := range [][2]Guard{{left, right}, {right, left}} {
		free, asks := pair[0], pair[1]
		if asks.Some() && !free.Some() && onlySafe(free) {
			asks.only, asks.never = nil, nil
			return asks
		}
	}
	return joined
}

// onlySafe reports whether a condition lets through nothing but runs that no outsider starts with a token.
func onlySafe(g Guard) bool {
	if g.only == nil {
		return g.never["pull_request_target"] || g.never["workflow_run"]
	}
	for event := range g.only {
		if eventReach[event] == ReachOutsider {
			return false
		}
	}
	return true
}

func accessGuard(n *expression.Node) Guard {
	switch path := strings.Join(n.Path, "."); {
	case path == "github.event.pull_request.merged":
		return Guard{Merged: true}
	case isEarlierResult(n):
		return Guard{Checked: true}
	}
	return Guard{}
}

// callGuard reads contains(list, member) where either is something about the author, the actor or the labels.
func callGuard(n *expression.Node) Guard {
	if n.Name != "contains" && n.Name != "startswith" {
		return Guard{}
	}
	var g Guard
	for _, arg := range n.Args {
		for _, l := range arg.Leaves() {
			if isActor(l.Path) && n.Args[0] == arg {
				continue // contains(github.actor, 'x'): whoever has x in their name
			}
			g = g.and(personGuard(l.Path)).and(labelGuard(l.Path))
		}
	}
	return g
}

func compareGuard(a, b *expression.Node) Guard {
	if a.Kind == expression.Literal {
		a, b = b, a
	}
	if a.Kind != expression.Context {
		return Guard{Checked: readsEarlierResult(a)}
	}
	path := strings.Join(a.Path, ".")
	switch {
	case path == "github.event_name" && b.Kind == expression.Literal:
		return Guard{only: map[string]bool{b.Name: true}}
	case path == "github.event.workflow_run.event" && b.Kind == expression.Literal:
		return Guard{SameRepository: !strings.HasPrefix(b.Name, "pull_request")}
	case path == "github.event.pull_request.merged":
		return Guard{Merged: b.Name != "false"}
	case strings.HasSuffix(path, "head.repo.fork") || strings.HasSuffix(path, "head_repository.fork"):
		return Guard{SameRepository: b.Name == "false"}
	case isHeadRepository(a.Path) || b.Kind == expression.Context && isHeadRepository(b.Path):
		return Guard{SameRepository: true}
	case path == "github.event.action":
		return Guard{Labels: b.Name == "labeled"}
	case isActor(a.Path) && b.Kind == expression.Literal && strings.HasSuffix(b.Name, "[bot]"):
		return Guard{Bot: b.Name}
	}
	return personGuard(a.Path).and(labelGuard(a.Path)).and(Guard{Checked: isEarlierResult(a)})
}

func differGuard(a, b *expression.Node) Guard {
	if a.Kind == expression.Literal {
		a, b = b, a
	}
	path := strings.Join(a.Path, ".")
	switch {
	case path == "github.event_name" && b.Kind == expression.Literal:
		return Guard{never: map[string]bool{b.Name: true}}
	case path == "github.event.workflow_run.event" && b.Name == "pull_request":
		return Guard{SameRepository: true}
	case strings.HasSuffix(path, "head.repo.fork") || strings.HasSuffix(path, "head_repository.fork"):
		return Guard{SameRepository: b.Name == "true"}
	}
	return Guard{Checked: isEarlierResult(a)}
}

func notGuard(n *expression.Node) Guard {
	path := strings.Join(n.Path, ".")
	if strings.HasSuffix(path, "head.repo.fork") || strings.HasSuffix(path, "head_repository.fork") {
		return Guard{SameRepository: true}
	}
	if n.Kind == expression.Operator && n.Name == "!" {
		return guardOf(n.Args[0])
	}
	return Guard{Checked: isEarlierResult(n)}
}

// isHeadRepository reports whether the access says which repository a change comes from.
func isHeadRepository(path []string) bool {
	joined := strings.Join(path, ".")
	for _, member := range []string{"full_name", "owner.login", "id", "name"} {
		if strings.HasSuffix(joined, "head.repo."+member) || strings.HasSuffix(joined, "head_repository."+member) {
			return true
		}
	}
	return false
}

// isActor reports whether the access says who caused the run last, by name.
func isActor(path []string) bool {
	return len(path) == 2 && path[0] == "github" && slices.Contains([]string{"actor", "triggering_actor"}, path[1])
}

// personGuard is the guard of a condition on who wrote or did something.
func personGuard(path []string) Guard {
	last := path[len(path)-1]
	switch {
	case path[0] != "github":
		return Guard{}
	case len(path) == 2 && slices.Contains([]string{"actor", "actor_id", "triggering_actor"}, last):
		return Guard{Trusted: true}
	case len(path) == 4 && last == "author_association", len(path) == 5 && path[3] == "user" && last == "login":
		return Guard{Trusted: true, authors: map[string]bool{path[2]: true}}
	case len(path) > 3 && last == "login":
		return Guard{Trusted: true}
	}
	return Guard{}
}

// labelGuard is the guard of a condition on labels. The event's own label is there only when setting it started the run.
func labelGuard(path []string) Guard {
	joined := strings.Join(path, ".")
	return Guard{Labels: joined == "github.event.label.name", Labelled: strings.HasSuffix(joined, "labels.*.name")}
}

// isEarlierResult reports whether the access reads what an earlier step or job put out.
func isEarlierResult(n *expression.Node) bool {
	return n.Kind == expression.Context && len(n.Path) > 3 && (n.Path[0] == "steps" || n.Path[0] == "needs") && n.Path[2] == "outputs"
}

// readsEarlierResult reports whether a value is taken from such an output: fromJSON(steps.a.outputs.b).c.
func readsEarlierResult(n *expression.Node) bool {
	return isEarlierResult(n) || slices.ContainsFunc(n.Args, readsEarlierResult)
}
