package fetch_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/fetch"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

var imageCases = []struct {
	name string
	kind source.Kind
	text string
	want []string // line, context, pin, name and version, and the text that is meant
}{
	{
		name: "containers", kind: source.Workflow,
		text: `on: {workflow_call: {inputs: {version: {type: string, default: "8.1"}}}}
env: {GO: "1.26"}
jobs:
  build:
    strategy:
      matrix:
        image: [node:20, "node:22.1.0"]
        os: [{name: jammy, Container: {image: ubuntu}}]
        include:
          - image: alpine:latest
    container: ${{ matrix.image }}
    services:
      db: {image: postgres}
      off: {image: ""}
      cache: {image: "redis:${{ matrix.version }}"}
      go: {image: "golang:${{ env.GO }}"}
      key: {image: "valkey/valkey:${{ inputs.version }}"}
      either: {image: "${{ github.event_name == 'push' && 'nginx:1.27.1' || 'nginx' }}"}
      nested: {image: "${{ matrix.os.container }}"}
    steps: []
`,
		want: []string{
			"2 service container: floating docker.io/library/golang@1.26",
			"1 service container: floating docker.io/valkey/valkey@8.1",
			"7 job container: exact docker.io/library/node@22.1.0",
			"7 job container: floating docker.io/library/node@20",
			"8 service container: none docker.io/library/ubuntu@",
			"10 job container: floating docker.io/library/alpine@latest",
			"13 service container: none docker.io/library/postgres@",
			"15 service container: unknown docker.io/library/redis@${{ matrix.version }}",
			"18 service container: exact docker.io/library/nginx@1.27.1",
			"18 service container: none docker.io/library/nginx@",
		},
	},
	{
		name: "docker action", kind: source.Action,
		text: "runs:\n  using: docker\n  image: docker://a/b:1.2.3\n",
		want: []string{"3 docker action: exact docker.io/a/b@1.2.3"},
	},
	{name: "docker action of its own", kind: source.Action, text: "runs: {using: docker, image: Dockerfile}\n"},
	{
		name: "scripts", kind: source.Workflow,
		text: `jobs:
  a:
    env: {SCANNER: "aquasec/trivy:0.65.0"}
    steps:
      - run: docker pull quay.io/a/b:latest
      - run: sudo docker run --rm -it -v "$PWD:/w" -p8080:80 --network=host alpine sh -c 'docker run nope' # in a container
      - run: |
          TAG=v1.2.3
          podman run "ghcr.io/o/r:${TAG}" run
          docker run $SCANNER image x
          for image in a/one:1.0.0 a/two; do
            docker pull "$image"
          done
      - run: kubectl create deployment web --image=nginx:1.27.1 && kubectl set image deploy/web web=nginx:1.27
      - run: crane copy gcr.io/a/b:v1 example.org/c/d:v1; crane digest gcr.io/a/b:v1
      - run: skopeo copy --all docker://quay.io/a/b:v2 docker://example.org/c/d:v2
      - run: kind create cluster --name k --image kindest/node:v1.34.0
      - run: docker --context x image pull -q mcr.microsoft.com/a:1.2.3@sha256:9d6b58feebd2dbd3c56ab5853333d627cc6e281011cfd6050fa4bcf2072c9496
      - run: docker buildx create --driver-opt image=moby/buildkit:buildx-stable-1 --use
      - run: ctr -n k8s.io images pull docker.io/library/busybox:1
`,
		want: []string{
			"5 docker pull: floating quay.io/a/b@latest <quay.io/a/b:latest>",
			"6 docker run: none docker.io/library/alpine@ <alpine>",
			"6 docker run: none docker.io/library/nope@ <nope>",
			"9 podman run: exact ghcr.io/o/r@v1.2.3 <\"ghcr.io/o/r:${TAG}\">",
			"10 docker run: exact docker.io/aquasec/trivy@0.65.0 <$SCANNER>",
			"12 docker pull: exact docker.io/a/one@1.0.0 <\"$image\">",
			"12 docker pull: none docker.io/a/two@ <\"$image\">",
			"14 kubectl create: exact docker.io/library/nginx@1.27.1 <--image=nginx:1.27.1>",
			"14 kubectl set image: floating docker.io/library/nginx@1.27 <web=nginx:1.27>",
			"15 crane copy: floating gcr.io/a/b@v1 <gcr.io/a/b:v1>",
			"16 skopeo copy: floating quay.io/a/b@v2 <docker://quay.io/a/b:v2>",
			"17 kind create: exact docker.io/kindest/node@v1.34.0 <kindest/node:v1.34.0>",
			"18 docker pull: digest mcr.microsoft.com/a@1.2.3 " +
				"<mcr.microsoft.com/a:1.2.3@sha256:9d6b58feebd2dbd3c56ab5853333d627cc6e281011cfd6050fa4bcf2072c9496>",
			"19 docker buildx create: floating docker.io/moby/buildkit@buildx-stable-1 <image=moby/buildkit:buildx-stable-1>",
			"20 ctr image pull: floating docker.io/library/busybox@1 <docker.io/library/busybox:1>",
		},
	},
	{
		name: "what the job builds, pushes or cannot name", kind: source.Workflow,
		text: `jobs:
  a:
    env: {IMG: ghcr.io/o/own}
    steps:
      - run: docker build -t ghcr.io/o/app:${{ github.sha }} . && docker run ghcr.io/o/app:${{ github.sha }}
      - run: docker tag x ${IMG}:dev; docker run "$IMG:latest"
      - uses: docker/build-push-action@v6
        with: {tags: "o/pushed:1\no/pushed:2", load: true}
      - run: docker run o/pushed:1
      - run: docker push o/other:1; docker run ${{ steps.meta.outputs.image }}; docker run $UNKNOWN/x:1
      - run: docker run ghcr.io/o/r:${{ steps.meta.outputs.version }} && docker run -d localhost:5000/x
  b:
    steps:
      - run: make image
      - run: docker run o/app:dev
      - run: docker run --rm --privileged multiarch/qemu-user-static --reset
`,
		want: []string{
			"15 docker run: unknown docker.io/o/app@dev <o/app:dev>",
			"16 docker run: none docker.io/multiarch/qemu-user-static@ <multiarch/qemu-user-static>",
		},
	},
	{
		name: "text that stands elsewhere too", kind: source.Workflow,
		text: "jobs:\n  a:\n    steps:\n      - run: |\n          echo alpine\n          docker run alpine\n",
		want: []string{"6 docker run: none docker.io/library/alpine@ <run alpine>"},
	},
}

func TestImages(t *testing.T) {
	for _, test := range imageCases {
		t.Run(test.name, func(t *testing.T) {
			doc := document(t, test.kind, test.text)
			_, refs := fetch.Of(doc, workflow.Of(doc), nil)
			var got []string
			for _, r := range refs {
				line := fmt.Sprintf("%d %s: %s %s@%s", doc.Locate(r.Path, r.Text).Span.Start.Line, r.Context, r.Pin, r.Name, r.Version)
				if r.Text != "" {
					line += " <" + r.Text + ">"
				}
				got = append(got, line)
			}
			sorted := slices.Clone(test.want)
			slices.Sort(sorted)
			slices.Sort(got)
			if diff := cmp.Diff(sorted, got); diff != "" {
				t.Errorf("images (-want +got):\n%s", diff)
			}
		})
	}
}

func document(t *testing.T, kind source.Kind, text string) *source.Document {
	t.Helper()
	docs, errs := parse.File(&source.File{Path: "file", Kind: kind, Data: []byte(text)})
	if len(docs) != 1 || len(errs) > 0 {
		t.Fatalf("%d documents, errors %v", len(docs), errs)
	}
	return docs[0]
}

// TestHostile holds that no script makes reading it slow or fail.
func TestHostile(t *testing.T) {
	for name, script := range map[string]string{
		"nested substitutions":   strings.Repeat("$(x ", 900) + strings.Repeat(")", 900),
		"nested defaults":        strings.Repeat("${A:-$(x ", 900) + strings.Repeat(")}", 900),
		"long pipeline":          "curl https://a.example" + strings.Repeat(" | cat", 5000) + " | sh",
		"many values":            strings.Repeat("for a in 1 2 3 4 5 6 7 8; do b=$a$a$a$a$a$a$b; docker run x:$b; done\n", 500),
		"programs without words": "curl -o x https://a.example/x\nsudo ./aws/install\nmv\nchmod\ntar\nsh\ndpkg\nunzip\ncurl\n",
		"false placeholders":     "docker run __plimsoll_expression_7_ ${{ github.sha }} __plimsoll_expression_0_",
	} {
		t.Run(name, func(t *testing.T) {
			quoted := strings.ReplaceAll(script, "'", "''")
			doc := document(t, source.Workflow, "jobs: {a: {steps: [{run: '"+strings.ReplaceAll(quoted, "\n", "\n\n")+"'}]}}\n")
			if facts, _ := fetch.Of(doc, workflow.Of(doc), nil); facts == nil {
				t.Error("no facts")
			}
		})
	}
}

// TestCorpus holds that every text that is meant stands where it is said to.
func TestCorpus(t *testing.T) {
	total := 0
	files := corpus.Workflows(t)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		docs, _ := parse.File(&source.File{Path: file, Kind: source.Workflow, Data: data})
		for _, doc := range docs {
			_, refs := fetch.Of(doc, workflow.Of(doc), nil)
			for _, r := range refs {
				total++
				span := doc.Locate(r.Path, r.Text).Span
				if got := string(data[span.Start.Offset:span.End.Offset]); r.Text != "" && got != r.Text {
					t.Errorf("%s:%d: %q, want %q", file, span.Start.Line, got, r.Text)
				}
			}
		}
	}
	if total == 0 {
		t.Error("no image in the whole corpus")
	}
	t.Logf("%d images in %d workflows", total, len(files))
}
