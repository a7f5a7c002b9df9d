package fetch

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/shell"
)

// file judges a command that downloads to a file, or unpacks what it downloads, by what the rest of the script does.
func (d *downloader) file(at int, c shell.Command) {
	rest := d.script.commands[at+1:]
	if isUnpack(c) {
		if f := lastFetch(c.Piped); f != nil && !verified(rest) {
			if then, installed := d.installedFrom(unpackDir(c), "", c, rest); installed {
				d.add(*f, "unpacked and installed", then)
			}
		}
		return
	}
	f := fetchOf(c)
	if f == nil {
		if source := lastFetch(c.Piped); source != nil && (c.Name() == "tee" || passThrough[c.Name()]) {
			g := *source
			g.file = teeFile(c)
			f = &g
		}
	}
	if f == nil || f.file == "" || strings.HasPrefix(f.file, "/dev/") || verified(rest) {
		return
	}
	for i, next := range rest {
		how, then := d.uses(f.file, next, rest[i+1:])
		if how != "" {
			d.add(*f, how, then)
			return
		}
	}
	if inPath(path.Dir(f.file)) && isProgram(f.file) {
		d.add(*f, "put where programs are found", nil)
	}
}

func isProgram(file string) bool {
	return path.Ext(file) == "" || path.Ext(file) == ".sh" || path.Ext(file) == ".exe"
}

// teeFile is the file that a pipeline ends in: of tee, or of a redirection.
func teeFile(c shell.Command) string {
	for _, r := range c.Redirects {
		if strings.HasPrefix(r.Op, ">") && !strings.HasPrefix(r.To.Text, "/dev/") {
			return r.To.Value()
		}
	}
	if c.Name() == "tee" {
		for _, w := range c.Words[1:] {
			if !strings.HasPrefix(w.Text, "-") {
				return w.Value()
			}
		}
	}
	return ""
}

// uses says how a command makes a downloaded file run; "" where it does not.
func (d *downloader) uses(file string, c shell.Command, rest []shell.Command) (how string, then *Place) {
	place := d.script.at(c)
	name := path.Base(c.Name())
	names := func(w shell.Word) bool { return sameFile(w.Value(), file) }
	switch {
	case sameFile(c.Name(), file) && strings.Contains(c.Name(), "/"):
		return "run", &place
	case (shells[name] || interpreters[name]) && firstArgument(c, names):
		return "run by " + name, &place
	case name == "chmod" && len(c.Words) > 2 && makesExecutable(c.Words[1].Text) && anyWord(c.Words[2:], names):
		return "made executable", &place
	case (name == "dpkg" || name == "rpm" || name == "apt" || name == "apt-get" || name == "dnf" || name == "yum" || name == "installer" ||
		name == "msiexec") && anyWord(c.Words[1:], names):
		return "installed", &place
	case (name == "install" || name == "mv" || name == "cp") && len(c.Words) > 1 && anyWord(c.Words[1:len(c.Words)-1], names) &&
		(inPath(c.Words[len(c.Words)-1].Value()) || inPath(path.Dir(c.Words[len(c.Words)-1].Value()))):
		if isArchive(file) {
			return "", nil
		}
		return "put where programs are found", &place
	case isUnpack(c) && anyWord(c.Words[1:], names):
		if then, installed := d.installedFrom(unpackDir(c), file, c, rest); installed {
			return "unpacked and installed", then
		}
	}
	return "", nil
}

func isArchive(file string) bool {
	switch path.Ext(file) {
	case ".gz", ".tgz", ".zip", ".xz", ".bz2", ".tar", ".zst":
		return true
	}
	return false
}

func makesExecutable(mode string) bool {
	if strings.Contains(mode, "x") {
		return strings.Contains(mode, "+") || strings.Contains(mode, "=")
	}
	return len(mode) >= 3 && strings.ContainsAny(mode, "1357") && strings.Trim(mode, "01234567") == ""
}

// sameFile compares two paths as far as they are written alike.
func sameFile(a, b string) bool {
	a, b = path.Clean(strings.TrimPrefix(a, "./")), path.Clean(strings.TrimPrefix(b, "./"))
	return a == b || path.Base(a) == path.Base(b) && (path.Dir(a) == "." || path.Dir(b) == ".") && path.Base(a) != "."
}

func anyWord(words []shell.Word, is func(shell.Word) bool) bool {
	return slices.ContainsFunc(words, is)
}

// firstArgument reports whether the first word that is no flag is so.
func firstArgument(c shell.Command, is func(shell.Word) bool) bool {
	for _, w := range c.Words[1:] {
		if !strings.HasPrefix(w.Text, "-") {
			return is(w)
		}
		if strings.HasPrefix(w.Text, "-c") || strings.HasPrefix(w.Text, "-m") {
			return false
		}
	}
	return false
}

func isUnpack(c shell.Command) bool {
	name := path.Base(c.Name())
	return name == "tar" || name == "unzip" || name == "bsdtar" || strings.EqualFold(name, "expand-archive") || name == "7z"
}

// unpackDir is where an archive is unpacked; "" for the directory that the script is in.
func unpackDir(c shell.Command) string {
	for i, w := range c.Words {
		t := w.Text
		next := ""
		if i+1 < len(c.Words) {
			next = c.Words[i+1].Value()
		}
		switch {
		case t == "-C" || t == "--directory" || t == "-d":
			return next
		case strings.HasPrefix(t, "--directory="):
			return w.Value()[len("--directory="):]
		case strings.HasPrefix(t, "-C") && c.Name() == "tar":
			return w.Value()[2:]
		case i > 0 && len(t) > 1 && c.Name() == "tar" && strings.HasSuffix(t, "C") && !strings.HasPrefix(t, "--"):
			return next
		}
	}
	return ""
}

// installedFrom reports whether what was unpacked to a directory is put where programs are found: at once, or by one of the
// commands that follow.
func (d *downloader) installedFrom(dir, archive string, c shell.Command, rest []shell.Command) (*Place, bool) {
	if inPath(dir) {
		place := d.script.at(c)
		return &place, true
	}
	for _, next := range rest {
		name := path.Base(next.Name())
		last := next.Words[len(next.Words)-1].Value()
		moved := (name == "mv" || name == "cp" || name == "install" || name == "ln") && len(next.Words) > 2 &&
			(inPath(last) || inPath(path.Dir(last))) && !anyWord(next.Words[1:], func(w shell.Word) bool { return w.Value() == archive && archive != "" })
		added := anyRedirect(next, "$GITHUB_PATH") && dir != ""
		if added {
			added = anyWord(next.Words[1:], func(w shell.Word) bool { return strings.Contains(w.Value(), strings.TrimPrefix(dir, "./")) })
		}
		if moved && fromUnpacked(next, dir, archive) || added {
			place := d.script.at(next)
			return &place, true
		}
	}
	return nil, false
}

// fromUnpacked reports whether a command moves something that may come from an archive: a relative path, or one in the
// directory that it was unpacked to.
func fromUnpacked(c shell.Command, dir, archive string) bool {
	for _, w := range c.Words[1 : len(c.Words)-1] {
		v := w.Value()
		if strings.HasPrefix(v, "-") || sameFile(v, archive) && archive != "" {
			continue
		}
		if dir == "" && !path.IsAbs(v) && !strings.HasPrefix(v, "$") || dir != "" && strings.HasPrefix(path.Clean(v), path.Clean(dir)) {
			return true
		}
	}
	return false
}

func anyRedirect(c shell.Command, to string) bool {
	for _, r := range c.Redirects {
		if r.To.Text == to {
			return true
		}
	}
	return false
}

// inPath reports whether programs are looked for in a directory.
func inPath(dir string) bool {
	dir = path.Clean(dir)
	return path.Base(dir) == "bin" && dir != "bin" || dir == "/usr/local" || dir == "/usr/local/go" || path.Base(dir) == "sbin"
}

// verified reports whether commands compare something with a checksum or check a signature.
func verified(commands []shell.Command) bool {
	for _, c := range commands {
		name, words := strings.ToLower(path.Base(c.Name())), c.Words
		if checkers[name] || ownChecker.MatchString(name) || verb(words) == "verify" || strings.HasPrefix(verb(words), "verify-") {
			return true
		}
		for _, w := range words[1:] {
			if t := w.Text; t == "--verify" || (name == "openssl" || name == "gh") && (t == "dgst" || t == "sha256" || t == "attestation") {
				return true
			}
		}
	}
	return false
}

var checkers = set(`sha256sum sha512sum sha1sum md5sum shasum sha384sum b2sum sha256 gpgv minisign slsa-verifier get-filehash certutil
	rhash`)

// ownChecker matches functions and scripts of the repository's own that say what they do: shaprog, verify_checksum.sh.
var ownChecker = regexp.MustCompile(`^sha(\d+|prog)|checksum|^(assert|check|compare|verify|validate)[_-](sha|hash|digest|sum|sig|release|download)`)
