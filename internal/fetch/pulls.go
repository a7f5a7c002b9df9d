package fetch

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/shell"
)

// pulls lists the images that a command fetches from a registry. Where it pushes to is none of them, nor what it only asks
// about: to read the digest of a tag is how a tag gets pinned.
func pulls(c shell.Command) []pull {
	switch name := c.Name(); name {
	case "docker", "podman", "nerdctl":
		return dockerPulls(name, subcommand(c.Words))
	case "crane", "gcrane", "oras", "regctl", "cosign":
		return copies(name, c.Words)
	case "skopeo":
		return skopeo(c.Words)
	case "kubectl", "oc":
		return kubectlPulls(c.Words)
	case "kind", "k3d":
		if verb(c.Words) != "create" && (len(c.Words) < 3 || c.Words[2].Text != "create") {
			return nil
		}
		return flagPulls(c.Words, name+" create", false, "--image")
	case "crictl":
		if verb(c.Words) == "pull" {
			return first(positionals(c.Words[2:], valued("--creds", "--auth", "--pod-config", "-u", "--username")), "crictl pull", true)
		}
	case "ctr":
		return ctr(c.Words)
	}
	return nil
}

// subcommand gives the words of docker, podman or nerdctl with what stands before the verb taken out: global flags, and the
// noun in `docker image pull`.
func subcommand(words []shell.Word) []shell.Word {
	rest := words[1:]
	for len(rest) > 0 && strings.HasPrefix(rest[0].Text, "-") {
		skip := 1
		if dockerGlobals[rest[0].Text] {
			skip = 2
		}
		rest = rest[min(skip, len(rest)):]
	}
	if len(rest) > 1 && dockerNouns[rest[0].Text] {
		rest = rest[1:]
	}
	return append([]shell.Word{words[0]}, rest...)
}

var (
	dockerGlobals = set("-c --context --config -H --host -l --log-level --tlscacert --tlscert --tlskey --connection --root --namespace -n")
	dockerNouns   = set("container image buildx builder")
	// What docker run and its kin take without a value; any other flag has one.
	runSwitches = set(`--detach --rm --interactive --tty --privileged --init --read-only --publish-all --no-healthcheck
		--oom-kill-disable --sig-proxy --disable-content-trust --quiet --help --replace --rmi --no-hosts --env-host --http-proxy
		--tls-verify --use-api-socket --passwd --rootfs --no-hostname --oom-kill-disable`)
)

func dockerPulls(name string, words []shell.Word) []pull {
	if len(words) < 3 {
		return nil
	}
	context, rest := name+" "+verb(words), words[2:]
	switch verb(words) {
	case "run", "create":
		if opts := flagPulls(rest, name+" buildx create", true, "--driver-opt"); len(opts) > 0 {
			return opts
		}
		return first(positionals(rest, takesRunValue), context, pullsAlways(rest))
	case "pull":
		return first(positionals(rest, valued("--platform", "--arch", "--os", "--variant", "--authfile", "--creds", "--cert-dir", "--retry", "--retry-delay")), context, true)
	}
	return nil
}

// pullsAlways reports whether docker run is told to.
func pullsAlways(words []shell.Word) bool {
	for i, w := range words {
		if w.Text == "--pull=always" || w.Text == "--pull" && i+1 < len(words) && words[i+1].Text == "always" {
			return true
		}
	}
	return false
}

// takesRunValue tells whether the word behind a flag of docker run is its value.
func takesRunValue(flag string) bool {
	if strings.HasPrefix(flag, "--") {
		return !runSwitches[flag]
	}
	for i, letter := range flag[1:] {
		if !strings.ContainsRune("dtiPqh", letter) || letter == 'h' {
			return i == len(flag)-2 // else the value is attached
		}
	}
	return false
}

// copies reads commands whose first argument is fetched, and whose second, if there is one, is where it goes.
func copies(name string, words []shell.Word) []pull {
	var rest []shell.Word
	context := name + " " + verb(words)
	switch v := verb(words); {
	case v == "copy" || v == "cp" || v == "pull" || v == "export":
		rest = words[2:]
	case name == "regctl" && v == "image" && len(words) > 3 && (words[2].Text == "copy" || words[2].Text == "export"):
		context, rest = context+" "+words[2].Text, words[3:]
	}
	if len(rest) == 0 {
		return nil
	}
	takes := valued("--platform", "-j", "--jobs", "-o", "--output", "--registry-config", "--to-registry-config", "-u", "--username",
		"-p", "--password", "--format", "--concurrency", "--from-username", "--from-password", "--to-username", "--to-password", "--only")
	return first(positionals(rest, takes), context, true)
}

// skopeo reads `skopeo copy docker://a docker://b`.
func skopeo(words []shell.Word) []pull {
	for i, w := range words {
		if strings.HasPrefix(w.Value(), "docker://") && i > 1 && verb(words) == "copy" {
			return []pull{{word: w, prefix: "docker://", context: "skopeo copy", fetches: true}}
		}
	}
	return nil
}

// kubectlPulls reads the images that kubectl puts into a cluster.
func kubectlPulls(words []shell.Word) []pull {
	switch verb(words) {
	case "run", "create", "debug":
		return flagPulls(words[2:], "kubectl "+verb(words), false, "--image")
	case "set":
		var out []pull
		if len(words) < 4 || words[2].Text != "image" {
			return nil
		}
		for _, w := range positionals(words[3:], valued("-n", "--namespace", "-f", "--filename", "-l", "--selector", "--context", "-o")) {
			if container, image, found := strings.Cut(w.Value(), "="); found && image != "" {
				out = append(out, pull{word: w, prefix: container + "=", context: "kubectl set image"})
			}
		}
		return out
	}
	return nil
}

// ctr reads `ctr -n k8s.io image pull x`.
func ctr(words []shell.Word) []pull {
	found := positionals(words[1:], valued("-n", "--namespace", "-a", "--address", "--platform", "-u", "--user"))
	if len(found) > 2 && strings.HasPrefix(found[0].Text, "i") && found[1].Text == "pull" {
		return first(found[2:], "ctr image pull", true)
	}
	return nil
}

// flagPulls reads the images that a flag names, in `--image x` and `--image=x`; with option in `--flag image=x`.
func flagPulls(words []shell.Word, context string, option bool, flag string) []pull {
	var out []pull
	for i, w := range words {
		prefix := flag + "="
		if w.Text == flag && i+1 < len(words) {
			w, prefix = words[i+1], ""
		} else if !strings.HasPrefix(w.Text, prefix) {
			continue
		}
		if option {
			prefix += "image="
		}
		out = append(out, pull{word: w, prefix: prefix, context: context})
	}
	return out
}

// first is the pull of the first of the words.
func first(words []shell.Word, context string, fetches bool) []pull {
	if len(words) == 0 {
		return nil
	}
	return []pull{{word: words[0], context: context, fetches: fetches}}
}

// positionals are the words that are neither flags nor their values.
func positionals(words []shell.Word, takesValue func(flag string) bool) []shell.Word {
	var out []shell.Word
	for i := 0; i < len(words); i++ {
		switch t := words[i].Text; {
		case t == "--":
			return append(out, words[i+1:]...)
		case len(t) < 2 || t[0] != '-':
			out = append(out, words[i])
		case !strings.Contains(t, "=") && takesValue(t):
			i++
		}
	}
	return out
}

// valued tells flags that take the word behind them.
func valued(flags ...string) func(string) bool {
	return func(flag string) bool { return slices.Contains(flags, flag) }
}

// flagValues are what the values of flags can be, in `-t x`, `--tag x` and `--tag=x`.
func flagValues(words []shell.Word, flags ...string) [][]string {
	var out [][]string
	for i, w := range words {
		for _, flag := range flags {
			if w.Text == flag && i+1 < len(words) {
				out = append(out, words[i+1].Values)
				continue
			}
			var attached []string
			for _, v := range w.Values {
				if rest, found := strings.CutPrefix(v, flag+"="); found {
					attached = append(attached, rest)
				}
			}
			if len(attached) > 0 {
				out = append(out, attached)
			}
		}
	}
	return out
}

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}
