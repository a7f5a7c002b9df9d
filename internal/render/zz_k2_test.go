package render

import "testing"

func BenchmarkZZ(b *testing.B) {
	tree, err := openTree("/work/corpus/GoogleCloudPlatform/microservices-demo")
	if err != nil { b.Fatal(err) }
	for b.Loop() {
		w := worker{tree: tree, kubeVersion: "v1.36.0", job: &job{}, shelf: newShelf()}
		r := w.kustomize(request{Renderer: Kustomize, Root: "kustomize/tests/spanner-with-all-components", File: "kustomize/tests/spanner-with-all-components/kustomization.yaml"})
		if r.Failed { b.Fatal(r.Problems) }
	}
}
