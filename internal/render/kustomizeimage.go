package render

import (
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
			list := items(k.value[field])
			for i := len(list) - 1; i >= 0; i-- {
				w.entry(k, source.Path{field, i}, list[i], said)
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

// trace names the part that was asked for, or else the one that says which image it is: digest, tag, name.
func (w *imageWork) trace(said imageParts) source.Trace {
	own := w.before()
	trace := source.Trace{}
	var main *imageSource
	order := []string{"digest", "tag", "suffix", "name"}
	for _, part := range order {
		from, ok := w.parts[part]
		if ok && w.text != "" && (strings.Contains(from.said, w.text) || strings.Contains(w.text, from.said)) {
			main = &from
			break
		}
	}
	asked := w.text
	if main != nil && !strings.Contains(main.said, asked) {
		asked = ""
	}
	ownHolds := own.doc != nil && w.text != "" && strings.Contains(wordOf(own.value), w.text)
	if main == nil && !ownHolds {
		asked = ""
		for _, part := range order {
			if from, ok := w.parts[part]; ok {
				main = &from
				break
			}
		}
	}
	if own.doc != nil {
		at := own.locate("")
		if main == nil {
			at = own.locate(w.text)
		}
		trace = source.Trace{Location: at.Location, Steps: at.Steps}
		if len(at.Steps) == 0 {
			_, renamed := w.parts["name"]
			trace.Steps = []source.Step{{Note: source.Note{Message: "the image stands here", Location: at.Location}, Cause: !renamed || main == nil}}
		}
	} else {
		trace.Steps = w.stands(w.path)
	}
	for _, part := range order {
		if from, ok := w.parts[part]; ok {
			at := from.k.place(from.at, "")
			if main != nil && from.k == main.k && from.at.String() == main.at.String() {
				at = from.k.place(from.at, asked)
				trace.Location = at
			}
			trace.Steps = append(trace.Steps, source.Step{Note: source.Note{Message: imageMessages[part], Location: at}, Cause: true})
		}
	}
	proved := own.doc != nil && splitImage(wordOf(own.value)).name == w.name
	trace.Span.Exact = trace.Span.Exact && (proved || own.doc == nil && len(w.parts) > 0 && w.certain(said))
	return trace
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
