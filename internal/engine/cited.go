package engine

import (
	"cmp"
	"os"
	"slices"

	"github.com/plimsoll-dev/plimsoll/internal/discover"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// readCited reads the files that findings stand in and that discovery passed over, such as values files beside no chart:
// their ignore comments count like any other, and reporters show their lines.
func (r *run) readCited() {
	root, err := os.OpenRoot(r.options.Target.Root)
	if err != nil {
		return // rendering reports it
	}
	defer root.Close() //nolint:errcheck // only read
	seen := map[string]bool{}
	for _, f := range r.found.Files {
		seen[f.Path] = true
	}
	read := func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		data, found, err := discover.ReadRegular(root, name, int64(r.options.Config.Limits.FileSize))
		if _, text := source.IsUTF8Text(data); found && err == nil && text {
			r.found.Files = append(r.found.Files, &source.File{Path: name, Kind: source.ChartFile, Data: data})
		}
	}
	for _, f := range r.findings {
		read(f.Location.Path)
		for _, note := range f.Related {
			read(note.Location.Path)
		}
	}
	slices.SortFunc(r.found.Files, func(a, b *source.File) int { return cmp.Compare(a.Path, b.Path) })
}
