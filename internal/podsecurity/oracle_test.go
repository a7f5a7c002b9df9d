package podsecurity_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"github.com/plimsoll-dev/plimsoll/internal/kube"
	"github.com/plimsoll-dev/plimsoll/internal/podsecurity"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// dice makes pods out of every field that a check reads, each often absent, often harmless and often not.
type dice struct{ *rand.Rand }

func (d dice) any(values ...any) any { return values[d.IntN(len(values))] }

// maybe sets a key, or leaves it out.
func (d dice) maybe(m map[string]any, key string, value any) {
	if d.IntN(3) == 0 {
		m[key] = value
	}
}

func (d dice) list(most int, element func() any) []any {
	list := []any{}
	for range d.IntN(most + 1) {
		list = append(list, element())
	}
	return list
}

func (d dice) profiles(context map[string]any) {
	d.maybe(context, "runAsNonRoot", d.any(true, true, false))
	d.maybe(context, "runAsUser", d.any(0, 1000))
	d.maybe(context, "seccompProfile", d.any(
		map[string]any{"type": "RuntimeDefault"}, map[string]any{"type": "Localhost", "localhostProfile": "a"},
		map[string]any{"type": "Unconfined"}, map[string]any{}))
	d.maybe(context, "appArmorProfile", map[string]any{"type": d.any("RuntimeDefault", "Localhost", "Unconfined", "")})
	selinux := map[string]any{}
	d.maybe(selinux, "type", d.any("", "container_t", "container_engine_t", "spc_t"))
	d.maybe(selinux, "user", d.any("", "system_u"))
	d.maybe(selinux, "role", d.any("", "system_r"))
	d.maybe(context, "seLinuxOptions", selinux)
	d.maybe(context, "windowsOptions", map[string]any{"hostProcess": d.any(true, false)})
}

func (d dice) container(name string) any {
	c := map[string]any{"name": name, "image": "a:1"}
	context := map[string]any{}
	d.profiles(context)
	d.maybe(context, "allowPrivilegeEscalation", d.any(true, false, false))
	d.maybe(context, "privileged", d.any(true, false))
	d.maybe(context, "procMount", d.any("Default", "Unmasked"))
	capabilities := map[string]any{}
	capability := func() any { return d.any("NET_BIND_SERVICE", "CHOWN", "SYS_ADMIN", "ALL", "net_raw") }
	d.maybe(capabilities, "add", d.list(2, capability))
	if d.IntN(2) == 0 {
		capabilities["drop"] = d.list(2, func() any { return d.any("ALL", "ALL", "NET_RAW") })
	}
	context["capabilities"] = capabilities
	if d.IntN(4) > 0 {
		c["securityContext"] = context
	}
	d.maybe(c, "ports", d.list(2, func() any { return map[string]any{"containerPort": 80, "hostPort": d.any(0, 80, 8080)} }))
	action := func() map[string]any {
		host := map[string]any{"port": 80}
		d.maybe(host, "host", d.any("", "127.0.0.1", "example.com"))
		return map[string]any{d.any("httpGet", "tcpSocket").(string): host}
	}
	for _, key := range []string{"livenessProbe", "readinessProbe", "startupProbe"} {
		d.maybe(c, key, action())
	}
	lifecycle := map[string]any{}
	d.maybe(lifecycle, "postStart", action())
	d.maybe(lifecycle, "preStop", action())
	d.maybe(c, "lifecycle", lifecycle)
	return c
}

func (d dice) pod() map[string]any {
	spec := map[string]any{}
	if d.IntN(3) == 0 {
		spec["containers"] = []any{d.hardened("a")}
	} else {
		spec["containers"] = append(d.list(2, func() any { return d.container("a") }), d.container("b"))
		d.maybe(spec, "initContainers", d.list(2, func() any { return d.container("setup") }))
		d.maybe(spec, "ephemeralContainers", d.list(1, func() any { return d.container("debug") }))
	}
	context := map[string]any{}
	d.profiles(context)
	d.maybe(context, "sysctls", d.list(2, func() any {
		return map[string]any{"value": "1", "name": d.any("kernel.shm_rmid_forced", "net.ipv4.ip_local_reserved_ports",
			"net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_rmem", "net.ipv4.tcp_notsent_lowat", "kernel.msgmax")}
	}))
	d.maybe(spec, "securityContext", context)
	d.maybe(spec, "os", map[string]any{"name": d.any("linux", "windows")})
	d.maybe(spec, "hostUsers", d.any(true, false))
	for _, key := range []string{"hostNetwork", "hostPID", "hostIPC"} {
		if d.IntN(6) == 0 {
			spec[key] = d.any(true, false)
		}
	}
	d.maybe(spec, "volumes", d.list(2, d.volume))
	return spec
}

func (d dice) volume() any {
	kind := d.any("hostPath", "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim",
		"projected", "secret", "nfs", "gitRepo", "azureFile", "iscsi", "storageos").(string)
	if d.IntN(8) == 0 {
		return map[string]any{"name": "none"} // the API makes an emptyDir of it
	}
	return map[string]any{"name": "v", kind: map[string]any{}}
}

// hardened is a container that restricted allows, but for one field that may spoil it.
func (d dice) hardened(name string) any {
	context := map[string]any{
		"allowPrivilegeEscalation": false, "runAsNonRoot": true,
		"capabilities":   map[string]any{"drop": []any{"ALL"}},
		"seccompProfile": map[string]any{"type": "RuntimeDefault"},
	}
	delete(context, d.any("allowPrivilegeEscalation", "runAsNonRoot", "capabilities", "seccompProfile", "", "", "").(string))
	return map[string]any{"name": name, "image": "a:1", "securityContext": context}
}

func (d dice) annotations() map[string]any {
	out := map[string]any{}
	d.maybe(out, "container.apparmor.security.beta.kubernetes.io/a", d.any("runtime/default", "localhost/x", "unconfined", ""))
	d.maybe(out, "container.apparmor.security.beta.kubernetes.io/gone", d.any("runtime/default", "unconfined"))
	d.maybe(out, "seccomp.security.alpha.kubernetes.io/pod", d.any("runtime/default", "docker/default", "unconfined"))
	d.maybe(out, "container.seccomp.security.alpha.kubernetes.io/b", d.any("localhost/x", "unconfined"))
	d.maybe(out, "container.seccomp.security.alpha.kubernetes.io/gone", "unconfined")
	return out
}

// TestVerdictsAreTheEvaluators holds our violations to Kubernetes' own evaluator, at every level and version: a pod has
// violations when and only when it is forbidden. The pod is read by the API's own types there, by our reading here.
func TestVerdictsAreTheEvaluators(t *testing.T) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	versions := []string{"latest"}
	for minor := range 42 {
		versions = append(versions, fmt.Sprintf("v1.%d", minor))
	}
	var standards []*podsecurity.Standard
	var asked []api.LevelVersion
	for _, level := range []api.Level{api.LevelPrivileged, api.LevelBaseline, api.LevelRestricted} {
		for _, version := range versions {
			standard, err := podsecurity.New(string(level), version)
			if err != nil {
				t.Fatal(err)
			}
			v, err := api.ParseVersion(version)
			if err != nil {
				t.Fatal(err)
			}
			standards, asked = append(standards, standard), append(asked, api.LevelVersion{Level: level, Version: v})
		}
	}
	verdicts := map[bool]int{}
	for seed := range uint64(2000) {
		d := dice{rand.New(rand.NewPCG(seed, 1))}
		object := map[string]any{
			"apiVersion": "v1", "kind": "Pod",
			"metadata": map[string]any{"name": "p", "annotations": d.annotations()}, "spec": d.pod(),
		}
		pod := typed(t, object)
		facts := kube.FactsOf(&source.Document{Value: object})
		i := int(seed) % len(standards)
		for _, i := range []int{i, len(versions), 2 * len(versions)} { // each in turn, and the latest ones
			allowed := policy.AggregateCheckResults(evaluator.EvaluatePod(asked[i], &pod.ObjectMeta, &pod.Spec)).Allowed
			found := standards[i].Of(object, facts)
			verdicts[allowed]++
			if allowed != (len(found) == 0) {
				t.Fatalf("seed %d, %s: allowed is %v, and we find %+v in\n%s", seed, standards[i], allowed, found, show(object))
			}
			for _, v := range found {
				if v.Field == "" {
					t.Fatalf("seed %d, %s: %s has no place in\n%s", seed, standards[i], v.Control, show(object))
				}
			}
		}
	}
	if verdicts[true] < 300 || verdicts[false] < 300 {
		t.Errorf("the pods are too much alike: %v", verdicts)
	}
}

func typed(t *testing.T, object map[string]any) *corev1.Pod {
	t.Helper()
	var pod corev1.Pod
	decoder := json.NewDecoder(strings.NewReader(show(object)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&pod); err != nil {
		t.Fatal(err)
	}
	for i, v := range pod.Spec.Volumes {
		if v.VolumeSource == (corev1.VolumeSource{}) {
			pod.Spec.Volumes[i].EmptyDir = &corev1.EmptyDirVolumeSource{}
		}
	}
	return &pod
}

func show(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// TestEveryCheckHasAPlace fails when the evaluator learns a check about whose fields we know nothing.
func TestEveryCheckHasAPlace(t *testing.T) {
	for _, c := range policy.DefaultChecks() {
		if !slices.Contains(podsecurity.Controls(), string(c.ID)) {
			t.Errorf("check %s: the fields that it reads are not known", c.ID)
		}
	}
}
