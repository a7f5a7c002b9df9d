package fetch

import (
	"path"
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
)

// Download is a file that a script downloads and then runs, or puts where others run it, without verifying it.
type Download struct {
	Place
	URL   string `json:"url"`   // as far as it is known
	Host  string `json:"host"`  // of the URL
	How   string `json:"how"`   // what becomes of it, for messages: "piped into bash", "made executable", "unpacked and installed"
	Plain bool   `json:"plain"` // fetched over http://, where everybody on the way can change it
	Fixed bool   `json:"fixed"` // the URL names one full version, so that only who published it can replace it
	Then  *Place `json:"then,omitempty"`
}

// shells run what they read from their standard input, or are given as code.
var shells = set("bash sh zsh dash ksh ash fish iex invoke-expression source .")

// interpreters do so too, and are otherwise used to look through data: python3 -c '…'.
var interpreters = set("python python3 node ruby perl php pwsh powershell")

// downloads finds what a script downloads and runs unverified.
func downloads(s script) []Download {
	d := downloader{script: s}
	for i, c := range s.commands {
		d.direct(c)
		d.file(i, c)
	}
	return d.found
}

type downloader struct {
	script script
	found  []Download
}

// direct judges a command that is fed with a download: curl | sh, bash <(curl …), sh -c "$(curl …)".
func (d *downloader) direct(c shell.Command) {
	if f := lastFetch(c.Piped); f != nil && readsCode(c) {
		d.add(*f, "piped into "+c.Name(), nil)
	}
	for i, w := range c.Words {
		runs := i == 0 || isShell(c) && w.Text == "$()" && (i == 1 || strings.HasPrefix(c.Words[i-1].Text, "-")) || c.Name() == "."
		if f := lastFetch(w.Commands); f != nil && runs && w.Text == "$()" {
			d.add(*f, "run as code", nil)
		}
	}
	for _, r := range c.Redirects {
		if f := lastFetch(r.To.Commands); f != nil && isShell(c) && (r.Op == "<" || r.Op == "<<<") {
			d.add(*f, "piped into "+c.Name(), nil)
		}
	}
}

func isShell(c shell.Command) bool {
	name := strings.ToLower(path.Base(c.Name()))
	return shells[name] || interpreters[name]
}

// readsCode reports whether a command takes its standard input as a program.
func readsCode(c shell.Command) bool {
	name := strings.ToLower(path.Base(c.Name()))
	if !shells[name] && !interpreters[name] {
		return false
	}
	for _, w := range c.Words[1:] {
		switch t := w.Text; {
		case t == "-" || t == "/dev/stdin" || t == "--" || strings.HasPrefix(t, "-s") || strings.HasPrefix(t, "$"):
			return true
		case strings.HasPrefix(t, "-c") || strings.HasPrefix(t, "-m") || strings.HasPrefix(t, "-e") && interpreters[name] ||
			name == "perl" && strings.HasPrefix(t, "-") || strings.EqualFold(t, "-Command"):
			return false
		case !strings.HasPrefix(t, "-") && !strings.HasPrefix(t, "+"):
			return name == "iex" // a script of its own, which reads data
		}
	}
	return true
}

// passThrough are the commands whose output is what they read, changed or not.
var passThrough = set("cat tee gunzip gzip zcat sed tr envsubst base64 xz bunzip2 head tail")

// maxPassed is how many commands of a pipeline are gone back to the download.
const maxPassed = 10

// lastFetch gives the download that comes out of a pipeline; nil where something else does.
func lastFetch(commands []shell.Command) *fetch {
	for i := len(commands) - 1; i >= max(0, len(commands)-maxPassed); i-- {
		if f := fetchOf(commands[i]); f != nil && f.file == "" {
			return f
		}
		if !passThrough[commands[i].Name()] {
			return nil
		}
	}
	return nil
}

// fetch is a command that downloads.
type fetch struct {
	command shell.Command
	url     shell.Word
	file    string // that it writes, "" for its standard output
}

// fetchOf reads a command that downloads; nil for any other.
func fetchOf(c shell.Command) *fetch {
	f := &fetch{command: c}
	var found []shell.Word
	for _, w := range c.Words[1:] {
		if strings.Contains(w.Value(), "://") && !strings.HasPrefix(w.Text, "-") {
			found = append(found, w)
		}
	}
	if len(found) == 0 {
		return nil
	}
	f.url = found[0]
	base := path.Base(strings.TrimRight(cutQuery(f.url.Value()), "/"))
	switch strings.ToLower(path.Base(c.Name())) {
	case "curl", "curl.exe":
		f.file = flagValue(c.Words, "-o", "--output")
		if f.file == "" && hasShort(c.Words, 'O', "--remote-name") {
			f.file = base
		}
	case "wget":
		f.file = flagValue(c.Words, "-O", "--output-document")
		if f.file == "" {
			f.file = path.Join(flagValue(c.Words, "-P", "--directory-prefix"), base)
		}
	case "iwr", "irm", "invoke-webrequest", "invoke-restmethod":
		f.file = flagValueFold(c.Words, "-outfile")
	case "aria2c":
		f.file = base
	default:
		return nil
	}
	if f.file == "-" || f.file == "/dev/stdout" {
		f.file = ""
	}
	for _, r := range c.Redirects {
		if f.file == "" && strings.HasPrefix(r.Op, ">") && !strings.HasPrefix(r.To.Text, "/dev/") {
			f.file = r.To.Value()
		}
	}
	return f
}

func cutQuery(url string) string {
	url, _, _ = strings.Cut(url, "?")
	return url
}

// flagValue is the value of a flag in `-o x`, `-ox`, `-sLo x` and `--output=x`.
func flagValue(words []shell.Word, short, long string) string {
	for i, w := range words {
		next := ""
		if i+1 < len(words) {
			next = words[i+1].Value()
		}
		t := w.Value()
		switch {
		case t == long:
			return next
		case strings.HasPrefix(t, long+"="):
			return t[len(long)+1:]
		case len(t) > 1 && t[0] == '-' && t[1] != '-' && strings.Contains(t, short[1:]):
			if rest := t[strings.Index(t, short[1:])+1:]; rest != "" {
				return rest
			}
			return next
		}
	}
	return ""
}

func flagValueFold(words []shell.Word, flag string) string {
	for i, w := range words {
		if strings.EqualFold(w.Text, flag) && i+1 < len(words) {
			return words[i+1].Value()
		}
	}
	return ""
}

func hasShort(words []shell.Word, letter rune, long string) bool {
	for _, w := range words {
		if t := w.Text; t == long || len(t) > 1 && t[0] == '-' && t[1] != '-' && strings.ContainsRune(t, letter) {
			return true
		}
	}
	return false
}

var commitInURL = regexp.MustCompile(`(^|[^0-9a-fA-F])[0-9a-f]{40}([^0-9a-fA-F]|$)`)

// ownCommit is a ref that only the repository's own content stands behind.
var ownCommit = regexp.MustCompile(`\$\{\{\s*github\.(sha|repository|event\.[a-z_.]+\.sha|workspace|api_url|server_url)\s*\}\}|\$GITHUB_(SHA|REPOSITORY|API_URL|SERVER_URL)\b`)

// add records a download, unless what it fetches cannot change or is this machine's or repository's own.
func (d *downloader) add(f fetch, how string, then *Place) {
	url := f.url.Value()
	if rest, found := strings.CutPrefix(url, "http:://"); found {
		url = rest
	}
	scheme, rest, _ := strings.Cut(url, "://")
	host, _, _ := strings.Cut(rest, "/")
	name, _, _ := strings.Cut(host, ":")
	switch {
	case strings.Contains(host, "$") || host == "" || scheme == "file":
		return // who serves it is not known
	case name == "localhost" || name == "127.0.0.1" || name == "0.0.0.0" || strings.HasPrefix(name, "[::1"):
		return
	case !strings.Contains(name, "."):
		return // a machine of the job's own network
	case commitInURL.MatchString(url), ownCommit.MatchString(url):
		return
	}
	ref := refs.ParseRemote(cutQuery(url))
	place := d.script.place(f.url)
	d.found = append(d.found, Download{
		Place: place, URL: url, Host: name, How: how, Plain: scheme == "http", Then: then,
		Fixed: ref.Pin == refs.PinExact || ref.Pin == refs.PinUnknown && versioned(url) || countedTag.MatchString(url),
	})
}

// countedTag matches a file of one of GitHub's releases whose tag counts them: version_131. A tag such as v1 moves.
var countedTag = regexp.MustCompile(`^https://github\.com/[^/]+/[^/]+/releases/download/[^/]*[A-Za-z]{2,}[-_]?\d+[^/]*/`)

// versioned reports whether a variable stands in the URL where a version does.
func versioned(url string) bool {
	_, rest, _ := strings.Cut(url, "://")
	_, file, _ := strings.Cut(rest, "/")
	for segment := range strings.SplitSeq(file, "/") {
		lower := strings.ToLower(strings.ReplaceAll(segment, "$()", "")) // what a command puts out may be whatever is newest
		if strings.Contains(lower, "$") && !strings.Contains(lower, "arch") && !strings.Contains(lower, "$os") || fullVersion.MatchString(segment) {
			return true
		}
	}
	return false
}

var fullVersion = regexp.MustCompile(`(^|[^0-9.])v?\d+\.\d+\.\d+`)
