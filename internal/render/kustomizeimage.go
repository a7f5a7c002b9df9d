package render

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// imageParts are the parts of an image, as Kustomize takes it apart.
type imageParts struct{ name, tag, digest string }

func splitImage(image string) imageParts {
	rest, digest, _ := strings.Cut(image, "@")
	slash := strings.LastIndexByte(rest, '/')
	if colon := strings.LastIndexByte(rest, ':'); colon > slash {
		return imageParts{rest[:colon], rest[colon+1:], digest}
	}
	return imageParts{rest, "", digest}
}

// imageWork goes back through the images entries that an image went through.
type imageWork struct {
	question
	name  string // of the image before the entries that were passed
	parts map[string]imageSource
}

// imageSource is the field of an images entry that gives a part of an image.
type imageSource struct {
	k    *kustomization
	at   source.Path
	said string
}

// image follows an image back through the images entries of the kustomizations. Each entry is known by the name that it
// gives, and tells by its own name what the one before it has to give.
func (q question) image() (source.Trace, bool) {
	if q.said == "" || len(q.path) == 0 || q.path[len(q.path)-1] != "image" {
		return source.Trace{}, false
	}
	said := splitImage(q.said)
	w := imageWork{question: q, name: said.name, parts: map[string]imageSource{}}
	for _, k := range q.stages {
		for _, field := range []string{"imageTags", "images"} { // the old ones come last
			for i, item := range slices.Backward(items(k.value[field])) {
				w.entry(k, source.Path{field, i}, item, said)
			}
		}
	}
	if len(w.parts) == 0 {
		return source.Trace{}, false
	}
	return w.trace(said), true
}

// entry takes one entry into account, if it is one that the image went through.
func (w *imageWork) entry(k *kustomization, at source.Path, item map[string]any, said imageParts) {
	name, newName := wordOf(item["name"]), wordOf(item["newName"])
	tag, digest, suffix := wordOf(item["newTag"]), wordOf(item["digest"]), wordOf(item["tagSuffix"])
	gives := newName
	if gives == "" {
		gives = name
	}
	if name == "" || gives != w.name {
		return
	}
	_, tagged := w.parts["tag"]
	if tagged = tagged || w.parts["digest"].k != nil; !tagged && !fits(said, tag, digest, suffix) {
		return
	}
	if _, done := w.parts["name"]; !done && newName != "" {
		w.parts["name"] = imageSource{k, at.Append("newName"), newName}
	}
	if !tagged {
		if tag != "" {
			w.parts["tag"] = imageSource{k, at.Append("newTag"), tag}
		}
		if digest != "" {
			w.parts["digest"] = imageSource{k, at.Append("digest"), digest}
		}
		if tag == "" && digest == "" && suffix != "" {
			w.parts["suffix"] = imageSource{k, at.Append("tagSuffix"), suffix}
		}
	}
	w.name = name
}

// fits reports whether an entry of that tag, digest and suffix may have made the image.
func fits(said imageParts, tag, digest, suffix string) bool {
	switch {
	case tag != "" || digest != "":
		return tag == said.tag && digest == said.digest
	case suffix != "":
		return strings.HasSuffix(said.tag, suffix)
	}
	return true
}

// imageOrder is the order in which the parts say which image it is.
var imageOrder = []string{"digest", "tag", "suffix", "name"}

// trace names the part that was asked for, or else the one that says most about which image it is.
func (w *imageWork) trace(said imageParts) source.Trace {
	own := w.before()
	main := w.chosen(own)
	trace := source.Trace{Steps: w.stands(w.path)}
	if own.doc != nil {
		trace = w.standing(own, main)
	}
	for _, part := range imageOrder {
		from, ok := w.parts[part]
		if !ok {
			continue
		}
		at := from.k.place(from.at, "")
		if part == main {
			if strings.Contains(from.said, w.text) {
				at = from.k.place(from.at, w.text)
			}
			trace.Location = at
		}
		trace.Steps = append(trace.Steps, source.Step{Note: source.Note{Message: imageMessages[part], Location: at}, Cause: true})
	}
	proved := own.doc != nil && splitImage(wordOf(own.value)).name == w.name
	trace.Span.Exact = trace.Span.Exact && (proved || (own.doc == nil && w.certain(said)))
	return trace
}

// chosen is the part that holds the text that was asked for, "" when only the image as it stood before has it. For no
// text, or one that nothing holds, it is the first part that an entry gives.
func (w *imageWork) chosen(own place) string {
	was := splitImage(wordOf(own.value))
	for _, fits := range []func(said string) bool{
		func(said string) bool { return said == w.text },
		func(said string) bool {
			return said != "" && (strings.Contains(said, w.text) || strings.Contains(w.text, said))
		},
	} {
		if w.text == "" {
			break
		}
		for _, part := range imageOrder {
			if from, ok := w.parts[part]; ok && fits(from.said) {
				return part
			}
		}
		if own.doc != nil && (fits(was.name) || fits(was.tag) || fits(was.digest)) {
			return ""
		}
	}
	for _, part := range imageOrder {
		if _, ok := w.parts[part]; ok {
			return part
		}
	}
	return ""
}

// standing is the trace of the image as it stood before the entries; main is the part that an entry gives instead.
func (w *imageWork) standing(own place, main string) source.Trace {
	text := ""
	if main == "" {
		text = w.text
	}
	at := own.locate(text)
	if len(at.Steps) == 0 {
		_, renamed := w.parts["name"]
		at.Steps = []source.Step{{Note: source.Note{Message: "the image stands here", Location: at.Location}, Cause: !renamed || main == ""}}
	}
	return at
}

// certain reports whether the entries by themselves make all of the image.
func (w *imageWork) certain(said imageParts) bool {
	return w.parts["tag"].said == said.tag && w.parts["digest"].said == said.digest
}

var imageMessages = map[string]string{
	"name": "the images entry sets the name here", "tag": "the images entry sets the tag here",
	"digest": "the images entry sets the digest here", "suffix": "the images entry adds to the tag here",
}

// before is the image as it stands in the resource or in the patch that gives it.
func (w *imageWork) before() place {
	matches := func(p place) bool { return p.doc != nil && splitImage(wordOf(p.value)).name == w.name }
	if matches(w.placeholder) {
		return w.placeholder
	}
	if matches(w.key) {
		return w.key
	}
	there, ok := w.sameShape()
	if ok && matches(there) {
		return there
	}
	for _, k := range w.stages {
		if at, ok := w.patched(k, func(value any) bool { return splitImage(wordOf(value)).name == w.name }); ok {
			return at
		}
	}
	if w.key.doc != nil {
		return w.key
	}
	return there
}
