package acttest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// script is one run of one of the action's scripts, with programs of the test's own in place of the real ones.
type script struct {
	dir    string // workspace and working directory
	action string // copy of the action's own files
	bin    string // all of PATH
	env    map[string]string
}

// systemTools are all that the scripts may count on everywhere; curl and go are not among them.
var systemTools = []string{
	"bash", "basename", "chmod", "cut", "dirname", "env", "ls", "mkdir", "mv", "rm", "sed", "sha256sum", "touch", "uname",
}

func newScript(t *testing.T) *script {
	t.Helper()
	temp := t.TempDir()
	s := &script{
		dir: filepath.Join(temp, "workspace"), action: filepath.Join(temp, "action"), bin: filepath.Join(temp, "bin"),
	}
	for _, dir := range []string{s.dir, s.bin, filepath.Join(temp, "runner")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	copyAction(t, s.action)
	s.tools(t, systemTools...)
	s.env = map[string]string{
		"PLIMSOLL_ACTION_PATH": s.action, "GITHUB_WORKSPACE": s.dir, "RUNNER_TEMP": filepath.Join(temp, "runner"),
		"GITHUB_OUTPUT": filepath.Join(temp, "output"), "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64",
		"PATH": s.bin,
	}
	return s
}

// tools puts programs of the system where the action finds them.
func (s *script) tools(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Skipf("%s is not installed", name)
		}
		if err := os.Symlink(path, filepath.Join(s.bin, name)); err != nil {
			t.Fatal(err)
		}
	}
}

// program puts a shell script where the action finds it as a command.
func (s *script) program(t *testing.T, name, body string) string {
	t.Helper()
	path := filepath.Join(s.bin, name)
	write(t, path, "#!/usr/bin/env bash\nset -eu\n"+body+"\n")
	return path
}

// run gives the exit code, what was printed, and GITHUB_OUTPUT.
func (s *script) run(t *testing.T, name string) (code int, printed, output string) {
	t.Helper()
	code, printed = s.execute(t, "bash", filepath.Join(s.action, ".github/action", name))
	data, err := os.ReadFile(s.env["GITHUB_OUTPUT"])
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return code, printed, string(data)
}

// execute runs a program in the workspace.
func (s *script) execute(t *testing.T, program string, args ...string) (code int, printed string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir = s.dir
	for key, value := range s.env {
		cmd.Env = append(cmd.Env, key+"="+value)
	}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// inputs are the variables of the lint step at the defaults of action.yml.
func (s *script) inputs(changed ...string) {
	for _, name := range []string{
		"CONFIG", "FAIL_ON", "PERSONA", "SINCE", "SCOPE", "BASELINE", "POLICY", "RULE", "SKIP_RULE", "SARIF_FILE", "REPORT_FILE",
		"CATEGORY", "REPORT_FROM", "ISSUE_LABELS",
	} {
		s.env["PLIMSOLL_"+name] = ""
	}
	all := []string{
		"PATH", ".", "AUDIT", "false", "WORKING_DIRECTORY", ".", "FORMAT", "text", "ANNOTATIONS", "true", "CHECK_RUN", "false",
		"CHECK_NAME", "plimsoll", "SUMMARY", "true", "TOKEN", "t0ken", "REVIEW", "false", "COMMENT", "false",
		"UPLOAD_SARIF", "never", "STRICT_REPORTING", "false", "TRACKING_ISSUE", "false",
	}
	all = append(all, changed...)
	for i := 0; i+1 < len(all); i += 2 {
		s.env["PLIMSOLL_"+all[i]] = all[i+1]
	}
}

func TestInputsBecomeFlags(t *testing.T) {
	const shell = `$(touch pwned) ; touch pwned & "'` + "`touch pwned`"
	for name, test := range map[string]struct {
		inputs []string
		want   string // one argument a line, then what the program sees of the environment
	}{
		"defaults": {nil, "lint\n--github-output\n--format=text\n--check-name=plimsoll\n--format=github\n--\n.\ntoken: none, summary: yes"},
		"everything": {
			[]string{
				"CONFIG", "c.yaml", "FAIL_ON", "high", "PERSONA", "auditor", "SINCE", "origin/main", "SCOPE", "changed", "BASELINE", "b.json",
				"POLICY", "policies", "CHECK_NAME", "plimsoll (prod)",
				"RULE", "image/unpinned\n\n  workflow/syntax  \n", "SKIP_RULE", "helm/x", "FORMAT", "text\njson=a.json",
				"SARIF_FILE", "out.sarif", "REPORT_FILE", "r.json", "CHECK_RUN", "true", "SUMMARY", "false",
				"PATH", "deploy\ncharts/a b", "REVIEW", "true", "COMMENT", "true", "UPLOAD_SARIF", "default-branch", "CATEGORY", "prod",
				"STRICT_REPORTING", "true",
			},
			"lint\n--github-output\n--config=c.yaml\n--fail-on=high\n--persona=auditor\n--baseline=b.json\n" +
				"--policy=policies\n--since=origin/main\n--scope=changed\n--rule=image/unpinned\n--rule=workflow/syntax\n--skip-rule=helm/x\n--format=text\n--format=json=a.json\n" +
				"--format=sarif=out.sarif\n--format=json=r.json\n--category=prod\n--check-name=plimsoll (prod)\n--strict-reporting\n--check-run\n" +
				"--review\n--comment\n--upload-sarif=default-branch\n--\ndeploy\ncharts/a b\n" +
				"token: t0ken, summary: no",
		},
		"no annotations": {
			[]string{"ANNOTATIONS", "false"}, "lint\n--github-output\n--format=text\n--check-name=plimsoll\n--\n.\ntoken: none, summary: yes",
		},
		"a review alone": {
			[]string{"REVIEW", "true"},
			"lint\n--github-output\n--format=text\n--check-name=plimsoll\n--format=github\n--review\n--\n.\ntoken: t0ken, summary: yes",
		},
		"an upload alone": {
			[]string{"UPLOAD_SARIF", "always", "ANNOTATIONS", "false"},
			"lint\n--github-output\n--format=text\n--check-name=plimsoll\n--upload-sarif=always\n--\n.\ntoken: t0ken, summary: yes",
		},
		"what would be code or a flag is a value": {
			[]string{"CONFIG", shell, "SINCE", "--output=x", "PATH", "--config=x\n" + shell},
			"lint\n--github-output\n--config=" + shell + "\n--since=--output=x\n--format=text\n--check-name=plimsoll\n--format=github\n--\n" +
				"--config=x\n" + shell + "\ntoken: none, summary: yes",
		},
	} {
		t.Run(name, func(t *testing.T) { checkFlags(t, test.inputs, test.want) })
	}
}

// TestInputsOfWhatIsPosted are those that choose a channel or another run's report.
func TestInputsOfWhatIsPosted(t *testing.T) {
	for name, test := range map[string]struct {
		inputs []string
		want   string
	}{
		"an issue alone": {
			[]string{"TRACKING_ISSUE", "true", "ISSUE_LABELS", "security\ngood first issue"},
			"lint\n--github-output\n--format=text\n--check-name=plimsoll\n--format=github\n--tracking-issue\n--issue-label=security\n" +
				"--issue-label=good first issue\n--\n.\ntoken: t0ken, summary: yes",
		},
		"an audit": {
			[]string{"AUDIT", "true", "TRACKING_ISSUE", "true", "UPLOAD_SARIF", "default-branch"},
			"audit\n--github-output\n--format=text\n--check-name=plimsoll\n--format=github\n--tracking-issue\n" +
				"--upload-sarif=default-branch\n--\n.\ntoken: t0ken, summary: yes",
		},
		"an audit of the settings alone, told to nobody": {
			[]string{"AUDIT", "true", "PATH", "", "ANNOTATIONS", "false"},
			"audit\n--github-output\n--format=text\n--check-name=plimsoll\n--\ntoken: t0ken, summary: yes",
		},
		"another run's report": {
			[]string{"REPORT_FROM", "out/r.json", "CHECK_RUN", "true", "PATH", "deploy", "SINCE", "main", "RULE", "image/unpinned"},
			"report\n--github-output\n--from=out/r.json\n--format=text\n--check-run\ntoken: t0ken, summary: yes",
		},
		"another run's report, to nobody": {
			[]string{"REPORT_FROM", "out/r.json"},
			"report\n--github-output\n--from=out/r.json\n--format=text\ntoken: none, summary: yes",
		},
	} {
		t.Run(name, func(t *testing.T) { checkFlags(t, test.inputs, test.want) })
	}
}

// checkFlags runs the lint step with a program that prints its arguments, one a line, and what it sees of the environment.
func checkFlags(t *testing.T, inputs []string, want string) {
	t.Helper()
	s := newScript(t)
	s.env["GITHUB_STEP_SUMMARY"], s.env["GITHUB_TOKEN"] = "/summary", "inherited"
	s.env["PLIMSOLL_BINARY"] = s.program(t, "plimsoll", `printf '%s\n' "$@"
[[ -z ${PLIMSOLL_TOKEN:-} ]]
echo "token: ${GITHUB_TOKEN:-none}, summary: ${GITHUB_STEP_SUMMARY+yes}${GITHUB_STEP_SUMMARY-no}" | sed s,/summary,,`)
	s.inputs(inputs...)
	code, got, _ := s.run(t, "lint.sh")
	got, masked := strings.CutPrefix(got, "::add-mask::t0ken\n")
	if !masked {
		t.Error("the token is not masked before all else")
	}
	if diff := cmp.Diff(want, strings.TrimSpace(got)); code != 0 || diff != "" {
		t.Errorf("exit %d; (-want +got):\n%s", code, diff)
	}
	if _, err := os.Stat(filepath.Join(s.dir, "pwned")); err == nil {
		t.Error("an input was run")
	}
}

func TestExitCodeIsThePrograms(t *testing.T) {
	for _, want := range []string{"0", "1", "2", "3"} {
		s := newScript(t)
		s.env["PLIMSOLL_BINARY"] = s.program(t, "plimsoll", "exit "+want)
		s.inputs()
		if code, printed, _ := s.run(t, "lint.sh"); code != int(want[0]-'0') {
			t.Errorf("exit %d, want %s: %s", code, want, printed)
		}
	}
}

func TestWorkingDirectory(t *testing.T) {
	s := newScript(t)
	write(t, filepath.Join(s.dir, "sub dir/file"), "")
	s.env["PLIMSOLL_BINARY"] = s.program(t, "plimsoll", "ls")
	s.inputs("WORKING_DIRECTORY", "sub dir")
	if code, got, _ := s.run(t, "lint.sh"); code != 0 || got != "::add-mask::t0ken\nfile\n" {
		t.Errorf("exit %d: %s", code, got)
	}
}

func TestInputsThatMakeNoSense(t *testing.T) {
	for _, test := range [][]string{
		{"CHECK_RUN", "yes", "check-run is true or false"},
		{"REVIEW", "1", "review is true or false"},
		{"COMMENT", "", "comment is true or false"},
		{"TRACKING_ISSUE", "yes", "tracking-issue is true or false"},
		{"STRICT_REPORTING", "no", "strict-reporting is true or false"},
		{"ANNOTATIONS", "", "annotations is true or false"},
		{"SUMMARY", "TRUE", "summary is true or false"},
		{"AUDIT", "yes", "audit is true or false"},
		{"WORKING_DIRECTORY", "nowhere", "working-directory is not a directory"},
	} {
		s := newScript(t)
		s.env["PLIMSOLL_BINARY"] = s.program(t, "plimsoll", "echo it ran")
		s.inputs(test[:2]...)
		code, got, _ := s.run(t, "lint.sh")
		if code != 2 || !strings.Contains(got, "::error title=plimsoll::"+test[2]) || strings.Contains(got, "it ran") {
			t.Errorf("%s: exit %d: %s", test[0], code, got)
		}
	}
}

func TestAuditPostsNoOtherReport(t *testing.T) {
	s := newScript(t)
	s.env["PLIMSOLL_BINARY"] = s.program(t, "plimsoll", "echo it ran")
	s.inputs("AUDIT", "true", "REPORT_FROM", "r.json")
	if code, got, _ := s.run(t, "lint.sh"); code != 2 || !strings.Contains(got, "choose one") || strings.Contains(got, "it ran") {
		t.Errorf("exit %d: %s", code, got)
	}
}

const release = "plimsoll_1.2.3_linux_amd64"

// released makes the tree one whose release is the given binary, and curl the way to it.
func (s *script) released(t *testing.T, binary, curl string) {
	t.Helper()
	sum := sha256.Sum256([]byte(binary))
	write(t, filepath.Join(s.action, ".github/release/checksums.txt"), "# comment\n"+
		strings.Repeat("0", 64)+"  plimsoll_1.2.3_darwin_arm64\n"+
		hex.EncodeToString(sum[:])+"  "+release+"\n")
	s.program(t, "curl", `while [[ $1 != --output ]]; do shift; done
echo "fetched $3"
`+curl)
}

func TestReleaseIsDownloadedAndHeldToItsChecksum(t *testing.T) {
	const good = "#!/bin/sh\necho good\n"
	for name, test := range map[string]struct {
		curl, mirror string
		code         int
		printed      string
	}{
		"release": {
			"printf '#!/bin/sh\\necho good\\n' >\"$2\"", "", 0,
			"fetched https://github.com/plimsoll-dev/plimsoll/releases/download/v1.2.3/" + release,
		},
		"mirror": {
			"printf '#!/bin/sh\\necho good\\n' >\"$2\"", "https://mirror.test/p", 0,
			"fetched https://mirror.test/p/v1.2.3/" + release,
		},
		"another binary": {"printf '#!/bin/sh\\necho evil\\n' >\"$2\"", "", 2, "does not have the SHA-256 of the release"},
		"cut short":      {"printf '#!/bin/sh' >\"$2\"", "", 2, "does not have the SHA-256 of the release"},
		"not there":      {"exit 22", "", 2, "could not be downloaded"},
		"broken off":     {"printf '#!/bin/sh' >\"$2\"; exit 18", "", 2, "could not be downloaded"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScript(t)
			s.released(t, good, test.curl)
			s.env["PLIMSOLL_MIRROR"] = test.mirror
			code, printed, output := s.run(t, "install.sh")
			if code != test.code || !strings.Contains(printed, test.printed) {
				t.Fatalf("exit %d: %s", code, printed)
			}
			binary := filepath.Join(s.env["RUNNER_TEMP"], "plimsoll", "plimsoll")
			if code != 0 {
				if _, err := os.Stat(binary); err == nil || output != "" {
					t.Errorf("a refused binary is offered: %q", output)
				}
				return
			}
			if output != "binary="+binary+"\n" {
				t.Errorf("GITHUB_OUTPUT is %q", output)
			}
			if got, err := exec.CommandContext(t.Context(), binary).Output(); err != nil || string(got) != "good\n" {
				t.Errorf("the binary says %q, %v", got, err)
			}
		})
	}
}

// Stand-ins for `go build` and for what curl writes.
const (
	builds  = `[[ $PWD == "$PLIMSOLL_ACTION_PATH" && $CGO_ENABLED == 0 ]]; while [[ $1 != -o ]]; do shift; done; echo built >"$2"`
	fetches = `echo fetched >"$2"`
)

// installed is one run of install.sh: the exit code, and what the binary holds or, where there is none, was printed.
type installed struct {
	arrange func(t *testing.T, s *script)
	code    int
	want    string
}

func (i installed) check(t *testing.T) {
	t.Helper()
	s := newScript(t)
	i.arrange(t, s)
	code, got, output := s.run(t, "install.sh")
	if path, ok := strings.CutPrefix(strings.TrimSpace(output), "binary="); ok {
		if !filepath.IsAbs(path) {
			t.Errorf("binary %q is not absolute", path)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got = string(data)
	}
	if code != i.code || !strings.Contains(got, i.want) {
		t.Errorf("exit %d: %s", code, got)
	}
}

func TestWhereTheBinaryComesFrom(t *testing.T) {
	for name, test := range map[string]installed{
		"binary-path before all": {func(t *testing.T, s *script) {
			s.program(t, "go", builds)
			write(t, filepath.Join(s.dir, "tools/p"), "given\n")
			s.env["PLIMSOLL_BINARY_PATH"] = "tools/p"
		}, 0, "given"},
		"own checkout: built, whatever was released": {func(t *testing.T, s *script) {
			s.env["GITHUB_WORKSPACE"] = filepath.Dir(s.action)
			s.program(t, "go", builds)
			s.released(t, "fetched\n", fetches)
		}, 0, "built"},
		"own checkout without Go": {func(t *testing.T, s *script) {
			s.env["GITHUB_WORKSPACE"] = filepath.Dir(s.action)
			s.released(t, "fetched\n", fetches)
		}, 0, "fetched"},
		"another's checkout: released": {func(t *testing.T, s *script) {
			s.program(t, "go", builds)
			s.released(t, "fetched\n", fetches)
		}, 0, "fetched"},
		"a tree without a release is built":   {func(t *testing.T, s *script) { s.program(t, "go", builds) }, 0, "built"},
		"neither a release nor Go":            {func(*testing.T, *script) {}, 2, "no release for linux/amd64 yet"},
		"a build that breaks":                 {func(t *testing.T, s *script) { s.program(t, "go", "exit 1") }, 2, "could not be built"},
		"a binary-path that is no program":    {func(_ *testing.T, s *script) { s.env["PLIMSOLL_BINARY_PATH"] = "nowhere" }, 2, "binary-path is not a program"},
		"a system that there is nothing for":  {func(_ *testing.T, s *script) { s.env["RUNNER_OS"] = "Plan9" }, 2, "operating system"},
		"a machine that there is nothing for": {func(_ *testing.T, s *script) { s.env["RUNNER_ARCH"] = "ARM" }, 2, "processor"},
	} {
		t.Run(name, test.check)
	}
}

// TestWhatADownloadNeeds is of runners that lack a network or a program. Go is there, and yet no build stands in for a
// release that cannot be had.
func TestWhatADownloadNeeds(t *testing.T) {
	for name, test := range map[string]installed{
		"no curl":    {func(t *testing.T, s *script) { s.lacks(t, "curl") }, 2, "curl is needed to download plimsoll"},
		"no network": {func(t *testing.T, s *script) { s.released(t, "fetched\n", "exit 6") }, 2, "see the inputs mirror and binary-path"},
		"no network, with a binary-path": {func(t *testing.T, s *script) {
			s.released(t, "fetched\n", "exit 6")
			s.env["PLIMSOLL_BINARY_PATH"] = filepath.Join(s.dir, "p")
			write(t, s.env["PLIMSOLL_BINARY_PATH"], "given\n")
		}, 0, "given"},
		"no program that knows SHA-256": {func(t *testing.T, s *script) { s.lacks(t, "sha256sum") }, 2, "sha256sum or shasum is needed"},
		"macOS, whose program for SHA-256 has another name": {func(t *testing.T, s *script) {
			s.program(t, "shasum", `[[ "$1 $2" == "-a 256" ]]; `+s.lacks(t, "sha256sum")+` "$3"`)
		}, 0, "fetched"},
	} {
		t.Run(name, func(t *testing.T) {
			arrange := test.arrange
			test.arrange = func(t *testing.T, s *script) {
				t.Helper()
				s.program(t, "go", builds)
				s.released(t, "fetched\n", fetches)
				arrange(t, s)
			}
			test.check(t)
		})
	}
}

// lacks takes a program away and gives where it really is.
func (s *script) lacks(t *testing.T, name string) (path string) {
	t.Helper()
	path, err := filepath.EvalSymlinks(filepath.Join(s.bin, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(s.bin, name)); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestABuildSaysSo: who waits a minute for what a download gives in seconds is told why, and how to mend it. A repository
// that builds its own tree wants it so.
func TestABuildSaysSo(t *testing.T) {
	const notice = "::notice title=plimsoll::the commit of the action that is pinned has no release for linux/amd64"
	for name, test := range map[string]struct {
		workspace func(s *script) string
		want      bool
	}{
		"another's workflow": {func(s *script) string { return s.dir }, true},
		"our own":            {func(s *script) string { return filepath.Dir(s.action) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScript(t)
			s.program(t, "go", `while [[ $1 != -o ]]; do shift; done; echo built >"$2"`)
			s.env["GITHUB_WORKSPACE"] = test.workspace(s)
			code, printed, _ := s.run(t, "install.sh")
			if code != 0 || strings.Contains(printed, notice) != test.want || !strings.Contains(printed, "Building plimsoll") {
				t.Errorf("exit %d: %s", code, printed)
			}
			if test.want && !strings.Contains(printed, "pin the commit of a release, or name a binary with binary-path\n") {
				t.Errorf("nothing says how to avoid it: %s", printed)
			}
		})
	}
}
