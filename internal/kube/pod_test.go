package kube_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/plimsoll-dev/plimsoll/internal/kube"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

var shapeCases = []struct {
	name, text string
	want       []string // paths of the pods; a complete one is marked
}{
	{
		"pod",
		`{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: b}]}}`,
		[]string{"spec complete"},
	},
	{
		"deployment",
		`{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {containers: [{name: a, image: b}]}}}}`,
		[]string{"spec.template.spec complete"},
	},
	{
		"cron job",
		`{apiVersion: batch/v1, kind: CronJob, spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: b}]}}}}}}`,
		[]string{"spec.jobTemplate.spec.template.spec complete"},
	},
	{
		"kinds nobody has heard of",
		`{apiVersion: argoproj.io/v1alpha1, kind: Rollout, spec: {template: {spec: {containers: [{name: a, image: b}]}}}}`,
		[]string{"spec.template.spec complete"},
	},
	{
		"several in one object, in order of their paths",
		`{apiVersion: x.io/v1, kind: Cluster, spec: {
				workers: [{template: {spec: {containers: [{image: b}]}}}, {template: {spec: {containers: [{image: b}]}}}],
				head: {template: {spec: {containers: [{image: b}]}}}}}`,
		[]string{
			"spec.head.template.spec",
			"spec.workers[0].template.spec", "spec.workers[1].template.spec",
		},
	},
	{
		"an operator's additions to its own pods are not complete",
		`{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, spec: {containers: [{name: prometheus, image: b}]}}`,
		[]string{"spec"},
	},
	{
		"nor are the values of a chart",
		`{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, spec: {values: {template: {spec: {containers: [{name: a, image: b}]}}}}}`,
		[]string{"spec.values.template.spec"},
	},
	{
		"nor is a patch that leaves the image to the base",
		`{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {containers: [{name: a}]}}}}`,
		[]string{"spec.template.spec"},
	},
	{
		"nor one that adds an init container",
		`{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {initContainers: [{name: a, image: b}]}}}}`,
		[]string{"spec.template.spec"},
	},
	{
		"a part of a pod spec that shares the node's network",
		`{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, spec: {hostNetwork: true, podMetadata: {hostNetwork: "x"}}}`,
		[]string{"spec"},
	},
	{
		"where nobody reads it",
		`{apiVersion: v1, kind: Pod, metadata: {hostNetwork: true}, spec: {containers: [{name: a, image: b}]}}`,
		[]string{"spec complete"},
	},
	{
		"above the template of a controller",
		`{apiVersion: apps/v1, kind: Deployment, spec: {hostPID: true, template: {spec: {hostPID: true}}}}`,
		[]string{"spec.template.spec"},
	},
	{
		"schemas describe pods, they are none",
		`{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, spec: {example: {containers: [{name: a, image: b}]}}}`,
		nil,
	},
	{
		"so do the rules of a pod security policy",
		`{apiVersion: policy/v1beta1, kind: PodSecurityPolicy, spec: {hostNetwork: true}}`,
		nil,
	},
	{
		"and admission policies",
		`{apiVersion: kyverno.io/v1, kind: ClusterPolicy, spec: {rules: [{validate: {pattern: {spec: {containers: [{image: "!*:latest"}]}}}}]}}`,
		nil,
	},
	{
		"containers that are something else",
		`{apiVersion: x.io/v1, kind: Thing, spec: {containers: [blue, red], crate: {containers: 3}, hold: {containers: [{size: 3}]}}}`,
		nil,
	},
}

func TestPodsAreFoundByShape(t *testing.T) {
	for _, test := range shapeCases {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, pod := range factsOf(t, test.text).Pods {
				path := pod.Path.String()
				if pod.Complete {
					path += " complete"
				}
				got = append(got, path)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestContainersOutsideOfPods(t *testing.T) {
	facts := factsOf(t, `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
spec:
  templates:
    - container: {image: docker:28}
      sidecars:
        - {name: daemon, image: docker:28-dind, securityContext: {privileged: true}}
    - podSpecPatch: {containers: [{name: main, image: a:1, securityContext: {privileged: true}}]}
`)
	var got []string
	for _, c := range facts.Containers {
		got = append(got, c.Name+" at "+c.Path.String())
	}
	want := []string{"daemon at spec.templates[0].sidecars[0]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPodFields(t *testing.T) {
	pod := factsOf(t, `
apiVersion: v1
kind: Pod
metadata: {name: agent}
spec:
  hostNetwork: yes
  hostPID: false
  hostIPC: "true"
  serviceAccount: agent
  automountServiceAccountToken: false
  containers:
    - {name: a, image: b}
  volumes:
    - {name: cache, emptyDir: {}}
    - {name: docker, hostPath: {path: /var/run/docker.sock}}
    - {name: token, projected: {sources: [{configMap: {name: ca}}, {serviceAccountToken: {path: token}}]}}
`).Pods[0]
	want := kube.Pod{
		Path: source.Path{"spec"}, Complete: true,
		HostNetwork:                  &kube.Setting[bool]{Value: true, Path: source.Path{"spec", "hostNetwork"}},
		HostPID:                      &kube.Setting[bool]{Value: false, Path: source.Path{"spec", "hostPID"}},
		HostIPC:                      nil, // text: the API server refuses it
		ServiceAccountName:           &kube.Setting[string]{Value: "agent", Path: source.Path{"spec", "serviceAccount"}},
		AutomountServiceAccountToken: &kube.Setting[bool]{Path: source.Path{"spec", "automountServiceAccountToken"}},
		Volumes: []kube.Volume{
			{
				Name: "docker", Path: source.Path{"spec", "volumes", 1},
				HostPath: &kube.Setting[string]{
					Value: "/var/run/docker.sock",
					Path:  source.Path{"spec", "volumes", 1, "hostPath", "path"},
				},
			},
			{Name: "token", Path: source.Path{"spec", "volumes", 2}, ServiceAccountToken: true},
		},
	}
	if diff := cmp.Diff(want, pod, cmpopts.IgnoreFields(kube.Pod{}, "Containers"), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

func TestWhatContainersAreGiven(t *testing.T) {
	facts := factsOf(t, `
apiVersion: v1
kind: Pod
spec:
  shareProcessNamespace: true
  hostAliases: [{ip: 10.0.0.1, hostnames: [db]}, {ip: 7}]
  containers:
    - name: a
      image: b
      resources: {limits: {memory: 1Gi}}
      env:
        - {name: A, value: plain}
        - {name: B, valueFrom: {secretKeyRef: {name: db, key: password}}}
        - {name: C, valueFrom: {configMapKeyRef: {name: db, key: host}}}
      envFrom: [{configMapRef: {name: all}}, {secretRef: {name: tokens}}]
    - {name: c, image: d, resources: {requests: {memory: 1Gi}, limits: {cpu: 1}}}
`)
	pod := facts.Pods[0]
	env := source.Path{"spec", "containers", 0}
	want := kube.Pod{
		ShareProcessNamespace: &kube.Setting[bool]{Value: true, Path: source.Path{"spec", "shareProcessNamespace"}},
		HostAliases:           []kube.Setting[string]{{Value: "10.0.0.1", Path: source.Path{"spec", "hostAliases", 0, "ip"}}},
		Containers: []kube.Container{
			{Name: "a", MemoryLimit: true, SecretEnv: []kube.Setting[string]{
				{Value: "db", Path: env.Append("env", 1, "valueFrom", "secretKeyRef", "name")},
				{Value: "tokens", Path: env.Append("envFrom", 1, "secretRef", "name")},
			}},
			{Name: "c"},
		},
	}
	ignored := []cmp.Option{
		cmpopts.IgnoreFields(kube.Pod{}, "Path", "Complete", "Volumes"),
		cmpopts.IgnoreFields(kube.Container{}, "Kind", "Path", "Image", "Capabilities"), cmpopts.EquateEmpty(),
	}
	if diff := cmp.Diff(want, pod, ignored...); diff != "" {
		t.Error(diff)
	}
}

func TestWindows(t *testing.T) {
	tests := []struct {
		name, spec string
		want       bool
	}{
		{"nothing said", "", false},
		{"its os", "os: {name: windows}, ", true},
		{"another os", "os: {name: linux}, ", false},
		{"its nodes", "nodeSelector: {kubernetes.io/os: windows}, ", true},
		{"its nodes by the older label", "nodeSelector: {beta.kubernetes.io/os: windows}, ", true},
		{"its containers", "securityContext: {windowsOptions: {hostProcess: true}}, ", true},
		{"a container", "initContainers: [{name: i, securityContext: {windowsOptions: {hostProcess: true}}}], ", true},
		{"no such container", "securityContext: {windowsOptions: {hostProcess: false}}, ", false},
	}
	for _, test := range tests {
		pod := factsOf(t, "{apiVersion: v1, kind: Pod, spec: {"+test.spec+"containers: [{name: a, image: b}]}}").Pods[0]
		if pod.Windows != test.want {
			t.Errorf("%s: Windows is %v", test.name, pod.Windows)
		}
	}
}

func TestContainersAndWhatTheyInherit(t *testing.T) {
	containers := factsOf(t, `
apiVersion: v1
kind: Pod
metadata: {name: agent}
spec:
  securityContext: {runAsNonRoot: true, runAsUser: 1000, privileged: true}
  ephemeralContainers:
    - {name: debug}
  containers:
    - name: own
      image: app:1
      securityContext:
        privileged: true
        runAsNonRoot: false
        runAsUser: 0
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {add: [SYS_ADMIN, 7], drop: [ALL]}
  initContainers:
    - {name: inherits, image: setup:1}
`).Pods[0].Containers
	at := func(steps ...any) source.Path { return source.Path{"spec"}.Append(steps...) }
	flag := func(value bool, steps ...any) *kube.Setting[bool] {
		return &kube.Setting[bool]{Value: value, Path: at(steps...)}
	}
	context := func(key string) []any { return []any{"containers", 0, "securityContext", key} }
	podUser := &kube.Setting[int64]{Value: 1000, Path: at("securityContext", "runAsUser")}
	want := []kube.Container{
		{
			Name: "inherits", Kind: kube.InitContainer, Path: at("initContainers", 0),
			Image:        &kube.Setting[string]{Value: "setup:1", Path: at("initContainers", 0, "image")},
			RunAsNonRoot: flag(true, "securityContext", "runAsNonRoot"),
			RunAsUser:    podUser,
		},
		{
			Name: "own", Kind: kube.MainContainer, Path: at("containers", 0),
			Image:                    &kube.Setting[string]{Value: "app:1", Path: at("containers", 0, "image")},
			Privileged:               flag(true, context("privileged")...),
			RunAsNonRoot:             flag(false, context("runAsNonRoot")...),
			RunAsUser:                &kube.Setting[int64]{Path: at(context("runAsUser")...)},
			AllowPrivilegeEscalation: flag(false, context("allowPrivilegeEscalation")...),
			ReadOnlyRootFilesystem:   flag(true, context("readOnlyRootFilesystem")...),
			Capabilities: kube.Capabilities{
				Add:  []kube.Setting[string]{{Value: "SYS_ADMIN", Path: at("containers", 0, "securityContext", "capabilities", "add", 0)}},
				Drop: []kube.Setting[string]{{Value: "ALL", Path: at("containers", 0, "securityContext", "capabilities", "drop", 0)}},
			},
		},
		{
			Name: "debug", Kind: kube.EphemeralContainer, Path: at("ephemeralContainers", 0),
			RunAsNonRoot: flag(true, "securityContext", "runAsNonRoot"),
			RunAsUser:    podUser,
		},
	}
	if diff := cmp.Diff(want, containers, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

// TestAbsentSettingsAreAbsentInJSON holds what policies rely on: `not pod.hostNetwork` is true where nothing is said.
func TestAbsentSettingsAreAbsentInJSON(t *testing.T) {
	facts := factsOf(t, `{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: b}]}}`)
	got, err := json.Marshal(facts.Pods)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"path":["spec"],"complete":true,"hostAliases":[],"volumes":[],"containers":[{"name":"a","kind":"container",` +
		`"path":["spec","containers",0],"image":{"value":"b","path":["spec","containers",0,"image"]},` +
		`"capabilities":{"add":[],"drop":[]},"secretEnv":[],"memoryLimit":false}]}]`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}
