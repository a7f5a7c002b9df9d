package fetch

import (
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// named is a scalar that names an image.
type named struct {
	at      source.Node
	context string
}

// jobImages are the images of a job's container and services, given as text or as the image of a map.
func jobImages(job source.Node) []named {
	out := []named{{imageOf(keyOf(job, "container")), "job container"}}
	for _, service := range keyOf(job, "services").Keys() {
		out = append(out, named{imageOf(service), "service container"})
	}
	return out
}

func imageOf(at source.Node) source.Node {
	if _, isMap := at.Value.(map[string]any); isMap {
		return keyOf(at, "image")
	}
	return at
}

// actionImage is that of a docker action; a Dockerfile in its place is read by itself.
func actionImage(top source.Node) []named {
	image := keyOf(keyOf(top, "runs"), "image")
	if !strings.HasPrefix(textOf(image), "docker://") {
		return nil
	}
	return []named{{image, "docker action"}}
}

// inputImages are inputs of actions whose value names an image that the action runs.
var inputImages = map[string]string{
	"addnab/docker-run-action": "image",
	"docker/setup-qemu-action": "image",
	"helm/kind-action":         "node_image",
}

// images lists the images that a unit fetches.
func (u *unit) images() []refs.Ref {
	f := finder{}
	for i := range u.steps {
		u.stepImages(&u.steps[i], &f)
	}
	for _, s := range u.scripts {
		f.builtBy(s)
	}
	for _, n := range u.named {
		f.named(n, u.scope)
	}
	for _, s := range u.scripts {
		for _, c := range s.commands {
			for _, p := range pulls(c) {
				f.pull(s, c, p)
			}
		}
	}
	return f.refs
}

func (u *unit) stepImages(step *workflow.Step, f *finder) {
	action := step.Action()
	if input, known := inputImages[action]; known {
		if value, path := step.Input(input); value != "" {
			f.named(named{source.Node{Value: value, Path: path}, "input " + input}, u.scope)
		}
	}
	switch {
	case action == "docker/build-push-action":
		tags, _ := step.Input("tags")
		for _, tag := range strings.FieldsFunc(tags, func(r rune) bool { return r == '\n' || r == ',' }) {
			for _, c := range u.scope.choices(strings.TrimSpace(tag)) {
				f.build(c.text)
			}
			f.opaque = f.opaque || strings.Contains(tag, "${{")
		}
	case strings.HasPrefix(step.Uses, "./"), strings.HasPrefix(step.Uses, "$/"), builders[action]:
		f.opaque = true
	}
}

// builders are actions that leave images behind whose names are not seen.
var builders = map[string]bool{
	"docker/bake-action": true, "goreleaser/goreleaser-action": true, "actions/download-artifact": true, "earthly/actions-setup": true,
}

// finder gathers the images of a unit.
type finder struct {
	refs   []refs.Ref
	built  map[string]bool // names of images that the unit builds or tags itself
	opaque bool            // it builds something whose names are not seen: a make, an archive of images that is loaded
}

func (f *finder) build(image string) {
	if f.built == nil {
		f.built = map[string]bool{}
	}
	f.built[refs.ParseImage(image).Name] = true
}

// named records the images that a scalar can name. An empty one runs no container.
func (f *finder) named(n named, in scope) {
	text := strings.TrimSpace(textOf(n.at))
	for _, c := range in.choices(text) {
		image := strings.TrimPrefix(strings.TrimSpace(c.text), "docker://")
		if image == "" || image == "null" {
			continue
		}
		r := refs.ParseImage(image)
		if r.Pin == refs.PinInvalid && c.text != text {
			continue // a literal that an expression treats apart: (none)
		}
		r.Raw, r.Context, r.Path = text, n.context, n.at.Path
		if c.path != nil {
			r.Path = c.path
		}
		f.refs = append(f.refs, r)
	}
}

// pull records the images that a word of a command can name.
func (f *finder) pull(s script, c shell.Command, p pull) {
	seen := map[string]bool{}
	for _, value := range p.values() {
		for _, option := range s.scope.choices(value) {
			r := refs.ParseImage(strings.TrimPrefix(option.text, "docker://"))
			if seen[option.text] || f.built[r.Name] || !judged(r) {
				continue
			}
			seen[option.text] = true
			place := s.place(p.word)
			if place.Text == "" {
				place = s.at(c)
			}
			r.Context, r.Path, r.Text = p.context, place.Path, place.Text
			if option.path != nil {
				r.Path, r.Text = option.path, ""
			}
			if f.opaque && !p.fetches && !r.Pinned && !commonImages[strings.TrimPrefix(strings.TrimPrefix(r.Name, "docker.io/"), "library/")] {
				r.Uncertain("the job may have built it itself")
			}
			f.refs = append(f.refs, r)
		}
	}
}

var (
	ownVersion = regexp.MustCompile(`\$\{\{[^}]*\b(github|steps|needs|runner)\.`)
	variable   = regexp.MustCompile(`\$`)
)

// judged reports whether enough is known of an image in a script: its name, and that its version is no run's own.
func judged(r refs.Ref) bool {
	switch {
	case r.Raw == "", strings.HasPrefix(r.Raw, "-"), strings.HasPrefix(r.Raw, "localhost"), strings.HasPrefix(r.Raw, "127.0.0.1"):
		return false
	case variable.MatchString(r.Name) && r.Pin != refs.PinDigest:
		return false
	case r.Pin == refs.PinInvalid:
		return false // not an image after all
	case r.Pin == refs.PinUnknown:
		return strings.Contains(r.Version, "${{") && !ownVersion.MatchString(r.Version)
	}
	return true
}

// pull is an image that a command fetches.
type pull struct {
	word    shell.Word
	prefix  string // in the word before the image
	context string
	fetches bool // it is fetched in any case, whatever is there already
}

// values are the texts that the image can be.
func (p pull) values() []string {
	var out []string
	for _, v := range p.word.Values {
		if rest, found := strings.CutPrefix(v, p.prefix); found {
			out = append(out, rest)
		}
	}
	return out
}

// builtBy notes what the commands of a script build, tag or load.
func (f *finder) builtBy(s script) {
	for _, c := range s.commands {
		words, name := c.Words, c.Name()
		if name == "docker" || name == "podman" || name == "nerdctl" || name == "buildah" {
			words = subcommand(words)
			switch verb(words) {
			case "build", "bud":
				for _, w := range flagValues(words, "-t", "--tag") {
					f.builds(s, w)
				}
			case "tag", "commit", "import":
				if last := words[len(words)-1]; len(words) > 2 {
					f.builds(s, last.Values)
				}
			case "load", "bake", "compose":
				f.opaque = true
			}
			continue
		}
		if opaqueBuilders[name] || strings.Contains(name, "/") || runsScript(c) {
			f.opaque = true
		}
	}
}

// runsScript reports whether a shell runs a file, which may build anything.
func runsScript(c shell.Command) bool {
	return shells[c.Name()] && len(c.Words) > 1 && !strings.HasPrefix(c.Words[1].Text, "-") && c.Words[1].Text != "$()"
}

func (f *finder) builds(s script, values []string) {
	for _, value := range values {
		for _, c := range s.scope.choices(value) {
			f.build(c.text)
		}
	}
}

// opaqueBuilders are programs that may build images whose names are not seen.
var opaqueBuilders = set(`make task just mage bazel bazelisk goreleaser earthly ko pack skaffold docker-compose nix nix-build mvn gradle werf
	tilt melange apko`)

// commonImages are images of Docker Hub that many use in scripts, most of Docker's own library: nobody else builds an image of
// such a name.
var commonImages = set(`alpine almalinux amazonlinux archlinux bash busybox cassandra centos consul debian docker eclipse-temurin
	elasticsearch fedora golang gradle haproxy hello-world httpd influxdb kibana logstash mariadb maven memcached mongo mysql nats nginx node
	openjdk oraclelinux perl php postgres python rabbitmq redis registry rockylinux ruby rust swift telegraf traefik ubuntu vault zookeeper
	curlimages/curl multiarch/qemu-user-static nixos/nix tonistiigi/binfmt`)

// verb is the first word behind the program, "" where there is none.
func verb(words []shell.Word) string {
	if len(words) < 2 {
		return ""
	}
	return words[1].Text
}
