package token

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// endpoint is one method on one path of GitHub's REST API.
type endpoint struct {
	verb  string
	path  string   // "/repos/{owner}/{repo}/issues"
	parts []string // of the path; what stands in braces is ""
	deep  bool     // its last part may have slashes: a ref, the path of a file
	needs []Need
}

type endpoints struct {
	byVerb map[string][]*endpoint
	byName map[string]*endpoint // octokit's name in lower case: "issues.createcomment"
}

// Call gives what a method of octokit needs: Call("issues", "createComment") for github.rest.issues.createComment and the
// older github.issues.createComment. A method that the table does not know is false: what it needs cannot be told.
func (k *Knowledge) Call(namespace, method string) ([]ConditionedNeed, bool) {
	e, found := k.endpoints.byName[strings.ToLower(namespace+"."+method)]
	if !found {
		return nil, false
	}
	return e.conditioned(namespace + "." + method), true
}

// Request gives what a request of the REST API needs, of github.request('VERB /path'), gh api and curl. In the path,
// {name}, :name, $NAME and what stands for an expression are any one part. False is a path that the table does not
// know, or one that is for a run to say. What another repository would have to grant is optional.
func (k *Knowledge) Request(verb, path string) ([]ConditionedNeed, bool) {
	best, score := (*endpoint)(nil), -1
	ways := pathWays(path)
	for _, parts := range ways {
		for _, e := range k.endpoints.byVerb[strings.ToUpper(verb)] {
			if s := e.fit(parts); s > score {
				best, score = e, s
			}
		}
	}
	if best == nil {
		return nil, false
	}
	needs := best.conditioned(best.verb + " " + best.path)
	if parts := ways[len(ways)-1]; len(parts) > 2 && parts[0] == "repos" && !open(parts[1]) && !open(parts[2]) {
		for i := range needs {
			needs[i].Optional = true // a repository written out may be another one
		}
	}
	return needs, true
}

func (e *endpoint) conditioned(what string) []ConditionedNeed {
	needs := make([]ConditionedNeed, 0, len(e.needs))
	for _, n := range e.needs {
		n.Why = fmt.Sprintf("%s asks for %s: %s", what, n.Scope, n.Level)
		needs = append(needs, ConditionedNeed{Need: n})
	}
	return needs
}

// fit counts the fixed parts of the endpoint that a path has; -1 where it is another endpoint. A part of the request
// that only the run knows fits a parameter, and never a fixed part: else $X would be anything.
func (e *endpoint) fit(parts []string) int {
	if len(parts) < len(e.parts) || len(parts) > len(e.parts) && !e.deep {
		return -1
	}
	count := 0
	for i, p := range e.parts {
		switch {
		case p == "": // any
		case p != parts[i]:
			return -1
		default:
			count++
		}
	}
	return count
}

// open reports whether only the run knows a part of a path.
func open(part string) bool {
	return strings.ContainsAny(part, "${:") || strings.Contains(part, expressionMark)
}

// expressionMark stands in the words of a command for a ${{ }}.
const expressionMark = "__plimsoll_expression_"

// pathWays splits the path of a request, in all the ways that it can be read: a variable may stand for owner and name in
// one, as $GITHUB_REPOSITORY does.
func pathWays(path string) [][]string {
	for _, host := range apiHosts {
		path = strings.TrimPrefix(path, host)
	}
	path, _, _ = strings.Cut(path, "?")
	path, _, _ = strings.Cut(path, "#")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) > 1 && open(parts[0]) && parts[1] == "repos" {
		parts = parts[1:] // a variable that holds the host
	}
	for i, p := range parts {
		if plain, err := url.PathUnescape(p); err == nil {
			parts[i] = plain
		}
	}
	ways := [][]string{parts}
	if parts[0] == "repos" && len(parts) > 1 && open(parts[1]) {
		ways = append([][]string{append([]string{"repos", "{owner}"}, parts[1:]...)}, ways...)
	}
	return ways
}

// apiHosts are the ways to write where GitHub's API is.
var apiHosts = []string{
	"https://api.github.com", "http://api.github.com", "api.github.com", "$GITHUB_API_URL", "https://uploads.github.com", "uploads.github.com",
}

// deepParts are the last parts of an endpoint that may have slashes.
var deepParts = []string{"/{ref}", "/{path}", "/{dir}", "/{basehead}", "/{tag}"}

func (k *Knowledge) loadEndpoints() error {
	text, err := data.ReadFile("data/endpoints.txt")
	if err != nil {
		return fmt.Errorf("read data/endpoints.txt: %w", err)
	}
	k.endpoints = endpoints{byVerb: map[string][]*endpoint{}, byName: map[string]*endpoint{}}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) != 4 {
			return fmt.Errorf("data/endpoints.txt: a line has 4 fields, not %d: %s", len(fields), line)
		}
		e := &endpoint{verb: fields[0], path: fields[1]}
		for p := range strings.SplitSeq(strings.Trim(e.path, "/"), "/") {
			if strings.HasPrefix(p, "{") {
				p = ""
			}
			e.parts = append(e.parts, p)
		}
		e.deep = slices.ContainsFunc(deepParts, func(p string) bool { return strings.HasSuffix(e.path, p) })
		if e.needs, err = endpointNeeds(fields[2]); err != nil {
			return fmt.Errorf("data/endpoints.txt: %s %s: %w", e.verb, e.path, err)
		}
		k.endpoints.byVerb[e.verb] = append(k.endpoints.byVerb[e.verb], e)
		if fields[3] != "-" {
			for name := range strings.SplitSeq(fields[3], ",") {
				k.endpoints.byName[strings.ToLower(name)] = e
			}
		}
	}
	return nil
}

// endpointNeeds reads a|b=level?,c=level; - is none.
func endpointNeeds(text string) ([]Need, error) {
	if text == "-" {
		return nil, nil
	}
	var needs []Need
	for part := range strings.SplitSeq(text, ",") {
		part, optional := strings.CutSuffix(part, "?")
		scopes, level, found := strings.Cut(part, "=")
		if !found {
			return nil, fmt.Errorf("%q is not scope=level", part)
		}
		names := strings.Split(scopes, "|")
		needs = append(needs, Need{Scope: names[0], Or: names[1:], Level: Level(level), Optional: optional, Basis: BasisDocs})
	}
	return needs, nil
}
