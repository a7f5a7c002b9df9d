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

// directory is plain manifests, or files of a Terraform module, that are linted together.
type directory struct {
	files []*source.File
	bytes int64
	cut   bool // more of the same directory went before, and is not seen from here
}

// judgedTogether reports whether the files of a kind say something of each other when they are in one directory.
func judgedTogether(kind source.Kind) bool {
	return kind == source.Manifest || kind == source.Terraform
}

// directoryJobs lints plain manifests and Terraform modules by directories: what a role gives away is said by the binding beside it.
// Files must be sorted by path. Those that are not asked for take part, and nothing is said of them.
func (r *run) directoryJobs(files []*source.File) []job {
	var jobs []job
	for _, d := range directories(files) {
		if slices.ContainsFunc(d.files, func(f *source.File) bool { return r.found.Selected(f.Path) }) {
			jobs = append(jobs, job{bytes: d.bytes, do: func(ctx context.Context) part { return r.lintDirectory(ctx, d) }, files: d.files})
		}
	}
	return jobs
}

// Directories groups files as lint judges them: the manifests of one directory together, and its Terraform, every other file by
// itself.
func Directories(files []*source.File) [][]*source.File {
	var groups [][]*source.File
	var together []*source.File
	for _, f := range files {
		if judgedTogether(f.Kind) {
			together = append(together, f)
		} else {
			groups = append(groups, []*source.File{f})
		}
	}
	for _, d := range directories(together) {
		groups = append(groups, d.files)
	}
	return groups
}

// module is a directory and the kind of the files in it that are judged together.
type module struct {
	dir  string
	kind source.Kind
}

// directories groups files by kind and the directory that they are in. One that is larger than what may be parsed at a time is cut.
func directories(files []*source.File) []*directory {
	var all []*directory
	latest := map[module]*directory{}
	for _, f := range files {
		size, in := int64(len(f.Data)), module{path.Dir(f.Path), f.Kind}
		d := latest[in]
		if full := d != nil && d.bytes+size > maxParsed; d == nil || full {
			d = &directory{cut: full}
			latest[in] = d
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
	for _, fault := range unit.Faults {
		if r.found.Selected(fault.File.Path) {
			r.faults(&p, fault.File, []*source.SyntaxError{fault.Error})
		}
	}
	byFile := map[string][]*finding.Finding{}
	for i, doc := range unit.Documents {
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
		why := fmt.Sprintf("directory %s has more than %d MiB of files that are judged together, so these are judged without those before them: a binding among those is not seen here",
			path.Dir(d.files[0].Path), maxParsed>>20)
		f := builtin(r.set, finding.NotEvaluated, source.FileStart(d.files[0].Path), why)
		f.Severity = min(f.Severity, finding.Medium) // they were evaluated all the same
		p.findings = append(p.findings, f)
	}
	return p
}
