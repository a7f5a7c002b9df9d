// Package compose knows what the services of a Compose file may do to the machine that they run on.
package compose

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Facts is what is known about a Compose file.
type Facts struct {
	Services []Service `json:"services"` // in the order of their names
}

// Service is one service and what it takes of its machine.
type Service struct {
	Name       string      `json:"name"`
	Privileged *Place      `json:"privileged,omitempty"`
	Namespaces []Namespace `json:"namespaces,omitempty"` // of the machine, in the order pid, ipc, network_mode, userns_mode
	Caps       []Text      `json:"caps,omitempty"`       // capabilities added, upper case, without CAP_
	Unconfined []Text      `json:"unconfined,omitempty"` // security options that take a profile away
	Mounts     []Mount     `json:"mounts,omitempty"`     // folders and files of the machine
	// Socket is where the service asks for the engine's socket by name, use_api_socket.
	Socket *Place `json:"socket,omitempty"`
}

// Place is where something stands.
type Place struct {
	Path source.Path `json:"path"`
}

// Text is a word and where it stands.
type Text struct {
	Value string      `json:"value"`
	Path  source.Path `json:"path"`
}

// Namespace is one of the machine's that a service joins.
type Namespace struct {
	Key  string      `json:"key"`
	Path source.Path `json:"path"`
}

// Mount is a place of the machine within a service.
type Mount struct {
	Source   string      `json:"source"` // absolute, cleaned, variables replaced by the defaults beside them
	ReadOnly bool        `json:"readOnly"`
	Engine   bool        `json:"engine,omitempty"` // the socket of a container engine: whoever speaks to it is root
	Path     source.Path `json:"path"`
}

// Of establishes the facts; nil for a document that is no Compose file.
// See https://docs.docker.com/reference/compose-file/services/.
func Of(doc *source.Document) *Facts {
	if doc.Kind != source.Compose {
		return nil
	}
	top, _ := doc.Value.(map[string]any)
	services, _ := top["services"].(map[string]any)
	f := &Facts{Services: []Service{}}
	for _, name := range slices.Sorted(maps.Keys(services)) {
		if body, ok := services[name].(map[string]any); ok {
			f.Services = append(f.Services, serviceOf(name, body))
		}
	}
	return f
}

func serviceOf(name string, body map[string]any) Service {
	at := source.Path{"services", name}
	s := Service{Name: name}
	if isTrue(body["privileged"]) {
		s.Privileged = &Place{at.Append("privileged")}
	}
	if isTrue(body["use_api_socket"]) {
		s.Socket = &Place{at.Append("use_api_socket")}
	}
	for _, key := range []string{"pid", "ipc", "network_mode", "userns_mode"} {
		if value, ok := body[key].(string); ok && filled(value) == "host" {
			s.Namespaces = append(s.Namespaces, Namespace{key, at.Append(key)})
		}
	}
	for i, item := range list(body["cap_add"]) {
		if value, ok := item.(string); ok {
			s.Caps = append(s.Caps, Text{strings.TrimPrefix(strings.ToUpper(filled(value)), "CAP_"), at.Append("cap_add", i)})
		}
	}
	for i, item := range list(body["security_opt"]) {
		value, _ := item.(string)
		if option, profile, ok := strings.Cut(strings.Replace(value, "=", ":", 1), ":"); ok && unconfined(option, profile) {
			s.Unconfined = append(s.Unconfined, Text{value, at.Append("security_opt", i)})
		}
	}
	for i, item := range list(body["volumes"]) {
		if m, ok := mountOf(item, at.Append("volumes", i)); ok {
			s.Mounts = append(s.Mounts, m)
		}
	}
	return s
}

func list(v any) []any {
	items, _ := v.([]any)
	return items
}

// isTrue knows a boolean, and a text that has one as its default.
func isTrue(v any) bool {
	text, _ := v.(string)
	return v == true || strings.EqualFold(filled(text), "true")
}

func unconfined(option, profile string) bool {
	return profile == "unconfined" && (option == "seccomp" || option == "apparmor" || option == "systempaths") ||
		option == "label" && profile == "disable"
}

// filled replaces variables by the defaults written beside them; a text with a variable that has none is left as it is.
func filled(text string) string {
	if !strings.Contains(text, "$") {
		return text
	}
	missing := false
	lookup := func(string) (string, bool) { return "", false }
	for _, v := range template.ExtractVariables(map[string]any{"text": text}, template.DefaultPattern) {
		missing = missing || v.DefaultValue == ""
	}
	value, err := template.SubstituteWithOptions(text, lookup, template.WithoutLogging)
	if err != nil || missing {
		return text
	}
	return value
}

// mountOf reads a volume in its short or its long form, as far as it is a place of the machine.
func mountOf(item any, at source.Path) (Mount, bool) {
	m := Mount{Path: at}
	switch v := item.(type) {
	case string:
		parts := strings.Split(filled(v), ":")
		if len(parts) < 2 {
			return m, false
		}
		m.Source = parts[0]
		m.ReadOnly = len(parts) > 2 && slices.Contains(strings.Split(parts[2], ","), "ro")
	case map[string]any:
		if v["type"] != "bind" && v["type"] != nil {
			return m, false
		}
		from, _ := v["source"].(string)
		m.Source, m.ReadOnly, m.Path = filled(from), isTrue(v["read_only"]), at.Append("source")
	}
	if !strings.HasPrefix(m.Source, "/") && !strings.HasPrefix(m.Source, "${XDG_RUNTIME_DIR") && !strings.HasPrefix(m.Source, "$XDG_RUNTIME_DIR") {
		return m, false
	}
	m.Source = path.Clean(m.Source)
	m.Engine = engineSocket.MatchString(m.Source)
	return m, true
}

// engineSocket matches the sockets of container engines, and the folders that hold them.
var engineSocket = regexp.MustCompile(`/(?:docker|podman|containerd|crio|cri-dockerd|buildkitd)\.sock$|^/(?:var/)?run(?:/docker|/podman|/containerd|/crio)?$`)
