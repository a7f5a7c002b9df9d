package podsecurity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/kube"
	"github.com/plimsoll-dev/plimsoll/internal/podsecurity"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// read gives an object and the facts about it.
func read(t *testing.T, text string) (map[string]any, *kube.Facts) {
	t.Helper()
	var object map[string]any
	if err := yaml.Unmarshal([]byte(text), &object); err != nil {
		t.Fatal(err)
	}
	return object, kube.FactsOf(&source.Document{Value: object})
}

// told is a violation in short: its control, whether it is refused, and its place.
func told(f *podsecurity.Facts) []string {
	out := []string{}
	for _, v := range f.Violations {
		text := v.Level + " " + v.Control + " " + v.Path.String()
		if v.Missing {
			text += " missing"
		}
		if v.Refused {
			text += " refused"
		}
		if v.Overridden {
			text += " overridden"
		}
		out = append(out, text)
	}
	return out
}

const hardened = `allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}`

var causeCases = []struct {
	name, level, version, text string
	labels                     map[string]string
	want                       []string
}{
	{
		name: "what the pod sets and each container overrides", level: "baseline",
		text: `{apiVersion: v1, kind: Pod, spec: {securityContext: {seccompProfile: {type: Unconfined}, seLinuxOptions: {type: spc_t}},
			containers: [{name: a, image: a:1, securityContext: {seccompProfile: {type: RuntimeDefault}, seLinuxOptions: {level: s0}}}]}}`,
		want: []string{
			"baseline seLinuxOptions spec.securityContext.seLinuxOptions.type overridden",
			"baseline seccompProfile_baseline spec.securityContext.seccompProfile.type overridden",
		},
	},
	{
		name: "what one container does not override", level: "baseline",
		text: `{apiVersion: v1, kind: Pod, spec: {securityContext: {seccompProfile: {type: Unconfined}},
			initContainers: [{name: i, image: a:1}],
			containers: [{name: a, image: a:1, securityContext: {seccompProfile: {type: RuntimeDefault}}}]}}`,
		want: []string{"baseline seccompProfile_baseline spec.securityContext.seccompProfile.type"},
	},
	{
		name: "what is missing is told where it would be set, once where the pod could set it for all",
		text: `{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: a:1}, {name: b, image: b:1}]}}`,
		want: []string{
			"restricted allowPrivilegeEscalation spec.containers[0].securityContext.allowPrivilegeEscalation missing",
			"restricted allowPrivilegeEscalation spec.containers[1].securityContext.allowPrivilegeEscalation missing",
			"restricted capabilities_restricted spec.containers[0].securityContext.capabilities.drop missing",
			"restricted capabilities_restricted spec.containers[1].securityContext.capabilities.drop missing",
			"restricted runAsNonRoot spec.securityContext.runAsNonRoot missing",
			"restricted seccompProfile_restricted spec.securityContext.seccompProfile missing",
		},
	},
	{
		name: "or in the one container that lacks it",
		text: `{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: a:1, securityContext: {` + hardened + `}},
			{name: b, image: b:1, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, seccompProfile: {type: Localhost}}}]}}`,
		want: []string{"restricted runAsNonRoot spec.containers[1].securityContext.runAsNonRoot missing"},
	},
	{
		name: "what two levels forbid is told as the weaker has it",
		text: `{apiVersion: v1, kind: Pod, spec: {volumes: [{name: v, hostPath: {type: Directory, path: /}}, {name: n, nfs: {server: s}}],
			containers: [{name: a, image: a:1, securityContext: {` + hardened + `, procMount: Unmasked}}]}}`,
		want: []string{
			"baseline procMount spec.containers[0].securityContext.procMount",
			"baseline hostPathVolumes spec.volumes[0].hostPath.path",
			"restricted restrictedVolumes spec.volumes[1].nfs",
		},
	},
	{
		name: "but not what only baseline forbids: restricted asks nothing about the capabilities of Windows",
		text: `{apiVersion: v1, kind: Pod, spec: {os: {name: windows}, containers: [{name: a, image: a:1, securityContext: {
			runAsNonRoot: true, capabilities: {add: [SYS_ADMIN]}}}]}}`,
		want: []string{},
	},
	{
		name: "which baseline does", level: "baseline",
		text: `{apiVersion: v1, kind: Pod, spec: {os: {name: windows}, containers: [{name: a, image: a:1, securityContext: {
			capabilities: {add: [SYS_ADMIN]}}}]}}`,
		want: []string{"baseline capabilities_baseline spec.containers[0].securityContext.capabilities.add[0]"},
	},
	{
		name: "a part of a pod spec is held to what it says",
		text: `{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, spec: {containers: [{name: a, securityContext: {privileged: true}}]}}`,
		want: []string{"baseline privileged spec.containers[0].securityContext.privileged"},
	},
	{
		name: "so is a container outside of any",
		text: `{apiVersion: tekton.dev/v1, kind: Task, spec: {steps: [{name: a, image: a:1, securityContext: {privileged: true}}]}}`,
		want: []string{"baseline privileged spec.steps[0].securityContext.privileged"},
	},
	{
		name: "the standards of a version", level: "baseline", version: "1.33",
		text: `{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: a:1, livenessProbe: {tcpSocket: {host: db}}}]}}`,
		want: []string{},
	},
	{
		name: "and those of the next", level: "baseline", version: "v1.34",
		text: `{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: a:1, livenessProbe: {tcpSocket: {host: db}}}]}}`,
		want: []string{"baseline hostProbesAndHostLifecycle spec.containers[0].livenessProbe.tcpSocket.host"},
	},
	{
		name: "what the namespace enforces is refused, asked for or not", level: "privileged",
		labels: map[string]string{"pod-security.kubernetes.io/enforce": "baseline"},
		text:   `{apiVersion: v1, kind: Pod, spec: {hostPID: true, containers: [{name: a, image: a:1}]}}`,
		want:   []string{"baseline hostNamespaces spec.hostPID refused"},
	},
	{
		name: "by the version that it enforces", level: "baseline",
		labels: map[string]string{
			"pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/enforce-version": "v1.33",
		},
		text: `{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: a:1, livenessProbe: {tcpSocket: {host: db}}}]}}`,
		want: []string{"baseline hostProbesAndHostLifecycle spec.containers[0].livenessProbe.tcpSocket.host"},
	},
	{
		name: "a level that doesn't exist enforces restricted", level: "baseline",
		labels: map[string]string{"pod-security.kubernetes.io/enforce": "strict"},
		text:   `{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: a:1, securityContext: {` + hardened + `, runAsUser: 0}}]}}`,
		want:   []string{"restricted runAsUser spec.containers[0].securityContext.runAsUser refused"},
	},
	{
		name: "warnings and audits enforce nothing", level: "baseline",
		labels: map[string]string{"pod-security.kubernetes.io/warn": "restricted"},
		text:   `{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: a:1}]}}`,
		want:   []string{},
	},
}

func TestFactsOf(t *testing.T) {
	for _, test := range causeCases {
		t.Run(test.name, func(t *testing.T) {
			standard, err := podsecurity.New(test.level, test.version)
			if err != nil {
				t.Fatal(err)
			}
			object, facts := read(t, test.text)
			if diff := cmp.Diff(test.want, told(standard.FactsOf(object, facts, test.labels)), cmpopts.SortSlices(func(a, b string) bool { return a < b })); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOtherObjectsHaveNoFacts(t *testing.T) {
	object, facts := read(t, `{apiVersion: v1, kind: Service, spec: {hostNetwork: false}}`)
	if f := podsecurity.Default().FactsOf(object, facts, map[string]string{"pod-security.kubernetes.io/enforce": "restricted"}); f != nil {
		t.Errorf("a Service has %+v", f)
	}
}

func TestNewRefusesWhatIsNoStandard(t *testing.T) {
	for _, s := range [][2]string{{"strict", ""}, {"baseline", "1"}, {"baseline", "2.0"}, {"", "newest"}} {
		if _, err := podsecurity.New(s[0], s[1]); err == nil {
			t.Errorf("%q of %q was taken", s[0], s[1])
		}
	}
}
