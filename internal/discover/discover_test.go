package discover

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// lay writes a tree: path to content; a content that begins with "-> " is a symbolic link.
func lay(t *testing.T, tree map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range tree {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if target, isLink := strings.CutPrefix(content, "-> "); isLink {
			if err := os.Symlink(target, file); err != nil {
				t.Skip(err)
			}
			continue
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func walk(t *testing.T, options Options) *Result {
	t.Helper()
	r, err := Walk(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// kinds gives each file of a result with its kind.
func kinds(r *Result) map[string]source.Kind {
	out := map[string]source.Kind{}
	for _, f := range r.Files {
		out[f.Path] = f.Kind
	}
	return out
}

func whys(r *Result) map[string]Why {
	out := map[string]Why{}
	for _, p := range r.Problems {
		out[p.Path] = p.Why
	}
	return out
}

const (
	pod   = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
	chart = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
)

var kindCases = map[string]struct {
	path, data string
	want       source.Kind
}{
	"workflow":                 {".github/workflows/ci.yml", "on: push", source.Workflow},
	"empty workflow":           {".github/workflows/ci.yaml", "", source.Workflow},
	"below the workflows":      {".github/workflows/lib/ci.yml", "on: push", ""},
	"no YAML":                  {".github/workflows/ci.sh", "on: push", ""},
	"action":                   {"tools/setup/action.yml", "name: x\nruns:\n  using: composite\n", source.Action},
	"action of another tool":   {"play/action.yml", "hosts: all\n", ""},
	"dockerfile":               {"Dockerfile", "", source.Dockerfile},
	"containerfile":            {"a/Containerfile", "", source.Dockerfile},
	"dockerfile by ending":     {"a/web.Dockerfile", "", source.Dockerfile},
	"dockerfile by beginning":  {"Dockerfile.dev", "# syntax=docker/dockerfile:1\n\nfrom scratch\n", source.Dockerfile},
	"dockerfile with argument": {"Dockerfile-dev", "ARG A\nFROM $A\n", source.Dockerfile},
	"about dockerfiles":        {"Dockerfile.go", "package docker\n", ""},
	"dockerfile template":      {"Dockerfile.j2", "FROM {{ base }}\n", ""},
	"dockerignore":             {"Dockerfile.dockerignore", "ARG\n", ""},
	"compose":                  {"compose.yaml", "", source.Compose},
	"compose override":         {"docker-compose.prod.yml", "", source.Compose},
	"composer":                 {"composer.yml", "a: b", ""},
	"compose by content":       {"stack.yml", "services:\n  # ours\n  web:\n    image: nginx\n", source.Compose},
	"services of another tool": {"app.yml", "services:\n  mailer:\n    class: Mailer\n", ""},
	"image of no service":      {"app.yml", "services:\n  web: {}\nimage: nginx\n", ""},
	"escaped keys":             {"b.yml", "\"api\\x56ersion\": v1\n\"k\\u0069nd\": Pod\n", source.Manifest},
	"escaped keys in JSON":     {"b.json", `{"api\u0056ersion": "v1", "\u006b\u0069\u006e\u0064": "Pod"}`, source.Manifest},
	"escaped keys in flow":     {"b.yml", `{"api\u0056ersion": "v1", "kin\u0064": "Pod"}`, source.Manifest},
	"escapes elsewhere":        {"b.json", `{"a": "\u003cb\u003e", "kind": "x"}`, ""},
	"escapes in YAML":          {"b.yml", "a: \"\\u003c\"\nkind: x\n", ""},
	"keys of their own lines":  {"b.yml", "? apiVersion\n: v1\n? kind\n: Pod\n", source.Manifest},
	"keys that are aliases":    {"b.yml", "x: [&a apiVersion, &b kind]\n*a : v1\n*b : Pod\n", source.Manifest},
	"keys that are merged":     {"b.yml", "<<: {apiVersion: v1, kind: Pod}\nmetadata: {}\n", source.Manifest},
	"a merge below":            {"b.yml", "a:\n  <<: {apiVersion: v1, kind: Pod}\n", ""},
	"an action's escaped key":  {"a/action.yml", "\"r\\x75ns\": {}\n", source.Action},
	"an action's own line":     {"a/action.yml", "? runs\n: {}\n", source.Action},
	"service in one line":      {"app.yml", "services:\n  web: {image: nginx}\n", source.Compose},
	"services in one line":     {"app.yml", "services: {web: {image: nginx}}\n", source.Compose},
	"service from elsewhere":   {"app.yml", "x-web: &web\n  image: nginx\nservices:\n  web: *web\n", source.Compose},
	"service that is merged":   {"app.yml", "x-web: &web {image: nginx}\nservices:\n  web:\n    <<: *web\n", source.Compose},
	"services, escaped":        {"app.yml", "\"serv\\x69ces\":\n  web:\n    image: nginx\n", source.Compose},
	"manifest called compose":  {"compose-web.yaml", pod, source.Manifest},
	"manifest":                 {"a/b.yaml", "# hello\n---\n" + pod, source.Manifest},
	"second document":          {"b.yml", "a: b\n---\n" + pod, source.Manifest},
	"quoted keys":              {"b.yml", "\"apiVersion\": v1\n'kind' : Pod\n", source.Manifest},
	"indented as a whole":      {"b.yml", "  apiVersion: v1\n  kind: Pod\n", source.Manifest},
	"CRLF":                     {"b.yml", strings.ReplaceAll(pod, "\n", "\r\n"), source.Manifest},
	"CR":                       {"b.yml", strings.ReplaceAll(pod, "\n", "\r"), source.Manifest},
	"BOM":                      {"b.yml", "\ufeff" + pod, source.Manifest},
	"line separator":           {"b.yml", "# a\u2028apiVersion: v1\u2029kind: Pod\u0085", source.Manifest},
	"beginning tagged":         {"b.yml", "--- !pod\n&a apiVersion: v1\n!!str kind: Pod\n", source.Manifest},
	"flow":                     {"b.yml", "{apiVersion: v1, kind: Pod}", source.Manifest},
	"keys further down":        {"b.yml", "spec:\n  apiVersion: v1\n  kind: Pod\n", ""},
	"keys of two documents":    {"b.yml", "apiVersion: v1\n---\nkind: Pod\n", ""},
	"keys in a text":           {"b.yml", "text: |\n  apiVersion: v1\n  kind: Pod\n", ""},
	"JSON manifest":            {"b.json", `{"items": [], "kind": "List", "apiVersion": "v1"}`, source.Manifest},
	"JSON stream":              {"b.json", `{"a": 1} {"kind": "Pod", "apiVersion": "v1"}`, source.Manifest},
	"JSON schema":              {"b.json", `{"properties": {"apiVersion": {}, "kind": {}}}`, ""},
	"JSON values":              {"b.json", `{"a": "apiVersion", "b": "kind", "c": "\"kind"}`, ""},
	"no end in sight":          {"b.json", `{"apiVersion`, ""},
	"kustomization":            {"a/kustomization.yml", "resources: [b.yaml]", source.Kustomization},
	"Kustomization":            {"a/Kustomization", "", source.Kustomization},
	"Flux's Kustomization": {
		"kustomization.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n", source.Manifest,
	},
	"GitLab pipeline":       {".gitlab-ci.yml", "", source.GitLabCI},
	"part of a pipeline":    {".gitlab/ci/build.yml", "", source.GitLabCI},
	"pipeline for others":   {"templates/sast.gitlab-ci.yml", "", source.GitLabCI},
	"GitLab's other files":  {".gitlab/CODEOWNERS.yml", "", ""},
	"development container": {".devcontainer/devcontainer.json", "", source.DevContainer},
	"one of several":        {".devcontainer/go/devcontainer.json", "", source.DevContainer},
	"in one file":           {".devcontainer.json", "", source.DevContainer},
	"too deep for one":      {".devcontainer/a/b/devcontainer.json", "{}", ""},
	"its lock":              {".devcontainer/devcontainer-lock.json", "{}", ""},
	"terraform":             {"infra/main.tf", "", source.Terraform},
	"terraform as JSON":     {"infra/main.tf.json", "{}", source.Terraform},
	"chart":                 {"Chart.yaml", chart, source.Chart},
	"something of its own":  {"docs/Chart.yaml", "type: pie\n", ""},
}

func TestKindOfFile(t *testing.T) {
	for name, tt := range kindCases {
		t.Run(name, func(t *testing.T) {
			root := lay(t, map[string]string{tt.path: tt.data})
			want := map[string]source.Kind{}
			if tt.want != "" {
				want[tt.path] = tt.want
			}
			if diff := cmp.Diff(want, kinds(walk(t, Options{Root: root, Files: []string{tt.path}}))); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCharts(t *testing.T) {
	tests := map[string]struct {
		text string
		want source.Kind // "" for what is nothing that is linted
	}{
		"web/Chart.yaml":                      {chart, source.Chart},
		"web/Chart.lock":                      {"", source.ChartFile},
		"web/requirements.yaml":               {"", source.Requirements},
		"web/requirements.lock":               {"", source.ChartFile},
		"web/values.yaml":                     {"", source.ChartFile},
		"web/values-prod.yaml":                {"", source.ChartFile},
		"web/values.schema.json":              {"{}", source.ChartFile},
		"web/ci/ha-values.yaml":               {"", source.ChartFile},
		"web/ci/pod.yaml":                     {pod, source.Manifest},
		"web/crds/crd.yaml":                   {pod, source.ChartFile},
		"web/templates/pod.yaml":              {pod, source.ChartFile},
		"web/templates/_helpers.tpl":          {"", source.ChartFile},
		"web/files/pod.yaml":                  {pod, source.ChartFile},
		"web/charts/db-1.0.0.tgz":             {"x", source.ChartFile},
		"web/charts/db/Chart.yaml":            {chart, source.Chart},
		"web/charts/db/extra/pod.yaml":        {pod, source.ChartFile},
		"web/README.md":                       {"", ""},
		"web/examples/pod.yaml":               {pod, source.Manifest},
		"web/conf/pod.yaml":                   {"{{- if .Values.pod }}\n" + pod + "{{- end }}\n", source.ChartFile},
		"web/Dockerfile":                      {"", source.Dockerfile},
		"broken/Chart.yaml":                   {"name: [", source.Chart},
		"broken/templates/pod.yaml":           {pod, source.ChartFile},
		"chartless/templates/pod.yaml":        {pod, source.Manifest},
		"chartless/templates/deeper/two.yaml": {pod, source.Manifest},
	}
	texts, want := map[string]string{}, map[string]source.Kind{}
	for name, tt := range tests {
		texts[name] = tt.text
		if tt.want != "" {
			want[name] = tt.want
		}
	}
	r := walk(t, Options{Root: lay(t, texts)})
	if diff := cmp.Diff(want, kinds(r)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for _, f := range r.Files {
		if f.Path == "web/charts/db-1.0.0.tgz" && f.Data != nil {
			t.Error("an archive was read")
		}
	}
}

func TestWorkflowsBelowAnUnknownRoot(t *testing.T) {
	root := lay(t, map[string]string{"repo/.github/workflows/ci.yml": "on: push"})
	if got := kinds(walk(t, Options{Root: root})); got["repo/.github/workflows/ci.yml"] != source.Workflow {
		t.Errorf("outside Git: %v", got)
	}
	if got := kinds(walk(t, Options{Root: root, Files: []string{"repo/.github/workflows/ci.yml"}})); len(got) != 0 {
		t.Errorf("in Git these never run: %v", got)
	}
}

func TestListing(t *testing.T) {
	root := lay(t, map[string]string{
		".git/pod.yaml": pod, "sub/.git/pod.yaml": pod, "a.yaml": pod, "ignored.yaml": pod, "out/b.yaml": pod, "x.txt": "",
	})
	if err := os.Mkdir(filepath.Join(root, "submodule.yaml"), 0o755); err != nil {
		t.Fatal(err)
	}
	git := []string{"a.yaml", "deleted.yaml", "submodule.yaml", "nested/", "x.txt"}
	tests := map[string]struct {
		files, paths []string
		want         []string
	}{
		"outside Git":               {nil, nil, []string{"a.yaml", "ignored.yaml", "out/b.yaml"}},
		"in Git":                    {git, nil, []string{"a.yaml"}},
		"an empty repository":       {[]string{}, nil, nil},
		"all":                       {git, []string{"."}, []string{"a.yaml"}},
		"an ignored file by name":   {git, []string{"ignored.yaml"}, []string{"a.yaml", "ignored.yaml"}}, // with what is beside it
		"an ignored folder":         {git, []string{"out"}, []string{"out/b.yaml"}},
		"one path given absolutely": {git, []string{filepath.Join(root, "a.yaml")}, []string{"a.yaml"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := walk(t, Options{Root: root, Files: tt.files, Paths: tt.paths})
			var got []string
			for _, f := range r.Files {
				got = append(got, f.Path)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if len(r.Problems) > 0 {
				t.Errorf("problems: %v", r.Problems)
			}
		})
	}
}

func TestSelection(t *testing.T) {
	root := lay(t, map[string]string{
		"pod.yaml": pod, "web/Chart.yaml": chart, "web/values.yaml": "", "web/templates/a.yaml": "", "web/notes.yaml": pod,
		"api/Chart.yaml": chart, "api/values.yaml": "", "k/kustomization.yaml": "", "k/pod.yaml": pod,
		"apps/web.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\n", "apps/map.yaml": "apiVersion: v1\nkind: ConfigMap\n",
		"apps/out.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\n", "apps/notes.yaml": "of: argoproj.io/\n",
	})
	tests := map[string]struct {
		options  Options
		selected []string // of the files returned
		context  []string // returned, but not selected
	}{
		"a plain file": {
			Options{Paths: []string{"pod.yaml"}},
			[]string{"pod.yaml"},
			[]string{"api/Chart.yaml", "apps/map.yaml", "apps/out.yaml", "apps/web.yaml", "k/kustomization.yaml", "web/Chart.yaml"},
		},
		"a file of a chart selects the chart": {
			Options{Paths: []string{"web/templates/a.yaml"}},
			[]string{"web/Chart.yaml", "web/templates/a.yaml", "web/values.yaml"},
			[]string{"api/Chart.yaml", "apps/map.yaml", "apps/out.yaml", "apps/web.yaml", "k/kustomization.yaml"},
		},
		"a folder of a chart selects the chart": {
			Options{Paths: []string{"web/templates"}},
			[]string{"web/Chart.yaml", "web/templates/a.yaml", "web/values.yaml"},
			[]string{"api/Chart.yaml", "apps/map.yaml", "apps/out.yaml", "apps/web.yaml", "k/kustomization.yaml"},
		},
		"what deploys charts is read whatever is asked for": {
			Options{Paths: []string{"web"}, Exclude: []string{"apps/out.yaml"}},
			[]string{"web/Chart.yaml", "web/notes.yaml", "web/templates/a.yaml", "web/values.yaml"},
			[]string{"api/Chart.yaml", "apps/map.yaml", "apps/web.yaml", "k/kustomization.yaml"},
		},
		"include": {
			Options{Include: []string{"web/**", "*.yaml"}},
			[]string{"pod.yaml", "web/Chart.yaml", "web/notes.yaml", "web/templates/a.yaml", "web/values.yaml"},
			nil,
		},
		"exclude": {
			Options{Exclude: []string{"{web,api,apps}/**", "k/pod.yaml"}},
			[]string{"k/kustomization.yaml", "pod.yaml"},
			nil,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.options.Root = root
			selected, beside := parted(walk(t, tt.options))
			if diff := cmp.Diff(tt.selected, selected); diff != "" {
				t.Errorf("selected (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.context, beside); diff != "" {
				t.Errorf("beside them (-want +got):\n%s", diff)
			}
		})
	}
}

// parted lists the files that are selected, and those beside them.
func parted(r *Result) (selected, beside []string) {
	for _, f := range r.Files {
		if r.Selected(f.Path) {
			selected = append(selected, f.Path)
		} else {
			beside = append(beside, f.Path)
		}
	}
	return selected, beside
}

func TestWrongOptions(t *testing.T) {
	root := lay(t, map[string]string{"a.yaml": pod, "out.yaml": "-> /etc/hosts"})
	for name, tt := range map[string]struct {
		options Options
		want    string
	}{
		"no such path":      {Options{Paths: []string{"b.yaml"}}, "path b.yaml does not exist"},
		"outside":           {Options{Paths: []string{"../x"}}, "outside of the repository"},
		"outside, absolute": {Options{Paths: []string{"/etc"}}, "outside of the repository"},
		"a link outside":    {Options{Paths: []string{"out.yaml"}}, "path out.yaml: path escapes"},
		"pattern":           {Options{Include: []string{"[a"}}, "malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.options.Root = root
			if _, err := Walk(context.Background(), tt.options); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestLinks(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.yml")
	if err := os.WriteFile(secret, []byte(pod), 0o600); err != nil {
		t.Fatal(err)
	}
	root := lay(t, map[string]string{
		".git/config":                  "[http]\nextraheader = token\n",
		".github/workflows/out.yml":    "-> " + secret,
		".github/workflows/loop.yml":   "-> loop.yml",
		".github/workflows/broken.yml": "-> nowhere.yml",
		".github/workflows/git.yml":    "-> ../../.git/config",
		".github/workflows/shared.yml": "-> ../../ci/shared.yml",
		".github/workflows/again.yml":  "-> real.yml",
		".github/workflows/real.yml":   "on: push",
		".github/workflows/folder.yml": "-> ../../ci",
		"ci/shared.yml":                "on: push",
		"pod.yaml":                     pod,
		"pod-again.yaml":               "-> pod.yaml",
		"out.yaml":                     "-> " + secret,
		"deep":                         "-> " + filepath.Dir(secret),
	})
	r := walk(t, Options{Root: root})
	want := map[string]source.Kind{
		".github/workflows/real.yml":   source.Workflow,
		".github/workflows/shared.yml": source.Workflow,
		"pod.yaml":                     source.Manifest,
	}
	if diff := cmp.Diff(want, kinds(r)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	problems := map[string]Why{
		".github/workflows/out.yml":    LinkOut,
		".github/workflows/loop.yml":   LinkLoop,
		".github/workflows/broken.yml": LinkBroken,
		".github/workflows/git.yml":    LinkOut,
		"out.yaml":                     LinkOut,
		"deep":                         LinkOut,
	}
	if diff := cmp.Diff(problems, whys(r)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestLargeFiles(t *testing.T) {
	padding := strings.Repeat("#", 2000)
	root := lay(t, map[string]string{
		".github/workflows/ci.yml": padding,
		"pod.yaml":                 pod + padding,
		"data.yaml":                "a: b\n" + padding,
		"data.json":                padding,
		"small.yaml":               pod,
	})
	r := walk(t, Options{Root: root, MaxFileSize: 1000})
	if diff := cmp.Diff(map[string]Why{".github/workflows/ci.yml": TooLarge, "pod.yaml": TooLarge}, whys(r)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]source.Kind{"small.yaml": source.Manifest}, kinds(r)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// A file is read up to the limit, the limit included.
func TestLargestFile(t *testing.T) {
	root := lay(t, map[string]string{"pod.yaml": pod})
	r := walk(t, Options{Root: root, MaxFileSize: int64(len(pod))})
	if len(r.Files) != 1 || string(r.Files[0].Data) != pod {
		t.Errorf("got %v, %v", r.Files, r.Problems)
	}
}

func TestPipeIsNotOpened(t *testing.T) {
	root := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(root, "Dockerfile"), 0o644); err != nil {
		t.Skip(err)
	}
	r := walk(t, Options{Root: root})
	if diff := cmp.Diff(map[string]Why{"Dockerfile": NotRegular}, whys(r)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestUnreadable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	root := lay(t, map[string]string{"pod.yaml": pod})
	if err := os.Chmod(filepath.Join(root, "pod.yaml"), 0); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]Why{"pod.yaml": Unreadable}, whys(walk(t, Options{Root: root}))); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func FuzzSniff(f *testing.F) {
	for _, seed := range []string{pod, chart, `{"apiVersion": "v1", "kind": "Pod"}`, "services:\n  a:\n    image: b\n", "\r\n---\r{", "\xff\xfea\x00", "\ufeff\x00a"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, look := range []func(*text) source.Kind{yamlKind, jsonKind, kustomizationOrManifest, checked(source.Chart, isChart).is} {
			small, large := look(textOf(data)), look(largeText(bytes.NewReader(data)))
			if small != large {
				t.Errorf("%q is %q, read piece by piece %q", data, small, large)
			}
		}
	})
}
