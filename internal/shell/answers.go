package shell

import (
	"slices"
	"strings"
)

// textFields are the fields of gh pr and gh issue that hold what others wrote, and the ends of the filters that pick it out.
var textFields = map[string][]string{
	"body":        {".body"},
	"comments":    {".comments", ".body"},
	"files":       {".files", ".path"},
	"headRefName": {".headRefName"},
	"title":       {".title"},
}

// apiMembers are the ends of filters that pick such a text out of what the API answers about pull requests and issues.
var apiMembers = []string{".title", ".body", ".head.ref", ".head.label", ".filename", ".message"}

// asksForText reports whether a gh command asks for what others wrote: the titles, texts and branches of pull requests
// and issues, and the names of files.
func asksForText(args []string) bool {
	switch {
	case len(args) < 2:
		return false
	case args[0] == "api":
		return asksAPIForText(args[1:])
	case len(args) < 3 || !slices.Contains([]string{"pr", "issue"}, args[0]) || !slices.Contains([]string{"view", "list"}, args[1]):
		return false
	}
	filter, filtered := filterOf(args)
	for field := range strings.SplitSeq(after(args, "--json"), ",") {
		ends, holds := textFields[field]
		if holds && (!filtered || endsWith(filter, ends)) {
			return true
		}
	}
	return false
}

// asksAPIForText reports whether gh api, with these arguments, only reads, and reads such a text.
func asksAPIForText(args []string) bool {
	route := false
	for i, arg := range args {
		switch {
		case i > 0 && (args[i-1] == "-X" || args[i-1] == "--method"):
			if arg != "GET" {
				return false
			}
		case slices.Contains([]string{"-f", "-F", "--field", "--raw-field", "--input"}, arg):
			return false
		case strings.Contains(arg, "repos/") && (strings.Contains(arg, "/pulls") || strings.Contains(arg, "/issues")):
			route = true
		}
	}
	filter, filtered := filterOf(args)
	return route && filtered && endsWith(filter, apiMembers)
}

// answerOf names what a gh command asks.
func answerOf(args []string) string {
	if args[0] == "api" {
		return "gh api"
	}
	return "gh " + args[0] + " " + args[1]
}

// asksPlainly reports whether a gh command answers with one text of one pull request or issue, as it is.
func asksPlainly(args []string) bool {
	filter, _ := filterOf(args)
	if args[0] == "api" {
		return slices.Contains([]string{".title", ".body", ".head.ref"}, filter)
	}
	return args[1] == "view" && !strings.Contains(after(args, "--json"), ",") && slices.Contains([]string{".title", ".body", ".headRefName"}, filter)
}

// filterOf is what a gh command picks out of its answer.
func filterOf(args []string) (filter string, filtered bool) {
	for _, flag := range []string{"--jq", "-q", "--template", "-t"} {
		if i := slices.Index(args, flag); i >= 0 && i+1 < len(args) {
			return strings.TrimSpace(args[i+1]), true
		}
	}
	return "", false
}

// after is the word that follows a flag; "" for none.
func after(args []string, flag string) string {
	if i := slices.Index(args, flag); i >= 0 && i+1 < len(args) {
		return args[i+1]
	}
	return ""
}

func endsWith(text string, ends []string) bool {
	return slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(text, end) })
}
