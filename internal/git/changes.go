package git

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// LineRange is a run of lines, 1-based, both ends included.
type LineRange struct {
	First, Last int
}

// Changes tells the changed lines of each changed file, by its present path. A file without ranges has changed, but
// none of its lines: it was deleted, or only its mode is new.
type Changes map[string][]LineRange

// wholeFile is the range of a file that is new as it stands.
var wholeFile = []LineRange{{1, math.MaxInt}}

// Touches reports whether any line from first to last, both included, has changed.
func (c Changes) Touches(file string, first, last int) bool {
	for _, r := range c[file] {
		if r.First <= last && first <= r.Last {
			return true
		}
	}
	return false
}

// Under reports whether any file in dir or below it has changed; "." is the repository. A path of a file is taken too.
func (c Changes) Under(dir string) bool {
	if _, changed := c[dir]; changed || dir == "." && len(c) > 0 {
		return true
	}
	for file := range c {
		if strings.HasPrefix(file, dir+"/") {
			return true
		}
	}
	return false
}

// Diff is how the files on disk differ from those of a commit.
type Diff struct {
	// Lines are the changed lines. Added and modified ones count as changed; where lines were only removed, the lines on
	// either side of the gap do. All lines of an untracked file count; of a renamed one those that are not as they were
	// under the old name. Files that differ in nothing but how lines end have none.
	Lines Changes
	// Before gives the old path of each renamed file by its present one.
	Before map[string]string
	// Added and Removed are the paths that are on one side alone, those of renamed files among them; sorted.
	Added, Removed []string

	was map[string]string // ID of the old text of each file that is modified where it is
}

// Paths are all paths of either side that differ, sorted.
func (d *Diff) Paths() []string {
	paths := slices.Concat(slices.Collect(maps.Keys(d.Lines)), d.Removed)
	slices.Sort(paths)
	return slices.Compact(paths)
}

// Diff compares the files on disk with the commit base.
func (r *Repo) Diff(ctx context.Context, base string) (*Diff, error) {
	commit, err := r.commit(ctx, base)
	if err != nil {
		return nil, err
	}
	// Attributes may call any file binary, and so hide its lines; --text shows them all the same.
	out, err := r.run(ctx, "diff", "--raw", "--patch", "-z", "--unified=0", "--inter-hunk-context=0", "--text",
		"--find-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", "--abbrev=40",
		"--ignore-submodules=all", commit, "--")
	if err != nil {
		if r.partial {
			return nil, fmt.Errorf("%w (this is a partial clone; fetch it without a filter)", err)
		}
		return nil, err
	}
	diff, err := parseDiff(out)
	if err != nil {
		return nil, fmt.Errorf("git diff: %w", err)
	}
	if err := r.dropLineEnds(ctx, diff); err != nil {
		return nil, err
	}
	untracked, err := r.run(ctx, "ls-files", "-z", "--others", "--exclude-standard")
	if err != nil {
		return nil, err
	}
	for _, file := range splitNUL(untracked) {
		diff.Lines[file] = wholeFile
		diff.Added = append(diff.Added, file)
	}
	slices.Sort(diff.Added)
	slices.Sort(diff.Removed)
	return diff, nil
}

// maxLineEnds is how large, in bytes, a file may be to be looked at for its line ends.
const maxLineEnds = 10 << 20

// dropLineEnds takes the lines of files out of a diff that differ in nothing but how lines end.
func (r *Repo) dropLineEnds(ctx context.Context, d *Diff) error {
	root, err := os.OpenRoot(r.root)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // only read
	for name, id := range d.was {
		info, err := root.Lstat(filepath.FromSlash(name))
		if err != nil || !info.Mode().IsRegular() || info.Size() > maxLineEnds || len(d.Lines[name]) == 0 {
			continue
		}
		now, err := root.ReadFile(filepath.FromSlash(name))
		if err != nil || !bytes.Contains(now, []byte("\r\n")) && !d.wholly(name, now) {
			continue
		}
		was, err := r.Blob(ctx, id)
		if err != nil {
			return err
		}
		if bytes.Equal(unixLines(was), unixLines(now)) {
			d.Lines[name] = nil
		}
	}
	return nil
}

// wholly reports whether all lines of a text have changed, as they have when line ends were taken away.
func (d *Diff) wholly(name string, text []byte) bool {
	lines := d.Lines[name]
	return len(lines) == 1 && lines[0].First == 1 && lines[0].Last >= bytes.Count(text, []byte{'\n'})
}

func unixLines(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) }

// rawEntry is one record of git diff --raw.
type rawEntry struct {
	status   byte   // A, M, D, R, T, U
	id       string // of the old text
	old, new string
}

// parseDiff reads the output of git diff --raw --patch -z: the records, each path ended by NUL, an empty one after
// them, and then one patch for each record, in the same order.
func parseDiff(out []byte) (*Diff, error) {
	entries, patch, err := parseRaw(out)
	if err != nil {
		return nil, err
	}
	d := &Diff{Lines: make(Changes, len(entries)), Before: map[string]string{}, was: map[string]string{}}
	p := patchReader{rest: patch}
	for _, e := range entries {
		if e.status == 'U' { // an unmerged path has a line, no patch
			d.Lines[e.new] = wholeFile
			continue
		}
		ranges, err := p.next()
		if e.status == 'T' && err == nil { // a link that becomes a file is removed and added: two patches
			_, err = p.next()
		}
		if err != nil {
			return nil, fmt.Errorf("%q: %w", e.new, err)
		}
		d.add(e, ranges)
	}
	return d, nil
}

// add records one changed file and the lines of its patch.
func (d *Diff) add(e rawEntry, ranges []LineRange) {
	switch e.status {
	case 'M':
		d.was[e.new] = e.id
	case 'D':
		ranges = nil
		d.Removed = append(d.Removed, e.old)
	case 'A':
		ranges = wholeFile
		d.Added = append(d.Added, e.new)
	case 'T':
		ranges = wholeFile
	case 'R':
		d.Before[e.new] = e.old
		d.Removed, d.Added = append(d.Removed, e.old), append(d.Added, e.new)
	}
	if had, twice := d.Lines[e.new]; twice {
		ranges = append(slices.Clip(had), ranges...)
	}
	d.Lines[e.new] = ranges
}

// parseRaw reads the records, which look like ":100644 100644 1234 5678 R086", NUL, path, NUL, and, of a rename or a
// copy, a second path.
func parseRaw(out []byte) ([]rawEntry, []byte, error) {
	var entries []rawEntry
	for len(out) > 0 && out[0] == ':' {
		meta, rest, _ := bytes.Cut(out, []byte{0})
		fields := strings.Fields(string(meta))
		if len(fields) != 5 {
			return nil, nil, fmt.Errorf("unexpected record %q", meta)
		}
		var e rawEntry
		e.status, e.id = fields[4][0], fields[2]
		e.old, rest = cutNUL(rest)
		e.new = e.old
		if e.status == 'R' || e.status == 'C' {
			e.new, rest = cutNUL(rest)
		}
		entries, out = append(entries, e), rest
	}
	return entries, bytes.TrimPrefix(out, []byte{0}), nil
}

func cutNUL(data []byte) (string, []byte) {
	item, rest, _ := bytes.Cut(data, []byte{0})
	return string(item), rest
}

// patchReader reads patches without context. It counts the lines that a hunk announces and never looks into them, so
// that no content can pass for a header.
type patchReader struct {
	rest []byte
}

// next reads one file's patch and gives the changed lines of its new side.
func (p *patchReader) next() ([]LineRange, error) {
	for !p.at("diff --git ") { // warnings, such as the one on an unmerged path
		if _, ok := p.line(); !ok {
			return nil, fmt.Errorf("the patch is missing")
		}
	}
	p.line()
	var ranges []LineRange
	for len(p.rest) > 0 && !p.at("diff --git ") {
		line, _ := p.line()
		if !bytes.HasPrefix(line, []byte("@@ ")) {
			continue
		}
		removed, r, added, err := parseHunk(line)
		if err != nil {
			return nil, err
		}
		ranges = append(ranges, r)
		for n := removed + added; n > 0; {
			body, ok := p.line()
			if !ok {
				return nil, fmt.Errorf("hunk %q is cut short", line)
			}
			if !bytes.HasPrefix(body, []byte(`\`)) { // "\ No newline at end of file" is not counted
				n--
			}
		}
	}
	return ranges, nil
}

func (p *patchReader) at(prefix string) bool { return bytes.HasPrefix(p.rest, []byte(prefix)) }

func (p *patchReader) line() ([]byte, bool) {
	if len(p.rest) == 0 {
		return nil, false
	}
	line, rest, _ := bytes.Cut(p.rest, []byte{'\n'})
	p.rest = rest
	return line, true
}

// parseHunk reads "@@ -12,3 +14,2 @@".
func parseHunk(line []byte) (removed int, lines LineRange, added int, err error) {
	fields := strings.Fields(string(line))
	if len(fields) < 3 {
		return 0, LineRange{}, 0, fmt.Errorf("unexpected hunk %q", line)
	}
	_, removed, err = parseSide(fields[1], "-")
	if err != nil {
		return 0, LineRange{}, 0, err
	}
	start, added, err := parseSide(fields[2], "+")
	if err == nil && start == 0 && added > 0 { // lines count from 1
		err = fmt.Errorf("unexpected hunk range %q", fields[2])
	}
	if added == 0 { // git names the line before the gap, 0 at the top
		return removed, LineRange{max(start, 1), start + 1}, 0, err
	}
	return removed, LineRange{start, start + added - 1}, added, err
}

func parseSide(field, sign string) (start, count int, err error) {
	numbers, found := strings.CutPrefix(field, sign)
	first, second, hasCount := strings.Cut(numbers, ",")
	start, err = strconv.Atoi(first)
	if count = 1; hasCount && err == nil {
		count, err = strconv.Atoi(second)
	}
	if !found || err != nil || start < 0 || count < 0 {
		return 0, 0, fmt.Errorf("unexpected hunk range %q", field)
	}
	return start, count, nil
}

// WholeFile is the range of a file of which all lines count.
func WholeFile() []LineRange { return slices.Clone(wholeFile) }

// PatchLines reads the changed lines of hunks without a header, as GitHub's API gives them for one file. Lines of context do
// not count.
func PatchLines(patch string) ([]LineRange, error) {
	var ranges []LineRange
	p := patchReader{rest: []byte(patch)}
	for len(p.rest) > 0 {
		head, _ := p.line()
		removed, lines, added, err := parseHunk(head)
		if err != nil {
			return nil, err
		}
		first := lines.First
		if added == 0 { // the line after the gap
			first = lines.Last
		}
		within, err := p.hunk(first, removed, added)
		if err != nil {
			return nil, err
		}
		ranges = append(ranges, within...)
	}
	return ranges, nil
}

// hunk reads the lines of a hunk with context, of which removed and added are the numbers of lines on either side, and
// whose new side begins at a line.
func (p *patchReader) hunk(line, removed, added int) ([]LineRange, error) {
	var ranges []LineRange
	gap := false
	for removed > 0 || added > 0 || p.at(`\`) {
		body, ok := p.line()
		if !ok {
			return nil, fmt.Errorf("a hunk is cut short")
		}
		kind := byte(' ')
		if len(body) > 0 {
			kind = body[0]
		}
		switch kind {
		case '\\':
		case '-':
			removed, gap = removed-1, true
		case '+':
			ranges = append(ranges, LineRange{line, line})
			line, added, gap = line+1, added-1, false
		default:
			if gap {
				ranges = append(ranges, LineRange{max(line-1, 1), line})
			}
			line, removed, added, gap = line+1, removed-1, added-1, false
		}
	}
	if gap {
		ranges = append(ranges, LineRange{max(line-1, 1), line})
	}
	return ranges, nil
}
