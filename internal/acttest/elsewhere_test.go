package acttest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/cli"
	"github.com/plimsoll-dev/plimsoll/internal/corpus"
	"github.com/plimsoll-dev/plimsoll/internal/discover"
)

// download is what stands for curl: it knows one address, and what is there.
const download = `while [ $# -gt 1 ]; do case $1 in --output) to=$2 ;; esac; shift; done
[ "$1" = https://github.com/plimsoll-dev/plimsoll/releases/download/v1.2.3/plimsoll_1.2.3_linux_amd64 ]
cp released "$to"`

// pipeline is a checkout with the script of the page and a release to download, which prints how it is called.
func pipeline(t *testing.T) *script {
	t.Helper()
	const program = "#!/bin/sh\necho \"called: $*\"\n"
	s := newScript(t)
	s.tools(t, "sh", "mktemp", "cp")
	s.program(t, "curl", download)
	write(t, filepath.Join(s.dir, "released"), program)
	sum := sha256.Sum256([]byte(program))
	text := snippetsUnder(t, "In any other CI")[0].text
	known := regexp.MustCompile(`(?m)^sha256=[0-9a-f]{64} `).ReplaceAllString(text, "sha256="+hex.EncodeToString(sum[:])+" ")
	if known == text {
		t.Fatal("the script holds what it downloads to no SHA-256")
	}
	write(t, filepath.Join(s.dir, "ci/plimsoll.sh"), known)
	return s
}

// shell runs a command of a pipeline in the checkout.
func (s *script) shell(t *testing.T, command string) (code int, printed string) {
	t.Helper()
	return s.execute(t, "sh", "-e", "-c", command)
}

func TestAnyOtherCI(t *testing.T) {
	s := pipeline(t)
	code, printed := s.shell(t, "sh ci/plimsoll.sh --since origin/main 'a b'")
	if code != 0 || !strings.Contains(printed, "called: lint --since origin/main a b\n") {
		t.Errorf("exit %d: %s", code, printed)
	}
	for name, released := range map[string]string{"another program": "#!/bin/sh\necho called\n", "cut short": "#!/bin/sh\n"} {
		write(t, filepath.Join(s.dir, "released"), released)
		if code, printed := s.shell(t, "sh ci/plimsoll.sh"); code == 0 || strings.Contains(printed, "called") {
			t.Errorf("%s: exit %d: %s", name, code, printed)
		}
	}
	if err := os.Remove(filepath.Join(s.dir, "released")); err != nil {
		t.Fatal(err)
	}
	if code, printed := s.shell(t, "sh ci/plimsoll.sh"); code == 0 {
		t.Errorf("nothing to download: exit 0: %s", printed)
	}
}

func TestTheVerdictIsThePipelines(t *testing.T) {
	s := pipeline(t)
	const failing = "#!/bin/sh\nexit 1\n"
	sum := sha256.Sum256([]byte(failing))
	write(t, filepath.Join(s.dir, "released"), failing)
	name := filepath.Join(s.dir, "ci/plimsoll.sh")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	write(t, name, regexp.MustCompile(`[0-9a-f]{64}`).ReplaceAllString(string(text), hex.EncodeToString(sum[:])))
	if code, printed := s.shell(t, "sh ci/plimsoll.sh"); code != 1 {
		t.Errorf("exit %d, want the program's: %s", code, printed)
	}
}

func TestGitLab(t *testing.T) {
	var file struct {
		Plimsoll struct {
			Variables map[string]string
			Script    []string
			Artifacts struct {
				Reports struct{ Junit string }
			}
		}
	}
	if err := yaml.Unmarshal([]byte(snippetsUnder(t, "In GitLab CI")[0].text), &file); err != nil {
		t.Fatal(err)
	}
	job := file.Plimsoll
	if job.Variables["GIT_DEPTH"] != "0" || job.Artifacts.Reports.Junit == "" {
		t.Errorf("the job is %+v", job)
	}
	reports := "--format text --format junit=" + job.Artifacts.Reports.Junit
	for name, test := range map[string]struct{ base, want string }{
		"merge request":  {strings.Repeat("b", 40), "called: lint --since " + strings.Repeat("b", 40) + " " + reports + "\n"},
		"default branch": {"", "called: lint " + reports + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := pipeline(t)
			s.program(t, "apk", `[ "$*" = "add --no-cache curl git" ]`)
			if test.base != "" {
				s.env["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = test.base
			}
			if code, printed := s.shell(t, strings.Join(job.Script, "\n")); code != 0 || !strings.Contains(printed, test.want) {
				t.Errorf("exit %d: %s", code, printed)
			}
		})
	}
}

// hook is what pre-commit reads of ours.
type hook struct {
	ID, Name, Entry, Language, Files string
	PassFilenames                    bool `yaml:"pass_filenames"`
}

func readHook(t *testing.T) hook {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, ".pre-commit-hooks.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var hooks []hook
	if err := yaml.Unmarshal(data, &hooks); err != nil || len(hooks) != 1 {
		t.Fatalf("%d hooks, %v", len(hooks), err)
	}
	return hooks[0]
}

// TestHookRuns calls the hook as pre-commit does: a program that `go install ./...` makes, with the arguments that the page
// gives, over a change that is staged.
func TestHookRuns(t *testing.T) {
	h := readHook(t)
	var config struct {
		Repos []struct {
			Hooks []struct {
				ID   string
				Args []string
			}
		}
	}
	if err := yaml.Unmarshal([]byte(snippetsUnder(t, "Before a commit")[0].text), &config); err != nil {
		t.Fatal(err)
	}
	shown := config.Repos[0].Hooks[0]
	words := append(strings.Fields(h.Entry), shown.Args...)
	if h.Language != "golang" || h.PassFilenames || shown.ID != h.ID {
		t.Fatalf("the hook is %+v, and the page shows %+v", h, shown)
	}
	if _, err := os.Stat(filepath.Join(root, "cmd", words[0], "main.go")); err != nil {
		t.Fatal(err)
	}
	repo := t.TempDir()
	git(t, repo, "init", "--quiet")
	const uses = "on: push\nname: n\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: acme/old@main\n"
	write(t, filepath.Join(repo, ".github/workflows/ci.yml"), uses)
	git(t, repo, "add", "--all")
	git(t, repo, "commit", "--quiet", "--message", "before")
	if code, printed := lintHere(t, repo, words[1:]); code != cli.ExitClean {
		t.Errorf("nothing is changed: exit %d: %s", code, printed)
	}
	write(t, filepath.Join(repo, ".github/workflows/ci.yml"), uses+"      - uses: acme/new@main\n")
	git(t, repo, "add", "--all")
	code, printed := lintHere(t, repo, words[1:])
	if code != cli.ExitFindings || !strings.Contains(printed, "acme/new") || strings.Contains(printed, "acme/old") {
		t.Errorf("exit %d: %s", code, printed)
	}
}

func lintHere(t *testing.T, dir string, args []string) (code int, printed string) {
	t.Helper()
	var out bytes.Buffer
	code = cli.Run(t.Context(), cli.Env{
		Args: args, Stdout: &out, Stderr: &out, Getenv: func(string) string { return "" }, Dir: dir,
	})
	return code, out.String()
}

func TestHookLooksAtWhatMatters(t *testing.T) {
	files := regexp.MustCompile(readHook(t).Files)
	for _, name := range []string{
		".github/workflows/ci.yml", ".github/workflows/actions.lock", "action.yaml", "charts/shop/Chart.yaml", "shop/Chart.lock",
		"shop/templates/_helpers.tpl", "shop/templates/NOTES.txt", "shop/files/nginx.conf", "shop/values.schema.json", "deploy/Kustomization",
		"Dockerfile", "build/Dockerfile.alpine", "app.dockerfile", "Containerfile", "compose.yaml", "infra/main.tf", "infra/main.tf.json",
		".terraform.lock.hcl", ".renovaterc", "renovate.json5", ".gitlab-ci.yml", ".devcontainer/devcontainer.json", "policies/owner.rego",
	} {
		if !files.MatchString(name) {
			t.Errorf("a commit that touches %s is not linted", name)
		}
	}
	for _, name := range []string{"main.go", "README.md", "web/index.ts", "requirements.txt", "src/dockerfiles.py", "logo.png", "Makefile", "templates.go"} {
		if files.MatchString(name) {
			t.Errorf("a commit that touches %s alone is linted", name)
		}
	}
}

// TestHookLooksAtWhatIsLinted holds the pattern to what discovery finds in real repositories.
func TestHookLooksAtWhatIsLinted(t *testing.T) {
	root := corpus.Dir(t)
	found, err := discover.Walk(t.Context(), discover.Options{Root: root})
	if err != nil || len(found.Files) == 0 {
		t.Fatalf("%d files in %s: %v", len(found.Files), root, err)
	}
	files := regexp.MustCompile(readHook(t).Files)
	for _, file := range found.Files {
		_, name, _ := strings.Cut(file.Path, "/")
		_, name, _ = strings.Cut(name, "/")
		if !files.MatchString(name) {
			t.Errorf("a commit that touches %s is not linted", file.Path)
		}
	}
}
