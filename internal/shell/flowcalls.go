package shell

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// call gives what a simple command prints.
func (f *evaluator) call(c *syntax.CallExpr, in string) string {
	if len(c.Args) == 0 {
		for _, a := range c.Assigns {
			f.assign(a)
		}
		return ""
	}
	words := make([]string, 0, len(c.Args))
	for _, arg := range c.Args {
		words = append(words, f.field(arg))
	}
	written := f.reader.written(c)
	f.evaluate(words, in, written)
	for len(words) > 1 && slices.Contains([]string{"sudo", "command", "builtin", "exec"}, words[0]) {
		words = words[1:]
	}
	f.commands = append(f.commands, written)
	printed := f.printed(path.Base(words[0]), words[1:], in)
	if printed == "" {
		return ""
	}
	return string(markCommand) + strconv.Itoa(len(f.commands)-1) + string(markEnd) + printed
}

// quiet are commands that print nothing which matters.
var quiet = set(`: [ alias cd chmod cp exit export false install mkdir mv popd pushd return rm set shift shopt sleep test
	touch trap true ulimit umask unset wait`)

// filters hand on their input, or the files that they name, if not all of it.
var filters = set("awk cut fold gawk grep egrep head jq nl paste perl rev sed sort tac tail tr uniq yq")

// printed gives what a command prints. Of one that is not known it is something that nobody outside wrote.
func (f *evaluator) printed(name string, args []string, in string) string {
	switch {
	case quiet[name]:
		return ""
	case name == "echo":
		for len(args) > 0 && slices.Contains([]string{"-n", "-e", "-E", "-en", "-ne"}, args[0]) {
			args = args[1:]
		}
		return f.cut(strings.Join(args, " ") + "\n")
	case name == "printf" && len(args) > 0:
		return f.formatted(args)
	case name == "cat":
		return f.content(args, in)
	case name == "tee":
		for _, target := range args {
			if !strings.HasPrefix(target, "-") {
				f.save(target, in)
			}
		}
		return in
	case name == "read" || name == "mapfile" || name == "readarray":
		f.readInto(args, in)
		return ""
	case filters[name] || name == "xargs" && len(args) == 0:
		return f.filtered(name, args, in)
	case name == "gh" && asksForText(args):
		return f.mark(Piece{Answer: "gh " + args[0] + " " + args[1], Text: "gh", Unclear: !asksPlainly(args), Member: member(name, args)}) + "\n"
	case name == "git" && printsNames(args):
		return f.mark(Piece{Tree: "git " + args[0], File: f.reader.dir, Text: "git"}) + "\n"
	}
	return f.mark(Piece{Member: member(name, args)}) + "\n"
}

// member is what a command prints of an answer in JSON: gh by its --jq, jq by its filter.
func member(name string, args []string) string {
	for i, arg := range args {
		switch {
		case name == "gh" && i > 0 && (args[i-1] == "--jq" || args[i-1] == "-q"), name == "jq" && strings.HasPrefix(arg, "."):
			return arg
		}
	}
	return ""
}

// formatted is what printf prints.
func (f *evaluator) formatted(args []string) string {
	format := strings.ReplaceAll(args[0], `\n`, "\n")
	args = args[1:]
	var b strings.Builder
	for {
		before, after, found := strings.Cut(format, "%")
		b.WriteString(before)
		if !found || after == "" {
			break
		}
		if len(args) > 0 && after[0] != '%' {
			b.WriteString(args[0])
			args = args[1:]
		}
		format = after[1:]
	}
	b.WriteString(strings.Join(args, "\n"))
	return f.cut(b.String())
}

// content is what cat prints.
func (f *evaluator) content(args []string, in string) string {
	var b strings.Builder
	for _, arg := range args {
		if arg != "-" && !strings.HasPrefix(arg, "-") {
			b.WriteString(f.read(arg))
		}
	}
	if b.Len() == 0 {
		return in
	}
	return f.cut(b.String())
}

// readInto gives the variables of read their values.
func (f *evaluator) readInto(args []string, in string) {
	short := f.oneLine(uncommanded(in))
	for _, arg := range args {
		if !strings.HasPrefix(arg, "-") && arg != "" {
			f.set(arg, short)
		}
	}
}

// filtered is what is left of the input of a filter, or of the file that it reads.
func (f *evaluator) filtered(name string, args []string, in string) string {
	if cleans(name, args) {
		return f.mark(Piece{}) + "\n"
	}
	if name == "jq" || name == "yq" {
		if at := f.payload(args); at != "" {
			return f.mark(Piece{Payload: at, Text: at}) + "\n"
		}
	}
	if in == "" {
		if last := len(args) - 1; last >= 0 && !strings.HasPrefix(args[last], "-") && (last > 0 || name == "sort" || name == "head") {
			in = f.read(args[last])
		}
	}
	one := name == "head" && (slices.Contains(args, "-1") || slices.Contains(args, "-n1") || slices.Contains(args, "1")) ||
		name == "tail" && slices.Contains(args, "1") || name == "tr" && joins(args) || name == "jq" && !raw(args)
	clear := passesLines(name, args)
	asked := member(name, args)
	return f.change(uncommanded(in), func(p *Piece) {
		p.Unclear, p.Short, p.Member = p.Unclear || !clear, p.Short || one, cmp.Or(asked, p.Member)
	})
}

// passesLines reports whether a filter hands on lines as they are, with anything in them: grep whose pattern is a text to
// be found somewhere, or leaves a part open by .* or .+.
func passesLines(name string, args []string) bool {
	if name != "grep" && name != "egrep" {
		return false
	}
	pattern := ""
	for _, arg := range args {
		switch {
		case strings.HasPrefix(arg, "-") && arg != "-E" && arg != "-i" && arg != "-F" && arg != "-e":
			return false
		case pattern == "" && !strings.HasPrefix(arg, "-"):
			pattern = arg
		}
	}
	open := strings.Contains(pattern, ".*") || strings.Contains(pattern, ".+")
	return pattern != "" && (open || !strings.HasPrefix(pattern, "^") || !strings.HasSuffix(pattern, "$"))
}

// joins reports whether tr replaces or deletes line breaks.
func joins(args []string) bool {
	rest := strings.TrimPrefix(strings.Join(args, " "), "-d ")
	set, _, _ := strings.Cut(rest, " ")
	return strings.Contains(set, `\n`) || strings.Contains(set, "[:space:]") || strings.Contains(set, "[:cntrl:]")
}

func raw(args []string) bool {
	for _, arg := range args {
		if strings.HasPrefix(arg, "-") && (strings.Contains(arg, "r") || strings.Contains(arg, "j")) {
			return true
		}
	}
	return false
}

// cleans reports whether a filter leaves nothing but characters that it lists.
func cleans(name string, args []string) bool {
	all := strings.Join(args, " ")
	switch name {
	case "tr":
		return strings.Contains(all, "-cd") || strings.Contains(all, "-dc") || strings.HasPrefix(all, "-c ") || strings.HasPrefix(all, "-cs ")
	case "sed":
		return strings.Contains(all, "[^") && strings.HasSuffix(strings.TrimRight(all, `'"`), "/g")
	case "grep", "egrep":
		matches := false
		for _, arg := range args {
			matches = matches || strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--") && strings.ContainsAny(arg, "oqc") || arg == "--only-matching"
		}
		return matches && !strings.Contains(all, ".*") && !strings.Contains(all, ".+") && !strings.Contains(all, "[^")
	case "jq":
		return strings.Contains(all, "length") || strings.Contains(all, "@sh") || strings.Contains(all, "@base64") && !strings.Contains(all, "@base64d") || strings.Contains(all, "@uri")
	}
	return false
}

// payload is the context that a jq command reads in the file of the event's payload; "" where it reads something else.
func (f *evaluator) payload(args []string) string {
	filter, reads := "", false
	for _, arg := range args {
		p, only := f.only(arg)
		switch {
		case only && (p.Env == "GITHUB_EVENT_PATH" || p.Expr != nil && p.Expr.Root.IsContext("github.event_path")):
			reads = true
		case strings.HasPrefix(arg, ".") && filter == "":
			filter = arg
		}
	}
	filter, _, _ = strings.Cut(filter, " ")
	if !reads || filter == "" || strings.ContainsAny(filter, "|()\"") {
		return ""
	}
	return "github.event" + strings.ReplaceAll(strings.ToLower(filter), "[]", ".*")
}

// asksForText reports whether a gh command asks for what others wrote: the titles, texts and branches of pull requests
// and issues.
func asksForText(args []string) bool {
	if len(args) < 3 || !slices.Contains([]string{"pr", "issue"}, args[0]) || !slices.Contains([]string{"view", "list"}, args[1]) {
		return false
	}
	for i, arg := range args {
		if arg == "--json" && i+1 < len(args) {
			for field := range strings.SplitSeq(args[i+1], ",") {
				if slices.Contains([]string{"title", "body", "headRefName", "comments"}, field) {
					return asksOnly(args, field)
				}
			}
		}
	}
	return false
}

// asksPlainly reports whether a gh command answers with one text of one pull request or issue, as it is.
func asksPlainly(args []string) bool {
	filter := ""
	for i, arg := range args[:len(args)-1] {
		switch arg {
		case "--json":
			if strings.Contains(args[i+1], ",") {
				return false
			}
		case "--jq", "-q":
			filter = strings.TrimSpace(args[i+1])
		}
	}
	return args[1] == "view" && slices.Contains([]string{".title", ".body", ".headRefName"}, filter)
}

// printsNames reports whether a git command prints names of files, or what the authors of commits wrote.
func printsNames(args []string) bool {
	if len(args) == 0 {
		return false
	}
	format, formatted := "", false
	for _, arg := range args[1:] {
		switch name, value, _ := strings.Cut(arg, "="); name {
		case "--name-only", "--name-status":
			return true
		case "--format", "--pretty":
			format, formatted = value, true
		}
	}
	if !slices.Contains([]string{"log", "show"}, args[0]) || slices.Contains(args, "--quiet") || slices.Contains(args, "-q") {
		return false
	}
	written := slices.ContainsFunc([]string{"%s", "%b", "%B", "%an", "%ae", "%cn", "%ce", "%f"}, func(p string) bool { return strings.Contains(format, p) })
	return written || !formatted && args[0] == "log"
}

// asksOnly reports whether the answer holds that field: no filter picks another.
func asksOnly(args []string, field string) bool {
	for i, arg := range args {
		if (arg == "--jq" || arg == "-q" || arg == "--template" || arg == "-t") && i+1 < len(args) {
			return strings.HasSuffix(strings.TrimSpace(args[i+1]), "."+field)
		}
	}
	return true
}

// evaluate notes the text that a command runs as code.
func (f *evaluator) evaluate(words []string, in, written string) {
	if slices.Contains([]string{"echo", "printf", "cat"}, words[0]) {
		return
	}
	note := func(what, text string) {
		value := f.piecesOf(text)
		switch {
		case len(value) == 0:
		case len(f.out.Evaluated) >= maxEvaluated:
			f.out.Cut = true
		default:
			f.out.Evaluated = append(f.out.Evaluated, Evaluation{what, value, written})
		}
	}
	if words[0] == "eval" {
		note("eval", strings.Join(words[1:], " "))
		return
	}
	for i, name := range words {
		flag, known := codeFlags[path.Base(name)]
		if !known {
			continue
		}
		code, rest := codeArgument(words[i+1:], flag)
		if code != "" {
			note(path.Base(name)+" "+flag, code)
			if words[0] == "xargs" && strings.Contains(code, replacement(words)) {
				note("xargs "+path.Base(name)+" "+flag, in)
			}
		} else if i == 0 && !rest && flag == "-c" && path.Base(name) != "python" && path.Base(name) != "python3" {
			note(path.Base(name), in) // it reads its program from its input
		}
		return
	}
}

// codeArgument finds the word after a code flag; rest tells whether there are words that are no flags.
func codeArgument(words []string, flag string) (code string, rest bool) {
	for i, w := range words {
		combined := flag == "-c" && len(w) > 1 && w[0] == '-' && w[1] != '-' && strings.HasSuffix(w, "c")
		if (w == flag || combined) && i+1 < len(words) {
			return words[i+1], true
		}
		if !strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "+") {
			return "", true
		}
	}
	return "", false
}

// replacement is the text that xargs replaces by what it reads.
func replacement(words []string) string {
	for i, w := range words {
		if rest, found := strings.CutPrefix(w, "-I"); found {
			if rest == "" && i+1 < len(words) {
				return words[i+1]
			}
			return rest
		}
	}
	return "\x00" // none: what is read follows the program as its arguments
}
