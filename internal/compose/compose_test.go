package compose_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/compose"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func serviceOf(t *testing.T, text string) compose.Service {
	t.Helper()
	docs, faults := parse.File(&source.File{Path: "compose.yaml", Kind: source.Compose, Data: []byte("services: {web: " + text + "}")})
	if len(docs) != 1 || len(faults) > 0 {
		t.Fatal(faults)
	}
	return compose.Of(docs[0]).Services[0]
}

func TestMounts(t *testing.T) {
	cases := map[string]string{
		`"/:/host:ro"`:                               "/ ro=true engine=false volumes[0]",
		`"/var/run/docker.sock:/x"`:                  "/var/run/docker.sock ro=false engine=true volumes[0]",
		`"${SOCK:-/var/run/docker.sock}:/x:ro"`:      "/var/run/docker.sock ro=true engine=true volumes[0]",
		`"/run/:/x:rslave,ro"`:                       "/run ro=true engine=true volumes[0]",
		`{type: bind, source: /etc/../, target: /e}`: "/ ro=false engine=false volumes[0].source",
		`{type: bind, source: /a, read_only: true}`:  "/a ro=true engine=false volumes[0].source",
		`"$XDG_RUNTIME_DIR/podman/podman.sock:/x"`:   "$XDG_RUNTIME_DIR/podman/podman.sock ro=false engine=true volumes[0]",
		`"data:/x"`:            "",
		`"./docker.sock:/x"`:   "",
		`/var/run/docker.sock`: "", // a volume without a name, at this place in the container
		`{type: volume, source: /var/run/docker.sock}`: "",
		`"$SOCK:/x"`: "",
		`[]`:         "",
	}
	for volume, want := range cases {
		t.Run(volume, func(t *testing.T) {
			got := ""
			for _, m := range serviceOf(t, "{volumes: ["+volume+"]}").Mounts {
				got = fmt.Sprintf("%s ro=%v engine=%v %s", m.Source, m.ReadOnly, m.Engine, m.Path[2:])
			}
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestService(t *testing.T) {
	at := func(steps ...any) source.Path { return append(source.Path{"services", "web"}, steps...) }
	got := serviceOf(t, `{privileged: "${P:-true}", use_api_socket: true, pid: host, ipc: shareable, network_mode: host,
  cap_add: [cap_net_admin, ALL, {}], security_opt: ["seccomp:unconfined", "apparmor=unconfined", "no-new-privileges:true", "seccomp:p.json"]}`)
	want := compose.Service{
		Name:       "web",
		Privileged: &compose.Place{Path: at("privileged")},
		Socket:     &compose.Place{Path: at("use_api_socket")},
		Namespaces: []compose.Namespace{{Key: "pid", Path: at("pid")}, {Key: "network_mode", Path: at("network_mode")}},
		Caps:       []compose.Text{{Value: "NET_ADMIN", Path: at("cap_add", 0)}, {Value: "ALL", Path: at("cap_add", 1)}},
		Unconfined: []compose.Text{{Value: "seccomp:unconfined", Path: at("security_opt", 0)}, {Value: "apparmor=unconfined", Path: at("security_opt", 1)}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := serviceOf(t, "{privileged: false, pid: 'service:db'}"); got.Privileged != nil || got.Namespaces != nil {
		t.Errorf("%+v", got)
	}
}
