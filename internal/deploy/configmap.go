package deploy

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// configMap is a ConfigMap that the repository has, or makes with a generator of Kustomize.
type configMap struct {
	file string           // that says so
	keys map[string]Layer // what each of its keys holds, as YAML
	// unread says of keys that it has why they are not among these.
	unread map[string]string
}

// configMaps are the repository's, by name. They are looked for when the first is asked for.
func (f *finder) configMaps() map[string][]configMap {
	if f.maps != nil {
		return f.maps
	}
	f.maps = map[string][]configMap{}
	for _, file := range f.repo.Files {
		if !f.included(file.Path) {
			continue
		}
		switch {
		case file.Kind == source.Manifest && bytes.Contains(file.Data, []byte("ConfigMap")):
			f.written(file)
		case file.Kind == source.Kustomization && bytes.Contains(file.Data, []byte("configMapGenerator")):
			f.generated(file)
		}
	}
	return f.maps
}

// written takes in the ConfigMaps of a manifest.
func (f *finder) written(file *source.File) {
	for _, o := range objects(file) {
		if o.text(source.Path{"kind"}) != "ConfigMap" {
			continue
		}
		c := configMap{file: file.Path, keys: map[string]Layer{}}
		data, _ := o.get(source.Path{"data"}).(map[string]any)
		for key := range data {
			c.keys[key] = o.layer(source.Path{"data", key}, Text)
		}
		f.keep(o.text(source.Path{"metadata", "name"}), c)
	}
}

// generated takes in the ConfigMaps that a kustomization makes of files.
func (f *finder) generated(file *source.File) {
	for _, o := range objects(file) {
		generators := source.Path{"configMapGenerator"}
		for i := range o.list(generators) {
			c := configMap{file: file.Path, keys: map[string]Layer{}}
			for _, entry := range o.texts(generators.Append(i, "files")) {
				key, name, renamed := strings.Cut(entry, "=")
				if !renamed {
					key, name = path.Base(entry), entry
				}
				if full, ok := within(path.Dir(file.Path), name); ok && f.exists(full) {
					c.keys[key] = Layer{File: full}
				}
			}
			c.unread = map[string]string{}
			for _, entry := range o.texts(generators.Append(i, "literals")) {
				key, _, _ := strings.Cut(entry, "=")
				c.unread[key] = fmt.Sprintf("its key %s is a literal in %s, which lint does not take values from", key, file.Path)
			}
			f.keep(o.text(generators.Append(i, "name")), c)
		}
	}
}

// keep takes a ConfigMap in. Of one name there are as many as there are clusters, at most.
func (f *finder) keep(name string, c configMap) {
	if len(f.maps[name]) < maxLayers {
		f.maps[name] = append(f.maps[name], c)
	}
}

// configMap is the one of a name that is nearest to a file: that shares most folders with it.
func (f *finder) configMap(name, near string) *configMap {
	var best *configMap
	most := -1
	all := f.configMaps()[name]
	for i := range all {
		if n := shared(all[i].file, near); n > most {
			best, most = &all[i], n
		}
	}
	return best
}

func sameFolder(a, b string) bool { return path.Dir(a) == path.Dir(b) }

// shared counts the folders that two files have in common. A file shares most with itself.
func shared(a, b string) int {
	if a == b {
		return len(a)
	}
	as, bs := strings.Split(path.Dir(a), "/"), strings.Split(path.Dir(b), "/")
	n := 0
	for n < min(len(as), len(bs)) && as[n] == bs[n] {
		n++
	}
	return n
}
