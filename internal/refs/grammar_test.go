package refs_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
)

var (
	sha1   = strings.Repeat("0123456789abcdef", 3)[:40]
	hex64  = strings.Repeat("0123456789abcdef", 4)
	hex128 = hex64 + hex64
)

func TestParseImage(t *testing.T) {
	const hub = "docker.io"
	tests := []struct {
		raw, name, registry, version, digest string
		pin                                  refs.Pin
	}{
		{"nginx", "docker.io/library/nginx", hub, "", "", refs.PinNone},
		{"nginx:1.27.4", "docker.io/library/nginx", hub, "1.27.4", "", refs.PinExact},
		{"grafana/loki:latest", "docker.io/grafana/loki", hub, "latest", "", refs.PinFloating},
		{"docker.io/nginx", "docker.io/library/nginx", hub, "", "", refs.PinNone},
		{"index.docker.io/library/nginx", "docker.io/library/nginx", hub, "", "", refs.PinNone},
		{"registry:5000/nginx", "registry:5000/nginx", "registry:5000", "", "", refs.PinNone},
		{"registry:5000/nginx:1.2.3", "registry:5000/nginx", "registry:5000", "1.2.3", "", refs.PinExact},
		{"localhost/app:dev", "localhost/app", "localhost", "dev", "", refs.PinFloating},
		{"library/alpine:3", "docker.io/library/alpine", hub, "3", "", refs.PinFloating},
		{"gcr.io/a/b/c@sha256:" + hex64, "gcr.io/a/b/c", "gcr.io", "", "sha256:" + hex64, refs.PinDigest},
		{"nginx:1@sha256:" + hex64, "docker.io/library/nginx", hub, "1", "sha256:" + hex64, refs.PinDigest},
		{"nginx@sha512:" + hex128, "docker.io/library/nginx", hub, "", "sha512:" + hex128, refs.PinDigest},
		{"nginx@junk", "docker.io/library/nginx", hub, "", "", refs.PinInvalid},
		{"nginx@sha256:" + hex64[:63], "docker.io/library/nginx", hub, "", "", refs.PinInvalid},
		{"nginx@sha256:" + strings.ToUpper(hex64), "docker.io/library/nginx", hub, "", "", refs.PinInvalid},
		{"nginx@sha256:" + hex64 + "x", "docker.io/library/nginx", hub, "", "", refs.PinInvalid},
		{"nginx@md5:" + hex64[:32], "docker.io/library/nginx", hub, "", "", refs.PinInvalid},
		{"nginx@", "docker.io/library/nginx", hub, "", "", refs.PinInvalid},
		{"Nginx:1.2.3", "docker.io/library/Nginx", hub, "1.2.3", "", refs.PinInvalid},
		{"nginx:1.2.3 x", "docker.io/library/nginx", hub, "1.2.3 x", "", refs.PinInvalid},
		{"https://gcr.io/a", "https://gcr.io/a", "https:", "", "", refs.PinInvalid},
		{"nginx:" + strings.Repeat("a", 129), "docker.io/library/nginx", hub, strings.Repeat("a", 129), "", refs.PinInvalid},
		{"<image>", "docker.io/library/<image>", hub, "", "", refs.PinUnknown},
		{"YOUR-REGISTRY/web", "docker.io/YOUR-REGISTRY/web", hub, "", "", refs.PinUnknown},
		{"BASE_IMAGE", "docker.io/library/BASE_IMAGE", hub, "", "", refs.PinUnknown},
		{"gcr.io/@PROJECT_ID@/app", "gcr.io/", "gcr.io", "", "", refs.PinUnknown},
		{"ghcr.io/ACME/web:1.2.3", "ghcr.io/ACME/web", "ghcr.io", "1.2.3", "", refs.PinInvalid},
		{"a/b:IMAGE_TAG", "docker.io/a/b", "docker.io", "IMAGE_TAG", "", refs.PinUnknown},
		{"a/b:RELEASE_TAG_1", "docker.io/a/b", "docker.io", "RELEASE_TAG_1", "", refs.PinFloating},
		{"ko://example.org/cmd", "example.org/cmd", "", "", "", refs.PinLocal},
		{"gcr.io/a:${TAG}", "gcr.io/a", "gcr.io", "${TAG}", "", refs.PinUnknown},
		{"gcr.io/a:${TAG:-1.2.3}", "gcr.io/a", "gcr.io", "${TAG:-1.2.3}", "", refs.PinUnknown},
		{"${{ env.IMAGE }}", "${{ env.IMAGE }}", "", "", "", refs.PinUnknown},
		{"$(REGISTRY)/a:1.2.3", "$(REGISTRY)/a", "", "1.2.3", "", refs.PinUnknown},
		{"{{ .Values.image }}", "{{ .Values.image }}", "", "", "", refs.PinUnknown},
		{"$REGISTRY/a@sha256:" + hex64, "$REGISTRY/a", "", "", "sha256:" + hex64, refs.PinDigest},
	}
	for _, test := range tests {
		t.Run(test.raw, func(t *testing.T) {
			got := refs.ParseImage(test.raw)
			if (got.Note == "") != got.Pinned {
				t.Errorf("pinned %t with note %q", got.Pinned, got.Note)
			}
			got.Note = ""
			want := refs.Ref{
				Kind: refs.Image, Raw: test.raw, Name: test.name, Registry: test.registry, Version: test.version,
				Digest: test.digest, Pin: test.pin, Pinned: test.pin.Fixed(),
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTagPin(t *testing.T) {
	tests := map[refs.Pin][]string{
		refs.PinNone: {""},
		refs.PinExact: {
			"1.27.4", "v1.2.3", "1.27.4-alpine3.20", "release-1.2.3", "2.7.18-slim-bookworm", "17.0.2_8-jdk", "3.13.0rc1", "1.2.3.4",
			"20240101", "v20240101-abcdef1", "bookworm-20240101-slim", "2024-01-31", "RELEASE.2024-01-01T00-00-00Z", "20240101123456",
			"main-1a2b3c4", "sha-1a2b3c4", sha1, "g1a2b3c4d", "build-12345", "1.27-rc2", "v2-beta.3", "8.9-1028", "latest-20240101", "12-debian-12-r51",
		},
		refs.PinFloating: {
			"latest", "latest-alpine", "stable", "main", "master", "edge", "nightly", "dev", "lts", "jammy", "alpine", "nonroot",
			"1", "v1", "1.27", "v1.2", "1.27-alpine", "3.12-slim-bookworm", "22.04", "2022", "8-jdk-alpine", "1.27-alpine3.20",
			"1.2.3-SNAPSHOT", "latest-1.2.3", "1.2.x", "facade", "deadbeef", "3.13-rc", "1234",
		},
	}
	for want, tags := range tests {
		for _, tag := range tags {
			if got := refs.TagPin(tag); got != want {
				t.Errorf("TagPin(%q) = %s, want %s", tag, got, want)
			}
		}
	}
}

// TestTagNote holds that no note says more than a tag's form tells.
func TestTagNote(t *testing.T) {
	for raw, want := range map[string]string{
		"a:17":          "17 moves with every release that it covers",
		"a:v2-slim":     "v2-slim moves with every release that it covers",
		"a:3.9":         "3.9 can stand for every 3.9.x release",
		"a:v0.8-alpine": "v0.8-alpine can stand for every 0.8.x release",
		"a:1.2.3":       "a tag can be pushed again",
		"a:stable":      "stable names no single build",
	} {
		if got := refs.ParseImage(raw).Note; got != want {
			t.Errorf("%s: %s, want %s", raw, got, want)
		}
	}
}

func TestParseUses(t *testing.T) {
	tests := []struct {
		raw           string
		kind          refs.Kind
		name, version string
		pin           refs.Pin
	}{
		{"actions/checkout@" + sha1, refs.Action, "actions/checkout", sha1, refs.PinDigest},
		{"actions/checkout@" + hex64, refs.Action, "actions/checkout", hex64, refs.PinDigest},
		{"actions/checkout@v4", refs.Action, "actions/checkout", "v4", refs.PinFloating},
		{"actions/checkout@v4.1", refs.Action, "actions/checkout", "v4.1", refs.PinFloating},
		{"actions/checkout@v4.1.1", refs.Action, "actions/checkout", "v4.1.1", refs.PinExact},
		{"a/b@codeql-bundle-v2.1.3", refs.Action, "a/b", "codeql-bundle-v2.1.3", refs.PinExact},
		{"a/b@refs/tags/v1.2.3", refs.Action, "a/b", "refs/tags/v1.2.3", refs.PinExact},
		{"a/b@refs/heads/v1.2.3", refs.Action, "a/b", "refs/heads/v1.2.3", refs.PinBranch},
		{"a/b@release/v1", refs.Action, "a/b", "release/v1", refs.PinBranch},
		{"a/b@main", refs.Action, "a/b", "main", refs.PinBranch},
		{"a/b@latest", refs.Action, "a/b", "latest", refs.PinFloating},
		{"a/b@1a2b3c4", refs.Action, "a/b", "1a2b3c4", refs.PinInvalid},
		{"a/b@facade", refs.Action, "a/b", "facade", refs.PinBranch},
		{"a/b@" + sha1[:38] + "xy", refs.Action, "a/b", sha1[:38] + "xy", refs.PinInvalid},
		{"a/b", refs.Action, "a/b", "", refs.PinNone},
		{"a/b@", refs.Action, "a/b", "", refs.PinNone},
		{"checkout@v4", refs.Action, "checkout", "v4", refs.PinInvalid},
		{"checkout@" + sha1, refs.Action, "checkout", sha1, refs.PinInvalid},
		{"a/b@v1@v2", refs.Action, "a/b", "v1@v2", refs.PinInvalid},
		{"a//b/@v1", refs.Action, "a/b", "v1", refs.PinFloating},
		{"/a/b/c/../../../d@v1", refs.Action, "a/b/d", "v1", refs.PinFloating},
		{`a\b\c@v1`, refs.Action, "a/b/c", "v1", refs.PinFloating},
		{`.\a`, refs.Action, `.\a`, "", refs.PinLocal},
		{"a/b/sub/dir@v1", refs.Action, "a/b/sub/dir", "v1", refs.PinFloating},
		{"a/b/.github/workflows/f.yml@main", refs.Reusable, "a/b/.github/workflows/f.yml", "main", refs.PinBranch},
		{"./.github/workflows/f.yml", refs.Reusable, "./.github/workflows/f.yml", "", refs.PinLocal},
		{"./a", refs.Action, "./a", "", refs.PinLocal},
		{"$/a", refs.Action, "$/a", "", refs.PinLocal},
		{"$/a@v1", refs.Action, "$/a", "v1", refs.PinInvalid},
		{"a/b@${{ inputs.ref }}", refs.Action, "a/b", "${{ inputs.ref }}", refs.PinUnknown},
		{"docker://alpine:3.20", refs.Image, "docker.io/library/alpine", "3.20", refs.PinFloating},
		{"docker://alpine@sha256:" + hex64, refs.Image, "docker.io/library/alpine", "", refs.PinDigest},
	}
	for _, test := range tests {
		t.Run(test.raw, func(t *testing.T) {
			got := refs.ParseUses(test.raw)
			if got.Kind != test.kind || got.Name != test.name || got.Version != test.version || got.Pin != test.pin || got.Raw != test.raw {
				t.Errorf("got %+v", got)
			}
			if got.Pinned != got.Pin.Fixed() || (got.Note == "") != got.Pinned {
				t.Errorf("pinned %t with note %q", got.Pinned, got.Note)
			}
		})
	}
}

func TestParseRemote(t *testing.T) {
	tests := []struct {
		raw, name, version string
		pin                refs.Pin
	}{
		{"github.com/o/r//deploy?ref=v1.2.3", "github.com/o/r", "v1.2.3", refs.PinExact},
		{"https://github.com/o/r.git//deploy?timeout=90s&ref=" + sha1, "github.com/o/r", sha1, refs.PinDigest},
		{"https://github.com/o/r?depth=1&ref=" + sha1, "github.com/o/r", sha1, refs.PinDigest},
		{"https://github.com/o/r/deploy?ref=main", "github.com/o/r", "main", refs.PinBranch},
		{"https://github.com/o/r/deploy", "github.com/o/r", "", refs.PinNone},
		{"https://github.com/o/r/deploy?ref=feedback", "github.com/o/r", "feedback", refs.PinBranch},
		{"git@github.com:o/r.git//deploy?version=v1", "github.com/o/r", "v1", refs.PinFloating},
		{"ssh://git@example.org/o/r?ref=v1.2.3", "example.org/o/r", "v1.2.3", refs.PinExact},
		{"git::https://example.org/o/r.git?ref=${var.ref}", "example.org/o/r.git", "", refs.PinUnknown},
		{"https://raw.githubusercontent.com/o/r/main/a.yaml", "github.com/o/r", "main", refs.PinBranch},
		{"https://raw.githubusercontent.com/o/r/refs/heads/v1.2.3/a.yaml", "github.com/o/r", "refs/heads/v1.2.3", refs.PinBranch},
		{"https://raw.githubusercontent.com/o/r/" + sha1 + "/a.yaml", "github.com/o/r", sha1, refs.PinDigest},
		{"https://github.com/o/r/raw/v1.2.3/a.yaml", "github.com/o/r", "v1.2.3", refs.PinExact},
		{"https://github.com/o/r/releases/download/v1.2.3/a.yaml", "github.com/o/r", "refs/tags/v1.2.3", refs.PinExact},
		{"https://github.com/o/r/releases/latest/download/a.yaml", "github.com/o/r", "latest", refs.PinFloating},
		{"https://github.com/o/r/archive/" + sha1 + ".tar.gz", "github.com/o/r", sha1, refs.PinDigest},
		{"https://example.org/a.yaml", "example.org/a.yaml", "", refs.PinNone},
		{"https://example.org/v1.2.3/a.yaml", "example.org/v1.2.3/a.yaml", "v1.2.3", refs.PinExact},
	}
	for _, test := range tests {
		t.Run(test.raw, func(t *testing.T) {
			if !refs.IsRemote(test.raw) {
				t.Error("not remote")
			}
			got := refs.ParseRemote(test.raw)
			if got.Name != test.name || got.Version != test.version || got.Pin != test.pin {
				t.Errorf("got %+v", got)
			}
		})
	}
	served := map[string]string{ // those of which no commit can be named, and why they do not hold
		"https://github.com/o/r/releases/download/v1.2.3/a.yaml":       "whoever can edit the release can replace its files",
		"https://github.com/o/r/releases/download/" + sha1 + "/a.yaml": "whoever can edit the release can replace its files",
		"https://github.com/o/r/releases/latest/download/a.yaml":       "latest is moved to every new release",
		"https://example.org/v1.2.3/a.yaml":                            "what the URL serves can be replaced",
		"https://github.com/o/r//deploy?ref=v1.2.3":                    "",
		"https://raw.githubusercontent.com/o/r/v1.2.3/a.yaml":          "",
	}
	for raw, note := range served {
		if got := refs.ParseRemote(raw); got.Served != (note != "") || got.Served && got.Note != note || got.Pinned {
			t.Errorf("%s: got %+v", raw, got)
		}
	}
	for _, local := range []string{"../base", "deployment.yaml", "./x", "github.example/x", "file:///x", "a@b/c"} {
		if refs.IsRemote(local) {
			t.Errorf("IsRemote(%q)", local)
		}
	}
}

func TestRangePin(t *testing.T) {
	for version, want := range map[string]refs.Pin{
		"1.2.3": refs.PinExact, "v1.2.3": refs.PinExact, "= 1.2.3": refs.PinExact, "1.2.3-rc.1+b": refs.PinExact,
		"1.2": refs.PinFloating, "^1.2.3": refs.PinFloating, "~> 1.2": refs.PinFloating, ">=1.2.3 <2": refs.PinFloating,
		"1.2.x": refs.PinFloating, "1.2.3 - 1.3.0": refs.PinFloating, "1.2.3 || 1.2.4": refs.PinFloating,
		"": refs.PinNone, "*": refs.PinNone,
	} {
		if got, _ := refs.RangePin(version); got != want {
			t.Errorf("RangePin(%q) = %s, want %s", version, got, want)
		}
	}
}

// FuzzGrammars holds for any text: reading it is stable, a pin follows from what is there, and a reference that is not
// fixed says why.
func FuzzGrammars(f *testing.F) {
	for _, seed := range []string{"nginx:1@sha256:" + hex64, "actions/checkout@" + sha1, "${A:-b}/c:{{ d }}", "https://github.com/o/r/raw/x?ref=y", "docker://a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, r := range []refs.Ref{refs.ParseImage(raw), refs.ParseUses(raw), refs.ParseRemote(raw)} {
			switch {
			case r.Raw != raw:
				t.Errorf("Raw %q of %q", r.Raw, raw)
			case r.Pinned != r.Pin.Fixed(), r.Pinned == (r.Note != ""):
				t.Errorf("%q: pin %s, pinned %t, note %q", raw, r.Pin, r.Pinned, r.Note)
			case (r.Pin == refs.PinDigest) != (r.Digest != "") && r.Pin != refs.PinInvalid:
				t.Errorf("%q: pin %s with digest %q", raw, r.Pin, r.Digest)
			case r.Digest != "" && !strings.Contains(strings.ToLower(raw), r.Digest):
				t.Errorf("%q: digest %q is not in it", raw, r.Digest)
			}
		}
	})
}

func BenchmarkParseImage(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		refs.ParseImage("quay.io/prometheus/node-exporter:v1.8.2-distroless")
	}
}

func TestNestedExpressionsAreQuotedWhole(t *testing.T) {
	const raw = `{{ images.containers."{{element.name}}".name}}:latest`
	if r := refs.ParseImage(raw); r.Pin != refs.PinUnknown || !strings.Contains(r.Note, `"{{element.name}}".name}}`) {
		t.Errorf("pin %s, note %q", r.Pin, r.Note)
	}
}
