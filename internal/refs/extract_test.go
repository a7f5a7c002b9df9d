package refs_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// lines says of every reference where it stands, who names it, and what it is: "line context pin name@version".
func lines(t *testing.T, kind source.Kind, text string) []string {
	t.Helper()
	docs, errs := parse.File(&source.File{Path: "f", Kind: kind, Data: []byte(text)})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	var out []string
	for _, doc := range docs {
		for _, r := range refs.Extract(doc) {
			if value, ok := r.Path.Get(doc.Value); !ok {
				t.Errorf("%s leads nowhere", r.Path)
			} else if _, isMap := value.(map[string]any); isMap && r.Context != "feature" {
				t.Errorf("%s leads to a map", r.Path)
			}
			line := doc.Locate(r.Path, "").Span.Start.Line
			out = append(out, fmt.Sprintf("%d %s: %s %s@%s", line, r.Context, r.Pin, r.Name, r.Version))
		}
	}
	return out
}

var extractCases = []struct {
	name string
	kind source.Kind
	text string
	want []string
}{
	{
		name: "workflow", kind: source.Workflow,
		text: `jobs:
  build:
    steps:
      - uses: actions/checkout@v4
      - run: echo
      - parallel:
          - uses: ./local
          - uses: docker://alpine:3.20.1
  call:
    uses: o/r/.github/workflows/f.yml@main
`,
		want: []string{
			"4 step: floating actions/checkout@v4",
			"7 step: local ./local@",
			"8 step: exact docker.io/library/alpine@3.20.1",
			"10 job: branch o/r/.github/workflows/f.yml@main",
		},
	},
	{
		name: "pre-commit", kind: source.PreCommit,
		text: `repos:
  - repo: https://github.com/psf/black.git
    rev: 25.9.0
    hooks:
      - id: black
        additional_dependencies: [click==8.1.7, "types-a>=1", flake8, "x[y]==1.2 ; python_version > '3'", "a==1.*"]
  - repo: https://github.com/a/b
    rev: af0ba72a73598c76189d6dd1b21d8532255d5942
    hooks:
      - id: b
        additional_dependencies: ["@scope/a@1.2.3", "b@^1.2.3", "@scope/c", "github.com/d/e@v1.2.3", "f:1.2", "./g", "git+https://h/i@af0ba72a73598c76189d6dd1b21d8532255d5942"]
  - repo: http://c/d
  - repo: local
    hooks: [{id: l, additional_dependencies: [m]}]
  - repo: meta
`,
		want: []string{
			"3 pre-commit repository: exact github.com/psf/black@25.9.0",
			"6 additional dependency: exact click@",
			"6 additional dependency: floating types-a@",
			"6 additional dependency: none flake8@",
			"6 additional dependency: exact x@",
			"6 additional dependency: floating a@",
			"8 pre-commit repository: digest github.com/a/b@af0ba72a73598c76189d6dd1b21d8532255d5942",
			"11 additional dependency: exact @scope/a@",
			"11 additional dependency: floating b@",
			"11 additional dependency: none @scope/c@",
			"11 additional dependency: exact github.com/d/e@",
			"11 additional dependency: exact f@",
			"11 additional dependency: digest git+https://h/i@",
			"12 pre-commit repository: none c/d@",
			"14 additional dependency: none m@",
		},
	},
	{
		name: "GitLab pipeline", kind: source.GitLabCI,
		text: `include:
  - local: /ci/build.yml
  - template: Jobs/SAST.gitlab-ci.yml
  - remote: https://example.com/ci.yml
  - remote: https://example.com/ci.yml
    integrity: sha256-BozLjE+uzwZJEC5jBWZoJ+ZfvcTiBlj80d0CsVi+ZsI=
  - https://gitlab.com/a/b/-/raw/af0ba72a73598c76189d6dd1b21d8532255d5942/ci.yml
  - {project: group/ci, file: build.yml}
  - {project: group/ci, ref: main, file: build.yml}
  - {project: group/ci, ref: af0ba72a73598c76189d6dd1b21d8532255d5942, file: build.yml}
  - component: $CI_SERVER_FQDN/components/sast@1.2.3
  - component: gitlab.com/components/sast@~latest
  - component: gitlab.com/components/sast@1
variables:
  NODE: {value: "20.19.5", description: version}
  IMAGE: node:$NODE
default:
  image: ruby:3.4
  services: [postgres:17.4, {name: redis, alias: cache}]
stages: [test]
.hidden:
  image: {name: "$IMAGE", entrypoint: [""]}
test:
  variables: {NODE: 22}
  image: ${IMAGE}
  script: [npm test]
own:
  image: $CI_REGISTRY_IMAGE/app:1
child:
  trigger:
    include:
      - project: group/child
        ref: v1.2.3
`,
		want: []string{
			"4 remote include: none https://example.com/ci.yml@",
			"5 remote include: digest https://example.com/ci.yml@",
			"7 remote include: digest https://gitlab.com/a/b/-/raw/af0ba72a73598c76189d6dd1b21d8532255d5942/ci.yml@af0ba72a73598c76189d6dd1b21d8532255d5942",
			"8 project include: none group/ci@",
			"9 project include: branch group/ci@main",
			"10 project include: digest group/ci@af0ba72a73598c76189d6dd1b21d8532255d5942",
			"11 component: exact $CI_SERVER_FQDN/components/sast@1.2.3",
			"12 component: floating gitlab.com/components/sast@~latest",
			"13 component: floating gitlab.com/components/sast@1",
			"22 job image: exact docker.io/library/node@20.19.5",
			"33 project include: exact group/child@v1.2.3",
			"18 job image: floating docker.io/library/ruby@3.4",
			"19 job service: floating docker.io/library/postgres@17.4",
			"19 job service: none docker.io/library/redis@",
			"28 job image: unknown $CI_REGISTRY_IMAGE/app@1",
			"25 job image: floating docker.io/library/node@22",
		},
	},
	{
		name: "development container", kind: source.DevContainer,
		text: `{
  // what we work in
  "image": "mcr.microsoft.com/devcontainers/go:1.26",
  "features": {
    "./own": {},
    "docker-in-docker": "latest",
    "ghcr.io/devcontainers/features/node:1.6.3": {"version": "22"},
    "ghcr.io/devcontainers/features/go@sha256:9d6b58feebd2dbd3c56ab5853333d627cc6e281011cfd6050fa4bcf2072c9496": {},
    "ghcr.io/devcontainers/features/git:1@sha256:9d6b58feebd2dbd3c56ab5853333d627cc6e281011cfd6050fa4bcf2072c9496": {},
    "https://example.com/devcontainer-feature-x.tgz": {},
  },
}
`,
		want: []string{
			"3 development container: floating mcr.microsoft.com/devcontainers/go@1.26",
			"9 feature: invalid ghcr.io/devcontainers/features/git@1",
			"8 feature: digest ghcr.io/devcontainers/features/go@",
			"7 feature: exact ghcr.io/devcontainers/features/node@1.6.3",
			"10 feature: unknown https://example.com/devcontainer-feature-x.tgz@",
		},
	},
	{
		name: "composite action", kind: source.Action,
		text: "runs:\n  using: composite\n  steps:\n    - uses: a/b@v1\n",
		want: []string{"4 step: floating a/b@v1"},
	},
	{
		name: "Dockerfile", kind: source.Dockerfile,
		text: `# syntax=docker/dockerfile:1
ARG BASE=golang:1.26.8
ARG REGISTRY
FROM --platform=$BUILDPLATFORM ${BASE} AS Build
FROM build AS tools-amd64
FROM scratch AS tools-arm64
FROM ${REGISTRY}/app:1
FROM tools-${TARGETARCH}
ARG UV=0.7
COPY --from=ghcr.io/astral-sh/uv:${UV} /uv /
COPY --from=build /a /b
COPY --from=0 /a /b
RUN --mount=type=bind,from=busybox:musl,target=/x \
    --mount=type=cache,target=/y true
ONBUILD COPY --from=nginx /a /b
FROM ${OTHER:-alpine:3.20}
`,
		want: []string{
			"1 syntax directive: floating docker.io/docker/dockerfile@1",
			"4 FROM: exact docker.io/library/golang@1.26.8",
			"7 FROM: unknown ${REGISTRY}/app@1",
			"10 COPY --from: floating ghcr.io/astral-sh/uv@0.7",
			"13 RUN --mount: floating docker.io/library/busybox@musl",
			"15 COPY --from: none docker.io/library/nginx@",
			"16 FROM: floating docker.io/library/alpine@3.20",
		},
	},
	{
		name: "Compose", kind: source.Compose,
		text: `services:
  a: {image: "nginx:${TAG:-1.27.1}"}
  b: {image: "nginx:${TAG}"}
  built: {image: example/own, build: .}
  c: {image: example/own}
  d: {image: "x@sha256:0"}
  e:
    volumes: [{type: image, source: data:1.0.0, target: /d}, "v:/v"]
`,
		want: []string{
			"2 service: exact docker.io/library/nginx@1.27.1",
			"3 service: unknown docker.io/library/nginx@${TAG}",
			"6 service: invalid docker.io/library/x@",
			"8 image volume: exact docker.io/library/data@1.0.0",
		},
	},
	{
		name: "manifests", kind: source.Manifest,
		text: `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: r}
spec:
  template:
    spec:
      containers: [{name: a, image: a:1}, {name: b, image: ""}, {image: no-name}]
      initContainers: [{name: c, image: c:1.2.3}]
      ephemeralContainers: [{name: d, image: d}]
      volumes: [{name: v, image: {reference: "e:2"}}]
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: x}
spec: {containers: [{name: a, image: a}]}
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: p}
spec:
  rules:
    - validate: {pattern: {spec: {containers: [{name: "*", image: "!*:latest"}]}}}
      mutate: {patchStrategicMerge: {spec: {containers: [{name: side, image: side}]}}}
`,
		want: []string{
			"7 container: floating docker.io/library/a@1",
			"9 ephemeral container: none docker.io/library/d@",
			"8 init container: exact docker.io/library/c@1.2.3",
			"10 image volume: floating docker.io/library/e@2",
			"23 container: none docker.io/library/side@",
		},
	},
	{
		name: "chart", kind: source.Chart,
		text: `name: x
dependencies:
  - {name: a, version: 1.2.3, repository: "https://example.org/charts"}
  - {name: b, version: ^1.2, repository: "oci://example.org/charts"}
  - {name: c, repository: "https://example.org/charts"}
  - {name: d, version: 0.x, repository: "file://../d"}
  - {name: e, version: 0.x}
`,
		want: []string{
			"3 chart dependency: exact a@1.2.3",
			"4 chart dependency: floating b@^1.2",
			"5 chart dependency: none c@",
			"6 chart dependency: local d@0.x",
			"7 chart dependency: local e@0.x",
		},
	},
	{
		name: "kustomization", kind: source.Kustomization,
		text: `resources:
  - ../base
  - github.com/o/r//x?ref=v1.2.3
components: [https://github.com/o/r/y]
patches: [{path: https://raw.githubusercontent.com/o/r/main/p.yaml}, {path: p.yaml}]
helmCharts: [{name: c, version: 1.2.3, repo: "https://example.org"}]
images:
  - {name: nginx, newTag: "1.27"}
  - {name: app, newName: ghcr.io/o/app, digest: sha256:0}
  - {name: app, newName: ghcr.io/o/app}
`,
		want: []string{
			"4 component: none github.com/o/r@",
			"3 resource: exact github.com/o/r@v1.2.3",
			"5 patch: branch github.com/o/r@main",
			"6 Helm chart: exact c@1.2.3",
			"8 image override: floating docker.io/library/nginx@1.27",
			"9 image override: invalid ghcr.io/o/app@",
			"10 image override: unknown ghcr.io/o/app@",
		},
	},
	{
		name: "Terraform", kind: source.Terraform,
		text: `module "a" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.8.1"
}
module "b" { source = "terraform-aws-modules/vpc/aws" }
module "c" { source = "git::https://example.org/m.git?ref=v1" }
module "d" { source = "./d" }
`,
		want: []string{
			"3 module: exact terraform-aws-modules/vpc/aws@5.8.1",
			"5 module: none terraform-aws-modules/vpc/aws@",
			"6 module: floating example.org/m.git@v1",
			"7 module: local ./d@",
		},
	},
}

func TestExtract(t *testing.T) {
	for _, test := range extractCases {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, lines(t, test.kind, test.text)); diff != "" {
				t.Errorf("references (-want +got):\n%s", diff)
			}
		})
	}
}

func BenchmarkExtract(b *testing.B) {
	data, err := os.ReadFile(corpus.Path("argoproj", "argo-rollouts", "manifests", "install.yaml"))
	if err != nil {
		b.Skip("no corpus: ", err)
	}
	docs, _ := parse.File(&source.File{Path: "install.yaml", Kind: source.Manifest, Data: data})
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		for _, doc := range docs {
			refs.Extract(doc)
		}
	}
}
