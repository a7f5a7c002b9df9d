package render

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

const originOption = types.OriginAnnotations

// kustomize builds a root kustomization, or a lone component through a kustomization made up to use it.
func (w worker) kustomize(ask request) reply {
	s := &scan{
		worker: w, ask: ask, edits: map[string][]byte{}, extra: map[string][]byte{}, read: map[string]bool{}, asis: map[string]bool{},
	}
	at, _, err := w.tree.resolve(ask.Root)
	if err != nil {
		at = ask.Root
	}
	s.dir(at, nil)
	b := &build{scan: s}
	view := overlay{tree: w.tree, edits: s.edits, extra: s.extra}
	from := path.Join(mount, at)
	if ask.Lone {
		view.made = fmt.Appendf(nil, `{"components":[%q],"buildMetadata":[%q]}`, "../"+strings.TrimPrefix(from, "/"), originOption)
		from = made
	}
	options := krusty.MakeDefaultOptions()
	if len(s.outside) > 0 {
		options.LoadRestrictions = types.LoadRestrictionsNone // the view itself holds to the repository
	}
	if s.refused {
		b.blameAll()
	} else if err := b.run(options, view, from); err != nil {
		b.fail(err)
	}
	if !ask.LoadOutside {
		s.left = append(s.left, s.outside...)
	}
	b.reply.Problems = append(b.reply.Problems, s.problems...)
	for _, p := range s.left {
		b.reply.Problems = append(b.reply.Problems, problem{Problem: p})
	}
	b.reply.Inputs = append(b.kustomizations(), s.files...)
	b.reply.Retire = s.special
	return b.reply
}

// build is what becomes of one root kustomization.
type build struct {
	*scan
	reply reply
	still bool // nothing was moved
	short bool // schemas are kept from the library
	lined bool // the library was not asked where objects are from
}

func (b *build) kustomizations() []string {
	names := make([]string, len(b.found))
	for i, k := range b.found {
		names[i] = k.file.Path
	}
	return names
}

// keepsOrigins reports whether the author asked for the annotations that tell us the origins.
func (b *build) keepsOrigins() bool {
	if len(b.found) == 0 || b.ask.Lone {
		return false
	}
	metadata, _ := b.found[0].value["buildMetadata"].([]any)
	return slices.Contains(metadata, any(originOption))
}

// origin is the place of an object: its resource file, or its generator's kustomization.
func (b *build) origin(origin *resource.Origin, from, kind, name string) text {
	if origin == nil {
		return text{}
	}
	if at, err := local(path.Join(from, origin.Path)); err == nil && origin.Path != "" {
		if _, ok := b.extra[at]; ok {
			return b.charted(at)
		}
		if real, _, err := b.tree.resolve(at); err == nil {
			at = real
		}
		return text{Source: at}
	}
	if at, err := local(path.Join(from, origin.ConfiguredIn)); err == nil {
		return text{Anchor: b.generator(at, kind, name)}
	}
	return text{}
}

// charted is the template that wrote one of the texts that the library found beside a kustomization.
func (b *build) charted(name string) text {
	in := b.pads.inputs[name]
	if in == nil || len(in.parts) == 0 {
		return text{}
	}
	return b.chartedBy(b.pads.origins[in.parts[0].origin])
}

func (b *build) chartedBy(o origin) text {
	run := b.charts[o.Chart-1]
	t := run.Reply.Texts[o.Text]
	out := text{Source: t.Source, Anchor: t.Anchor, Chart: o.Chart, Part: o.Text}
	if t.Source == "" && t.Anchor.Path == "" {
		out.Anchor = run.At
	}
	return out
}

// generator is the line of the generator that made an object: the one whose name is in the object's, or else the list.
func (b *build) generator(file, kind, object string) source.Location {
	i := slices.IndexFunc(b.found, func(k *kustomization) bool { return k.file.Path == file })
	if i < 0 {
		return source.FileStart(file)
	}
	k := b.found[i]
	field := strings.ToLower(kind[:min(1, len(kind))]) + kind[min(1, len(kind)):] + "Generator"
	best, at := 0, source.Path{field}
	if k.value[field] == nil {
		at = source.Path{"generators"}
	}
	for i, item := range items(k.value[field]) {
		if name := scalarText(item["name"]); strings.Contains(object, name) && len(name) > best {
			best, at = len(name), source.Path{field, i, "name"}
		}
	}
	return k.locate(at)
}

// maxBlames is how many entries of one kustomization are named when it does not build.
const maxBlames = 20

// blameAll fails the build for all that cannot be followed, where there is any.
func (b *build) blameAll() bool {
	for i, blame := range b.blames {
		p := Problem{Rule: RenderError, Location: blame.at, What: "kustomization " + b.ask.Root, Message: blame.message}
		if i == maxBlames {
			p.Message = fmt.Sprintf("this and %d more of kustomization %s cannot be followed; mend the %d that are named first",
				len(b.blames)-i-1, b.ask.Root, maxBlames)
		}
		b.reply.Problems = append(b.reply.Problems, problem{Problem: p, Unread: blame.unread})
		if i == maxBlames {
			break
		}
	}
	b.reply.Failed, b.reply.Texts = true, nil
	return len(b.blames) > 0
}

// fail says why the build failed, at the entries that cause it when that can be told.
func (b *build) fail(err error) {
	if b.blameAll() {
		return
	}
	said, where := plainKustomizeError(err)
	if len(b.left) > 0 {
		for i := range b.left {
			b.left[i].Message += "; the kustomization does not build without it: " + said
		}
		return
	}
	p := Problem{Rule: RenderError, What: "kustomization " + b.ask.Root}
	switch at, message, ok := b.cause(said, where); {
	case ok && !b.ask.Lone:
		p.Location, p.Message = at, message
	case b.ask.Lone:
		p.Rule, p.Location = NotEvaluated, source.FileStart(b.ask.File)
		p.Message = "the component was not analysed: no kustomization of the repository uses it, and it does not build alone: " + said
	default:
		p.Location, p.Message = source.FileStart(b.ask.File), "the kustomization does not build: "+said
		if file, ok := kustomizationIn(where, b.tree.isFile); ok && where != "" {
			p.Location = source.FileStart(file)
		}
	}
	b.reply.Problems = append(b.reply.Problems, problem{Problem: p})
}

// cause finds the place in the repository that an error of the library is about.
func (b *build) cause(said, where string) (source.Location, string, bool) {
	message := "the kustomization does not build: " + said
	for _, k := range b.found {
		if where != "" && k.dir() != where {
			continue
		}
		if at, ok := b.patchAt(k, said); ok {
			return k.locate(at), message, true
		}
		if at, ok := generatorAt(k, said); ok {
			return k.locate(at), message, true
		}
		if at, ok := resourceAt(k, said); ok {
			return k.locate(at), message, true
		}
		if m := badField.FindStringSubmatch(said); m != nil {
			name := m[1] + m[4]
			if value, ok := k.value[name]; ok {
				return k.locate(append(source.Path{name}, oddItem(value)...)), message, true
			}
		}
	}
	return source.Location{}, "", false
}

// patchAt finds the entry of a patch that an error speaks of: by its file, by where it is written, or by the object that
// it is for.
func (b *build) patchAt(k *kustomization, said string) (source.Path, bool) {
	object := forObject.FindStringSubmatch(said)
	for _, name := range []string{"patches", "patchesStrategicMerge", "patchesJson6902"} {
		list, _ := k.value[name].([]any)
		for i, item := range list {
			at := source.Path{name, i}
			m, _ := item.(map[string]any)
			file, inline := wordOf(m["path"]), at.Append("patch")
			if text, ok := item.(string); ok {
				file, inline = text, at
			}
			switch {
			case strings.Contains(said, fmt.Sprintf("[path: %q]", inline.String())), file != "" && strings.Contains(said, fmt.Sprintf("[path: %q]", file)):
				return at, true
			case object != nil && b.patches(k, file, inline, object[1], object[2]):
				return at, true
			}
		}
	}
	return nil, false
}

// resourceAt finds the entry of the resource that an error speaks of.
func resourceAt(k *kustomization, said string) (source.Path, bool) {
	m := ofResource.FindStringSubmatch(said)
	list, _ := k.value["resources"].([]any)
	i := slices.IndexFunc(list, func(item any) bool { return m != nil && wordOf(item) == m[1] })
	return source.Path{"resources", i}, i >= 0
}

// patches reports whether a patch is for the object of that kind and name.
func (b *build) patches(k *kustomization, file string, inline source.Path, kind, name string) bool {
	data, _, err := b.tree.read(k.dir() + "/" + file)
	if value, _ := inline.Get(k.value); err != nil && value != nil {
		text, _ := value.(string)
		data = []byte(text)
	}
	docs, _ := parse.YAML(&source.File{Path: k.file.Path, Data: data}, source.Manifest, source.YAML11) // what is no YAML is told by itself
	return slices.ContainsFunc(docs, func(d *source.Document) bool { return field(d.Value, "kind") == kind && nameOf(d.Value) == name })
}

// oddItem is the first item of a list that is no map where others are, or no text where others are.
func oddItem(list any) source.Path {
	values, _ := list.([]any)
	texts := 0
	for _, v := range values {
		if _, ok := v.(string); ok {
			texts++
		}
	}
	for i, v := range values {
		_, isText := v.(string)
		_, isMap := v.(map[string]any)
		if (texts*2 > len(values) && !isText) || (texts*2 <= len(values) && !isMap) {
			return source.Path{i}
		}
	}
	return nil
}

var (
	// The names of a field in the library's complaints about it.
	badField = regexp.MustCompile(`unknown field "(\w+)"|cannot unmarshal (\w+) into Go struct field Kustomization\.(\w+)|the field (\w+) takes no `)
	recursed = regexp.MustCompile(`recursed accumulation of path '([^']*)': |couldn't make target for path '([^']*)': `)
	// The library tries an entry as a file first and tells of that failure before the one that counts.
	triedFile = regexp.MustCompile(`accumulat(?:ion err=|ing resources from )'.*?(?:is no regular file|does not exist|no such file or directory)'?: `)
	forObject = regexp.MustCompile(`a patch is for (\w+)/(\S+), which`)
	// A file of resources that cannot be read as such; the library then tries it as a directory.
	noResource = regexp.MustCompile(`^accumulating resources from '([^']*)': (.*)': must build at directory: `)
	ofResource = regexp.MustCompile(`^resource (\S+): `)
	noTarget   = regexp.MustCompile(`no matches for Id (\w+)\.\S*?/([^\s.]+)\.`)
	prefixes   = regexp.MustCompile(`^(?:accumulating (?:resources|components): |accumulateDirectory: "|accumulation err=')+`)
)

// plainKustomizeError is the end of an error's chain, and the directory of the kustomization that it is about.
func plainKustomizeError(err error) (said, where string) {
	said = err.Error()
	if all := recursed.FindAllStringSubmatchIndex(said, -1); all != nil {
		last := all[len(all)-1]
		for i := 2; i < len(last); i += 2 {
			if last[i] >= 0 {
				if at, err := local(said[last[i]:last[i+1]]); err == nil {
					where = at
				}
			}
		}
		said = said[last[1]:]
	}
	said = triedFile.ReplaceAllString(said, "")
	if m := noResource.FindStringSubmatch(prefixes.ReplaceAllString(said, "")); m != nil {
		said = fmt.Sprintf("resource %s: %s", m[1], strings.Replace(m[2], "missing Resource metadata", "it holds no Kubernetes object", 1))
	}
	said = plainMergeError(prefixes.ReplaceAllString(said, ""))
	if m := noTarget.FindStringSubmatch(said); m != nil {
		said = fmt.Sprintf("a patch is for %s/%s, which is not among the resources", m[1], m[2])
	}
	if m := badField.FindStringSubmatch(said); m != nil && m[3] != "" {
		said = fmt.Sprintf("the field %s takes no %s", m[3], m[2])
	}
	said = strings.TrimPrefix(said, "invalid Kustomization: json: ")
	said = strings.ReplaceAll(said, mount+"/", "")
	said = strings.ReplaceAll(said, mount, "the repository's root")
	return strings.TrimSuffix(oneLine(said), `"`), where
}
