package gitops_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/gitops"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

const flux = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps}
spec: {path: ./apps, sourceRef: {kind: GitRepository, name: flux-system}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: shop}
spec: {path: ./deploy, sourceRef: {kind: GitRepository, name: shop}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: root}
spec: {path: ./, sourceRef: {kind: GitRepository, name: whole}}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web}
spec: {chart: {spec: {chart: ./apps, sourceRef: {kind: GitRepository, name: charts}}}}
`

func TestOwn(t *testing.T) {
	files := &source.Repository{
		Paths: []string{"apps/web.yaml", "broken.yaml", "clusters/flux.yaml"},
		ReadFile: func(name string) []byte {
			return map[string][]byte{"clusters/flux.yaml": []byte(flux), "broken.yaml": []byte(": {" + "kustomize.toolkit.fluxcd.io")}[name]
		},
	}
	git := func(name string) string {
		return "{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: " + name + "}, spec: {url: 'https://git.example.com/a/b', ref: {branch: main}}}"
	}
	argo := func(path string) string {
		return "{apiVersion: argoproj.io/v1alpha1, kind: Application, spec: {source: {repoURL: 'https://git.example.com/a/b', path: " + path + "}}}"
	}
	cases := map[string]struct {
		text string
		want refs.Pin
	}{
		"Kustomization of a folder that is here":     {git("flux-system"), refs.PinLocal},
		"Kustomization of a folder that is not here": {git("shop"), refs.PinBranch},
		"Kustomization of the root tells nothing":    {git("whole"), refs.PinBranch},
		"HelmRelease of a chart that is here":        {git("charts"), refs.PinLocal},
		"nobody deploys from it":                     {git("other"), refs.PinBranch},
		"Application of a folder that is here":       {argo("apps"), refs.PinLocal},
		"Application of a file's neighbour":          {argo("app"), refs.PinNone},
		"Application of the root":                    {argo("."), refs.PinNone},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			docs, faults := parse.File(&source.File{Path: "x.yaml", Kind: source.Manifest, Data: []byte(c.text)})
			if len(docs) != 1 || len(faults) > 0 {
				t.Fatal(docs, faults)
			}
			found := refs.Extract(docs[0])
			gitops.NewRepository(files).Own(docs[0], found)
			if len(found) != 1 {
				t.Fatalf("%d references", len(found))
			}
			if diff := cmp.Diff(c.want, found[0].Pin); diff != "" {
				t.Error(diff)
			}
		})
	}
	docs, _ := parse.File(&source.File{Path: "x.yaml", Kind: source.Manifest, Data: []byte(argo("apps"))})
	found := refs.Extract(docs[0])
	gitops.NewRepository(&source.Repository{Address: "git@Git.example.com:A/b.git"}).Own(docs[0], found)
	if found[0].Pin != refs.PinLocal {
		t.Errorf("by its address: %s", found[0].Pin)
	}
	found = refs.Extract(docs[0])
	gitops.NewRepository(nil).Own(docs[0], found)
	if found[0].Pin != refs.PinNone {
		t.Errorf("without files: %s", found[0].Pin)
	}
}

func TestFacts(t *testing.T) {
	const text = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: a}
spec:
  generators:
    - matrix:
        generators:
          - pullRequest: {github: {owner: o, labels: []}}
          - pullRequest: {gitlab: {labels: [preview]}}
    - list: {elements: []}
  template: {spec: {project: "{{ .team }}", source: {plugin: {}}}}
`
	docs, faults := parse.File(&source.File{Path: "x.yaml", Kind: source.Manifest, Data: []byte(text)})
	if len(docs) != 1 || len(faults) > 0 {
		t.Fatal(docs, faults)
	}
	at := func(steps ...any) source.Path { return append(source.Path{"spec"}, steps...) }
	want := &gitops.Facts{
		Plugins: []gitops.Plugin{{Path: at("template", "spec", "source", "plugin")}},
		Project: &gitops.Setting{Value: "{{ .team }}", Path: at("template", "spec", "project")},
		PullRequests: []gitops.PullRequests{
			{Host: "github", Path: at("generators", 0, "matrix", "generators", 0, "pullRequest", "github")},
			{Host: "gitlab", Labels: true, Path: at("generators", 0, "matrix", "generators", 1, "pullRequest", "gitlab")},
		},
	}
	if diff := cmp.Diff(want, gitops.FactsOf(docs[0])); diff != "" {
		t.Error(diff)
	}
	docs, _ = parse.File(&source.File{Path: "x.yaml", Kind: source.Manifest, Data: []byte("{apiVersion: v1, kind: Pod}")})
	if f := gitops.FactsOf(docs[0]); f != nil {
		t.Errorf("facts of a Pod: %+v", f)
	}
}

func TestServe(t *testing.T) {
	const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
spec: {chart: {spec: {chart: web, version: 1.2.3, sourceRef: {kind: HelmRepository, name: %s}}}}
`
	texts := map[string]string{
		"a.yaml": "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: one}\nspec: {url: oci://registry.example.com}\n",
		"b.yml": "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: two}\nspec: {url: https://a.example.com}\n---\n" +
			"apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: two}\nspec: {url: https://b.example.com}\n---\n{",
	}
	files := &source.Repository{Paths: []string{"a.yaml", "b.yml"}, ReadFile: func(p string) []byte { return []byte(texts[p]) }}
	for name, want := range map[string]string{"one": "oci://registry.example.com", "two": "", "elsewhere": ""} {
		docs, faults := parse.File(&source.File{Path: "x.yaml", Kind: source.Manifest, Data: []byte(strings.ReplaceAll(release, "%s", name))})
		if len(docs) != 1 || len(faults) > 0 {
			t.Fatal(docs, faults)
		}
		found := refs.Extract(docs[0])
		gitops.NewRepository(files).Serve(docs[0], found)
		if len(found) != 1 || found[0].Registry != want {
			t.Errorf("%s is served by %+v, want %q", name, found, want)
		}
	}
}

func TestVerification(t *testing.T) {
	cases := map[string]struct{ signed, anySigner bool }{
		"{provider: cosign}":                                               {anySigner: true},
		"{provider: cosign, matchOIDCIdentity: []}":                        {anySigner: true},
		"{provider: cosign, secretRef: {name: keys}}":                      {signed: true},
		"{provider: cosign, matchOIDCIdentity: [{issuer: i, subject: s}]}": {signed: true},
		"{provider: notation, secretRef: {name: policy}}":                  {signed: true},
		"null": {},
	}
	for verify, want := range cases {
		text := "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nspec: {url: oci://registry.example.com/a, verify: " + verify + "}\n"
		docs, faults := parse.File(&source.File{Path: "x.yaml", Kind: source.Manifest, Data: []byte(text)})
		if len(docs) != 1 || len(faults) > 0 {
			t.Fatal(docs, faults)
		}
		f := gitops.FactsOf(docs[0])
		if f.Signed != want.signed || (f.AnySigner != nil) != want.anySigner {
			t.Errorf("%s: %+v", verify, f)
		}
	}
}
