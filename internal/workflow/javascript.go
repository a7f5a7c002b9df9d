package workflow

import (
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
)

// javascriptOrigins follows an output of a github-script step: what the script sets it to, or returns. Only accesses to
// the event's payload and expressions that stand in the very arguments, or in a constant set from them, are followed.
func (s scope) javascriptOrigins(name string) []origin {
	code, path := s.step.Input("script")
	if len(code) > shell.MaxScript {
		s.stopped(tooLong)
		return nil
	}
	var found []origin
	for _, c := range javascriptCalls(code, name) {
		for _, o := range s.javascriptValue(code, c, 0) {
			found = s.add(found, o.through(Place{File: s.file, Path: path, Text: firstLine(c), Message: "put out here as " + name}))
		}
	}
	return found
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// javascriptCalls lists the values that a script gives an output.
func javascriptCalls(code, name string) []string {
	if name == "result" {
		var found []string
		for _, rest := range after(code, "return ") {
			value, _, _ := strings.Cut(rest, "\n")
			found = append(found, strings.TrimRight(value, "; "))
		}
		return found
	}
	var found []string
	for _, rest := range after(code, "core.setOutput(") {
		args := rest[:closing(rest)]
		key, value, is := strings.Cut(args, ",")
		if is && strings.EqualFold(strings.Trim(strings.TrimSpace(key), "'\"`"), name) {
			found = append(found, value)
		}
	}
	return found
}

// after lists what follows each occurrence of a text; the first hundred are enough.
func after(code, text string) []string {
	var found []string
	for len(found) < 100 {
		_, rest, is := strings.Cut(code, text)
		if !is {
			break
		}
		found = append(found, rest)
		code = rest
	}
	return found
}

// closing is the length of what stands before the parenthesis that closes an argument list.
func closing(code string) int {
	depth, quote := 0, byte(0)
	for i := range len(code) {
		switch c := code[i]; {
		case quote != 0:
			if c == quote && code[i-1] != '\\' {
				quote = 0
			}
		case c == '\'' || c == '"' || c == '`':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 {
				return i
			}
		}
	}
	return len(code)
}

// javascriptValue gives the origins of a value: an access to the payload, an expression, or a constant set from one.
func (s scope) javascriptValue(code, value string, depth int) []origin {
	value = strings.TrimSpace(value)
	var found []origin
	for _, e := range expression.Find(value) {
		found = append(found, s.origins(e.Root)...)
	}
	access := strings.TrimSuffix(strings.ReplaceAll(value, "?.", "."), ".trim()")
	if rest, is := strings.CutPrefix(access, "context.payload."); is && accessOnly.MatchString(rest) {
		found = append(found, s.leafOrigins(expression.Leaf{Path: strings.Split("github.event."+strings.ToLower(rest), ".")})...)
	}
	if rest, is := strings.CutPrefix(access, "process.env."); is && accessOnly.MatchString(rest) {
		found = append(found, s.variableOrigins(rest)...)
	}
	if field := answered(code, access); field != "" {
		u := &untrusted{path: []string{"the " + field + " that the API answers with"}, events: answerEvents, lines: field == "body"}
		_, at := s.step.Input("script")
		found = append(found, s.outside(u, Place{File: s.file, Path: at, Text: firstLine(value), Message: "asked for here"})...)
	}
	if depth < 2 && value != "" && accessOnly.MatchString(value) && !strings.Contains(value, ".") {
		for _, rest := range after(code, "const "+value+" = ") {
			set, _, _ := strings.Cut(rest, "\n")
			found = append(found, s.javascriptValue(code, strings.TrimRight(set, "; "), depth+1)...)
		}
	}
	return found
}

// answeredFields are what others wrote in the API's answer about a pull request or an issue.
var answeredFields = []string{"title", "body", "head.ref", "head.label"}

// answered is the field of such an answer that an access reads: pr.data.title, or pr.title where the script has taken pr
// out of the answer, const { data: pr } = …; "" where it reads something else.
func answered(code, access string) string {
	name, field, found := strings.Cut(access, ".")
	if !found || !accessOnly.MatchString(access) {
		return ""
	}
	rest, whole := strings.CutPrefix(field, "data.")
	if !whole && !strings.Contains(code, "data: "+name+" }") {
		return ""
	}
	if !slices.Contains(answeredFields, rest) || !asksAbout(code) {
		return ""
	}
	return rest
}

// asksAbout reports whether a script asks the API about pull requests or issues.
func asksAbout(code string) bool {
	for _, call := range []string{"pulls.get(", "pulls.list", "issues.get(", "issues.list", "search.issues"} {
		if strings.Contains(code, call) {
			return true
		}
	}
	return false
}

// accessOnly matches names with dots between them, and nothing else.
var accessOnly = regexp.MustCompile(`^[A-Za-z0-9_.]*$`)
