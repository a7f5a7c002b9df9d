package discover

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// encodeUTF16 saves a text as Windows' editors do, with or without a mark.
func encodeUTF16(order binary.AppendByteOrder, text string) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}

// A file that no parser takes is known for what it is all the same, so that it is a finding and not passed over.
func TestUTF16(t *testing.T) {
	want := map[string]source.Kind{
		"m.yaml": source.Manifest, "m.json": source.Manifest, "action.yml": source.Action, "Dockerfile.dev": source.Dockerfile,
		"stack.yml": source.Compose, "Chart.yaml": source.Chart, "k/kustomization.yaml": source.Manifest,
	}
	texts := map[string]string{
		"m.yaml": "# \u2d0a\u0a2d 🚢\n" + pod, "m.json": `{"apiVersion": "v1", "kind": "Pod"}`, "action.yml": "runs: {}\n",
		"Dockerfile.dev": "# 日本\nFROM scratch\n", "stack.yml": "services:\n  web:\n    image: nginx\n", "Chart.yaml": chart,
		"k/kustomization.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n",
		"data.yaml":            "a: b\n",
	}
	ascii := map[string]string{}
	for name, text := range texts {
		ascii[name] = strings.Map(func(r rune) rune {
			if r < 0x80 {
				return r
			}
			return '?'
		}, text)
	}
	for name, tt := range map[string]struct {
		encode func(string) string
		texts  map[string]string
	}{
		"little-endian":          {func(s string) string { return encodeUTF16(binary.LittleEndian, "\ufeff"+s) }, texts},
		"big-endian":             {func(s string) string { return encodeUTF16(binary.BigEndian, "\ufeff"+s) }, texts},
		"little-endian, no mark": {func(s string) string { return encodeUTF16(binary.LittleEndian, s) }, ascii},
		"big-endian, no mark":    {func(s string) string { return encodeUTF16(binary.BigEndian, s) }, ascii},
	} {
		t.Run(name, func(t *testing.T) {
			tree := map[string]string{}
			for file, text := range tt.texts {
				tree[file] = tt.encode(text)
			}
			r := walk(t, Options{Root: lay(t, tree)})
			if diff := cmp.Diff(want, kinds(r)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			for _, f := range r.Files {
				if string(f.Data) != tree[f.Path] {
					t.Errorf("%s: the parser is not given what the file holds", f.Path)
				}
			}
		})
	}
}

// However late a large file says what it is, it is not passed over; one that never does is none of ours.
func TestLargeFilesAreLookedThrough(t *testing.T) {
	comments := strings.Repeat("# a line of comment\n", 60_000) // more than a scanner sees at a time
	long := "# " + strings.Repeat("x", 1_000_000)
	root := lay(t, map[string]string{
		"comments.yaml":      comments + pod,
		"line.yaml":          long + "\n" + pod,
		"separator.yaml":     long + "\u2028" + pod,
		"flow.yaml":          comments + "{apiVersion: v1, kind: Pod}",
		"utf16.yaml":         encodeUTF16(binary.LittleEndian, "\ufeff"+comments+pod),
		"compose.late.yml":   comments + "services:\n  web:\n    image: nginx\n",
		"late.json":          `{"data": "` + strings.Repeat(`\"`, 600_000) + `", "kind": "List", "apiVersion": "v1"}`,
		"Dockerfile.dev":     comments + "FROM scratch\n",
		"notes.yaml":         comments + "a: apiVersion, kind, services\n",
		"index.yaml":         "apiVersion: v1\nentries:\n  - kind: added\n" + comments,
		"values.json":        `{"` + strings.Repeat("a", 1_200_000) + `": "apiVersion", "b": {"kind": 1, "apiVersion": 2}}`,
		"Dockerfile.go":      strings.Repeat("// a comment\n", 100_000),
		"small.yaml":         pod,
		"web/Chart.yaml":     chart,
		"web/templates/a.js": comments,
	})
	r := walk(t, Options{Root: root, MaxFileSize: 1_000_000})
	want := map[string]Why{
		"comments.yaml": TooLarge, "line.yaml": TooLarge, "separator.yaml": TooLarge, "flow.yaml": TooLarge, "utf16.yaml": TooLarge,
		"compose.late.yml": TooLarge, "late.json": TooLarge, "Dockerfile.dev": TooLarge,
	}
	if diff := cmp.Diff(want, whys(r)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// Carriage returns without line feeds once made every line cost as much as the rest of the file.
func TestManyLineEnds(t *testing.T) {
	root := lay(t, map[string]string{"a.yaml": strings.Repeat("\r", 8<<20) + pod})
	if got := kinds(walk(t, Options{Root: root})); got["a.yaml"] != source.Manifest {
		t.Errorf("got %v", got)
	}
}

// A link that could be ours by its name, and that cannot be followed, is a problem whatever it would lead to.
func TestLinksThatMightBeOurs(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "tool"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	root := lay(t, map[string]string{
		"out.yml":                "-> " + filepath.Join(outside, "tool"),
		"up.json":                "-> ../../pod.json",
		"loop.yaml":              "-> loop.yaml",
		"broken.json":            "-> nowhere.json",
		"Dockerfile.dev":         "-> /etc/hosts",
		"pipe.yaml":              "-> a.pipe",
		"deep/manifests.d":       "-> " + outside,
		"README":                 "-> nowhere",
		"run.sh":                 "-> " + filepath.Join(outside, "tool"),
		"tool":                   "-> " + filepath.Join(outside, "tool"),
		"loop":                   "-> loop",
		"package.json":           "-> nowhere.json",
		"node_modules/a.json":    "-> nowhere.json",
		"node_modules/b":         "-> " + outside,
		"inside":                 "-> manifests",
		"inside.yaml":            "-> manifests",
		"manifests/pod.yaml":     pod,
		"manifests/again.yaml":   "-> pod.yaml",
		"web/Chart.yaml":         chart,
		"web/templates/out.yaml": "-> " + filepath.Join(outside, "tool"), // rendering says so
	})
	if err := syscall.Mkfifo(filepath.Join(root, "a.pipe"), 0o644); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink(filepath.Join(root, "manifests"), filepath.Join(root, "absolute")); err != nil {
		t.Fatal(err)
	}
	r := walk(t, Options{Root: root})
	want := map[string]Why{
		"out.yml": LinkOut, "up.json": LinkOut, "loop.yaml": LinkLoop, "broken.json": LinkBroken, "Dockerfile.dev": LinkOut,
		"pipe.yaml": NotRegular, "deep/manifests.d": LinkOut,
	}
	if diff := cmp.Diff(want, whys(r)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]source.Kind{"manifests/pod.yaml": source.Manifest, "web/Chart.yaml": source.Chart}, withoutChartFiles(r)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func withoutChartFiles(r *Result) map[string]source.Kind {
	out := kinds(r)
	for p, kind := range out {
		if kind == source.ChartFile {
			delete(out, p)
		}
	}
	return out
}

func TestNested(t *testing.T) {
	root := lay(t, map[string]string{
		"a.yaml": pod, "vendor/sub/pod.yaml": pod, "nested/.git/HEAD": "", "nested/pod.yaml": pod, "web/Chart.yaml": chart,
		"web/charts/db/Chart.yaml": chart, "odd.yaml/x": "",
	})
	git := []string{"vendor/sub", "nested/", "a.yaml", "web/Chart.yaml", "web/charts/db", "gone", "odd.yaml"}
	for name, tt := range map[string]struct {
		options Options
		nested  []string
		want    []string // files
	}{
		"all":         {Options{Files: git}, []string{"nested", "odd.yaml", "vendor/sub", "web/charts/db"}, []string{"a.yaml", "web/Chart.yaml"}},
		"excluded":    {Options{Files: git, Exclude: []string{"vendor/**", "odd.yaml", "web/**"}}, []string{"nested"}, []string{"a.yaml"}},
		"one path":    {Options{Files: git, Paths: []string{"vendor"}}, []string{"vendor/sub"}, []string{"web/Chart.yaml"}},
		"asked for":   {Options{Files: git, Paths: []string{"nested"}}, nil, []string{"nested/pod.yaml", "web/Chart.yaml"}},
		"outside Git": {Options{Paths: []string{"nested"}}, nil, []string{"nested/pod.yaml", "web/Chart.yaml", "web/charts/db/Chart.yaml"}},
	} {
		t.Run(name, func(t *testing.T) {
			tt.options.Root = root
			r := walk(t, tt.options)
			if diff := cmp.Diff(tt.nested, r.Nested); diff != "" {
				t.Errorf("nested (-want +got):\n%s", diff)
			}
			var got []string
			for _, f := range r.Files {
				got = append(got, f.Path)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
		})
	}
}
