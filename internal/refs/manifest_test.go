package refs_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

var digest64 = strings.Repeat("0d9b8f1a", 8)

var objectCases = map[string]struct {
	text string
	want []string // without the line
}{
	"containers of all kinds": {
		`apiVersion: v1
kind: Pod
spec:
  initContainers: [{name: i, image: a:1.0.0}]
  containers: [{name: c, image: b:1.0.0}]
  ephemeralContainers: [{name: e, image: c:1.0.0}]
  volumes: [{name: v, image: {reference: d:1.0.0, pullPolicy: Never}}, {name: w, emptyDir: {}}, {name: x, rbd: {image: foo}}]
`,
		[]string{"container: exact b", "ephemeral container: exact c", "init container: exact a", "image volume: exact d"},
	},
	"any kind": {
		"apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: {template: {spec: {containers: [{name: c, image: a:1.0.0}]}}}\n",
		[]string{"container: exact a"},
	},
	"a typed list": {
		"apiVersion: apps/v1\nkind: DeploymentList\nitems: [{metadata: {name: d}, spec: {template: {spec: {containers: [{name: c, image: a:1.0.0}]}}}}]\n",
		[]string{"container: exact a"},
	},
	"an object in another": {
		"apiVersion: argoproj.io/v1alpha1\nkind: Sensor\nspec: {triggers: [{template: {k8s: {source: {resource: {apiVersion: argoproj.io/v1alpha1, kind: Workflow, spec: {templates: [{name: t, container: {image: a:1.0.0}}]}}}}}}]}\n",
		[]string{"spec.templates.container.image: exact a"},
	},
	"a schema names none": {
		"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {versions: [{example: {containers: [{name: c, image: a}]}}]}\n", nil,
	},
	"a pattern names none": {
		"apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nspec: {rules: [{validate: {pattern: {spec: {containers: [{name: c, image: '!*:latest'}]}}}, mutate: {patchStrategicMerge: {spec: {containers: [{name: s, image: a:1.0.0}, {name: t, image: 'b/*'}]}}}}]}\n",
		[]string{"container: exact a"},
	},
	"Istio puts its own in": {
		"apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{name: istio-proxy, image: auto}]}}}\n", nil,
	},
	"Knative needs no names": {
		"apiVersion: serving.knative.dev/v1\nkind: Service\nspec: {template: {spec: {containers: [{image: a:1.0.0}]}}}\n",
		[]string{"container: exact a"},
	},
	"KEDA": {
		"apiVersion: keda.sh/v1alpha1\nkind: ScaledJob\nspec: {jobTargetRef: {template: {spec: {containers: [{name: c, image: a:1.0.0}]}}}}\n",
		[]string{"container: exact a"},
	},
	"ArgoCD names image and version apart": {
		"apiVersion: argoproj.io/v1beta1\nkind: ArgoCD\nspec: {image: a, version: v1.0.0, redis: {image: b, version: '7'}, repo: {image: c}, sso: {dex: {image: d, version: 'sha256:" + digest64 + "'}}}\n",
		[]string{"spec.image: exact a", "spec.redis.image: floating b", "spec.repo.image: unknown c", "spec.sso.dex.image: digest d"},
	},
	"IstioOperator names hub and tag": {
		"apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {hub: registry.example.com/istio, tag: 1.24.0}\n",
		[]string{"spec.image: exact registry.example.com/istio/pilot"},
	},
	"ClusterPolicy of NVIDIA names three parts": {
		"apiVersion: nvidia.com/v1\nkind: ClusterPolicy\nspec: {driver: {repository: nvcr.io/nvidia, image: driver, version: 550.54.15}, toolkit: {enabled: true}}\n",
		[]string{"spec.driver.image: exact nvcr.io/nvidia/driver"},
	},
	"a package of Crossplane, and a pod beside it": {
		"apiVersion: pkg.crossplane.io/v1beta1\nkind: DeploymentRuntimeConfig\nspec: {deploymentTemplate: {spec: {template: {spec: {containers: [{name: c, image: a:1.0.0}]}}}}}\n",
		[]string{"container: exact a"},
	},
	"Prometheus": {
		"apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nspec: {image: a:1.0.0, thanos: {image: b:1.0.0}, containers: [{name: prometheus}]}\n",
		[]string{"spec.image: exact a", "spec.thanos.image: exact b"},
	},
	"Argo Workflows": {
		"apiVersion: argoproj.io/v1alpha1\nkind: CronWorkflow\nspec: {workflowSpec: {templates: [{container: {image: a:1.0.0}}, {script: {image: b:1.0.0}, sidecars: [{name: s, image: c:1.0.0}]}, {containerSet: {containers: [{name: d, image: d:1.0.0}]}}]}}\n",
		[]string{"spec.workflowSpec.templates.container.image: exact a", "spec.workflowSpec.templates.script.image: exact b", "spec.workflowSpec.templates.sidecars.image: exact c", "container: exact d"},
	},
	"Tekton": {
		`apiVersion: tekton.dev/v1
kind: PipelineRun
spec:
  pipelineSpec:
    tasks:
      - taskSpec: {stepTemplate: {image: a:1.0.0}, steps: [{image: b:1.0.0}, {image: $(params.image)}], sidecars: [{image: c:1.0.0}]}
      - taskRef: {resolver: bundles, params: [{name: kind, value: task}, {name: bundle, value: d:1.0.0}]}
      - taskRef: {resolver: git, params: [{name: url, value: https://example.com}]}
`,
		[]string{
			"Tekton git resolver: none example.com",
			"spec.pipelineSpec.tasks.taskSpec.sidecars.image: exact c", "spec.pipelineSpec.tasks.taskSpec.stepTemplate.image: exact a",
			"spec.pipelineSpec.tasks.taskSpec.steps.image: exact b", "spec.pipelineSpec.tasks.taskSpec.steps.image: unknown $(params.image)",
			"bundle: exact d",
		},
	},
	"Spark":              {"apiVersion: sparkoperator.k8s.io/v1beta2\nkind: ScheduledSparkApplication\nspec: {template: {image: a:1.0.0, driver: {image: b:1.0.0}}}\n", []string{"spec.template.driver.image: exact b", "spec.template.image: exact a"}},
	"CloudNativePG":      {"apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nspec: {imageName: a:1.0.0, imageCatalogRef: {name: x}}\n", []string{"spec.imageName: exact a"}},
	"Strimzi":            {"apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nspec: {kafka: {image: a:1.0.0}, entityOperator: {userOperator: {image: b:1.0.0}}}\n", []string{"spec.entityOperator.userOperator.image: exact b", "spec.kafka.image: exact a"}},
	"what Strimzi built": {"apiVersion: kafka.strimzi.io/v1\nkind: KafkaConnect\nspec: {build: {output: {image: a:1.0.0}}}\n", nil},
	"Crossplane":         {"apiVersion: pkg.crossplane.io/v1\nkind: Provider\nspec: {package: xpkg.crossplane.io/a/b:v1.0.0}\n", []string{"spec.package: exact xpkg.crossplane.io/a/b"}},
	"Crossplane's own":   {"apiVersion: pkg.crossplane.io/v1\nkind: Function\nspec: {package: 'a/b:v1.0.0'}\n", []string{"spec.package: exact xpkg.crossplane.io/a/b"}},
	"Elastic":            {"apiVersion: elasticsearch.k8s.elastic.co/v1\nkind: Elasticsearch\nspec: {image: a:1.0.0}\n", []string{"spec.image: exact a"}},
	"another's image":    {"apiVersion: example.com/v1\nkind: Album\nspec: {image: cover:1.0.0}\n", nil},
	"mentioned": {
		`apiVersion: v1
kind: Pod
spec:
  containers:
    - name: operator
      image: a:1.0.0
      args: [--prometheus-config-reloader=quay.io/o/r:v0.1.0, --kubectl-image, b/k:1.0.0, --destination=r.example.com/p:1.0.0, --module=github.com/o/r:1.0.0, --addr=x.example.com:80, --name=c:1.0.0]
      env:
        - {name: RELATED_IMAGE_DB, value: "d:1.0.0"}
        - {name: SIDECAR_IMAGE, value: "e:1.0.0"}
        - {name: IMAGE, value: "hero"}
        - {name: WHICH, value: "f:1.0.0"}
        - {name: RELATED_IMAGE_FROM, valueFrom: {}}
`,
		[]string{
			"container: exact a", "variable RELATED_IMAGE_DB: exact d", "variable SIDECAR_IMAGE: exact e",
			"flag prometheus-config-reloader: exact quay.io/o/r", "flag kubectl-image: exact docker.io/b/k",
		},
	},
}

// TestObjects finds images wherever the kinds of object have them.
func TestObjects(t *testing.T) {
	for name, c := range objectCases {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, line := range lines(t, source.Manifest, c.text) {
				_, line, _ = strings.Cut(line, " ")
				line, _, _ = strings.Cut(line, "@")
				got = append(got, strings.Replace(line, " docker.io/library/", " ", 1))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("references (-want +got):\n%s", diff)
			}
		})
	}
}
