package refs_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

var gitOpsCases = []struct {
	name, text string
	want       []string
}{
	{
		name: "Argo CD: a list of sources hides the single one",
		text: `apiVersion: argoproj.io/v1alpha1
kind: Application
spec:
  source: {repoURL: https://git.example.com/a.git}
  sources:
    - repoURL: git@git.example.com:b/c.git
      targetRevision: refs/heads/main
    - {repoURL: registry.example.com/charts, chart: web, targetRevision: 1.2}
    - repoURL: oci://registry.example.com/manifests
      targetRevision: sha256:0d9b8f1a7c6e5d4c3b2a19080706050403020100f0e0d0c0b0a0908070605040
    - repoURL: https://git.example.com/d.git
      targetRevision: v1.*
    - repoURL: https://git.example.com/e.git
      targetRevision: "{{ .revision }}"
`,
		want: []string{
			"7 Argo CD source: branch git.example.com/b/c@refs/heads/main",
			"8 Argo CD release: floating web@1.2",
			"10 Argo CD source: digest registry.example.com/manifests@sha256:0d9b8f1a7c6e5d4c3b2a19080706050403020100f0e0d0c0b0a0908070605040",
			"12 Argo CD source: floating git.example.com/d@v1.*",
			"14 Argo CD source: unknown git.example.com/e@{{ .revision }}",
		},
	},
	{
		name: "Flux: the first part of a ref that counts",
		text: `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
spec:
  url: https://git.example.com/a
  ref:
    branch: main
    tag: v1.2.3
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
spec:
  url: https://git.example.com/a
  ref: {name: refs/pull/420/head}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
spec: {url: https://git.example.com/a}
---
apiVersion: source.toolkit.fluxcd.io/v1beta2
kind: OCIRepository
spec: {url: oci://registry.example.com/a, ref: {semver: 1.x, tag: 1.2.3}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
spec: {chart: web, version: 1.2.3, sourceRef: {kind: HelmRepository, name: c}}
---
apiVersion: example.com/v1
kind: GitRepository
spec: {url: https://git.example.com/a}
`,
		want: []string{
			"7 Flux GitRepository: exact git.example.com/a@v1.2.3",
			"13 Flux GitRepository: branch git.example.com/a@refs/pull/420/head",
			"17 Flux GitRepository: none git.example.com/a@",
			"21 Flux OCIRepository: floating registry.example.com/a@1.x",
			"25 Flux release: exact web@1.2.3",
		},
	},
	{
		name: "Tekton: resolvers wherever they stand",
		text: `apiVersion: tekton.dev/v1
kind: Pipeline
spec:
  tasks:
    - taskRef:
        resolver: git
        params:
          - {name: org, value: example}
          - name: repo
            value: catalog
    - taskSpec:
        steps:
          - ref:
              resolver: http
              params:
                - name: url
                  value: https://raw.githubusercontent.com/example/catalog/main/step.yaml
    - taskRef: {resolver: cluster, params: [{name: name, value: a}]}
`,
		want: []string{
			"10 Tekton git resolver: none example/catalog@",
			"17 Tekton http resolver: branch github.com/example/catalog@main",
		},
	},
	{
		name: "Tekton: versions of a hub",
		text: `apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerTemplate
spec:
  resourcetemplates:
    - apiVersion: tekton.dev/v1
      kind: PipelineRun
      spec:
        pipelineSpec:
          tasks:
            - taskRef:
                resolver: hub
                params: [{name: name, value: git-clone}, {name: catalog, value: c}, {name: version, value: "0.6"}]
            - taskRef:
                resolver: hub
                params: [{name: name, value: git-clone}, {name: version, value: 0.10}]
            - taskRef:
                resolver: hub
                params: [{name: name, value: git-clone}, {name: version, value: ">= 0.6.0"}]
            - taskRef:
                resolver: hub
                params: [{name: name, value: git-clone}, {name: version, value: $(tt.params.version)}]
            - taskRef:
                resolver: hub
                params: [{name: name, value: git-clone}]
            - taskRef:
                resolver: hub
                params: [{name: version, value: 0.6.0}]
            - taskRef: {resolver: hub, params: {name: name}}
`,
		want: []string{
			"12 Tekton hub resolver: exact c/git-clone@0.6",
			"15 Tekton hub resolver: exact git-clone@0.1",
			"18 Tekton hub resolver: floating git-clone@>= 0.6.0",
			"21 Tekton hub resolver: unknown git-clone@$(tt.params.version)",
		},
	},
	{
		name: "K3s: an archive and a chart",
		text: `apiVersion: helm.cattle.io/v1
kind: HelmChart
spec:
  chart: https://charts.example.com/web-1.2.3.tgz
---
apiVersion: helm.cattle.io/v1
kind: HelmChart
spec: {chart: stable/web, version: 1.2.3}
`,
		want: []string{
			"4 release: exact charts.example.com/web-1.2.3.tgz@web-1.2.3.tgz",
			"8 K3s release: exact stable/web@1.2.3",
		},
	},
	{name: "values of the wrong type", text: "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {source: [], sources: {a: 1}}\n"},
}

func TestGitOps(t *testing.T) {
	for _, c := range gitOpsCases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, lines(t, source.Manifest, c.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTerraformDeployments(t *testing.T) {
	got := lines(t, source.Terraform, `resource "helm_release" "oci" {
  chart = "oci://registry.example.com/charts/web"
}
resource "helm_release" "folder" {
  chart = "./web"
}
`)
	want := []string{
		"2 Terraform release: none oci://registry.example.com/charts/web@",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
