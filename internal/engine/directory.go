package engine

import (
	"context"
	"fmt"
	"path"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// directory is plain manifests that are linted together.
type directory struct {
	files []*source.File
	bytes int64
	cut   bool // more of the same directory went before, and is not seen from here
}

// directoryJobs lints plain manifests by directories: what a role gives away is said by the binding beside it. Files must be sorted by
// path. Those that are not asked for take part, and nothing is said of them.
func (r *run) directoryJobs(manifests []*source.File) []job {
	var jobs []job
	for _, d := range directories(manifests) {
		if slices.ContainsFunc(d.files, func(f *source.File) bool { return r.found.Selected(f.Path) }) {
			jobs = append(jobs, job{bytes: d.bytes, do: func(ctx context.Context) part { return r.lintDirectory(ctx, d) }, files: d.files})
		}
	}
	return jobs
}

// Directories groups files as lint judges them: the manifests of one directory together, every other file by itself.
func Directories(files []*source.File) [][]*source.File {
	var groups [][]*source.File
	var manifests []*source.File
	for _, f := range files {
		if f.Kind == source.Manifest {
			manifests = append(manifests, f)
		} else {
			groups = append(groups, []*source.File{f})
		}
	}
	for _, d := range directories(manifests) {
		groups = append(groups, d.files)
	}
	return groups
}

// directories groups files by the directory that they are in. One that is larger than what may be parsed at a time is cut.
func directories(files []*source.File) []*directory {
	var all []*directory
	latest := map[string]*directory{}
	for _, f := range files {
		size, dir := int64(len(f.Data)), path.Dir(f.Path)
		d := latest[dir]
		if full := d != nil && d.bytes+size > maxParsed; d == nil || full {
			d = &directory{cut: full}
			latest[dir] = d
			all = append(all, d)
		}
		d.files, d.bytes = append(d.files, f), d.bytes+size
	}
	return all
}

func (r *run) lintDirectory(ctx context.Context, d *directory) part {
	judge := r.judge.apart(true)
	p := part{images: judge.images}
	var docs []*source.Document
	for _, file := range d.files {
		found, faults := parse.File(file)
		docs = append(docs, found...)
		if r.found.Selected(file.Path) {
			r.faults(&p, file, faults)
		}
	}
	unit := facts.Together(docs)
	byFile := map[string][]*finding.Finding{}
	for i, doc := range docs {
		if r.found.Selected(doc.File.Path) {
			p.documents++
			found, _ := judge.findings(ctx, unit, i) // the text of a file has one place for each finding
			byFile[doc.File.Path] = append(byFile[doc.File.Path], found...)
		}
	}
	for _, file := range d.files {
		p.findings = append(p.findings, r.bound(byFile[file.Path])...)
	}
	if d.cut {
		why := fmt.Sprintf("directory %s has more than %d MiB of manifests, so these are judged without those before them: a binding among those is not seen here",
			path.Dir(d.files[0].Path), maxParsed>>20)
		f := builtin(r.set, finding.NotEvaluated, source.FileStart(d.files[0].Path), why)
		f.Severity = min(f.Severity, finding.Medium) // they were evaluated all the same
		p.findings = append(p.findings, f)
	}
	return p
}
