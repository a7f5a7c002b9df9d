package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// scene is a repository to release, the server that it is pushed to, and stand-ins for the programs that would go further.
type scene struct {
	repo, server, bin string
	env               []string
}

func newScene(t *testing.T) *scene {
	t.Helper()
	dir := t.TempDir()
	s := &scene{repo: filepath.Join(dir, "repo"), server: filepath.Join(dir, "acme/shop.git"), bin: filepath.Join(dir, "bin")}
	s.env = append(os.Environ(), "PATH="+s.bin+":"+os.Getenv("PATH"), "HOME="+dir, "GIT_CONFIG_NOSYSTEM=1", "VERSION=v1.2.3",
		"GITHUB_SERVER_URL=file://"+dir, "GITHUB_REPOSITORY=acme/shop", "GITHUB_OUTPUT="+filepath.Join(dir, "output"), "ACTOR=octo", "GH_TOKEN=secret")
	s.write(t, filepath.Join(s.bin, "gh"), "#!/bin/sh\nexit 0\n")
	s.write(t, filepath.Join(s.bin, "skopeo"), "#!/bin/sh\n"+
		`case $1 in login) cat >>asked ;; *) printf sha256:feed >digest ;; esac; printf ' %s\n' "$*" >>asked`+"\n")
	s.write(t, filepath.Join(s.repo, "dist/checksums.txt"), strings.Repeat("a", 64)+"  plimsoll_1.2.3_linux_amd64\n")
	s.write(t, filepath.Join(s.repo, ".gitignore"), "/dist/\n")
	s.write(t, filepath.Join(s.repo, ".github/release/checksums.txt"), "# There is no release yet.\n")
	for _, script := range []string{"tag.sh", "image.sh"} {
		s.write(t, filepath.Join(s.repo, ".github/release", script), string(read(t, "../../.github/release/"+script)))
	}
	s.must(t, "git", "init", "--quiet", "--bare", s.server)
	s.must(t, "git", "init", "--quiet", "--initial-branch=main")
	s.must(t, "git", "add", "--all")
	s.must(t, "git", "-c", "user.name=a", "-c", "user.email=a@b.test", "commit", "--quiet", "--message", "shop")
	return s
}

func (s *scene) write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
}

func (s *scene) run(t *testing.T, program string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir, cmd.Env = s.repo, s.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (s *scene) must(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := s.run(t, program, args...)
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", program, args, err, out)
	}
	return out
}

// TestTagHoldsTheChecksums holds that the tag, and nothing else, comes to the server, and that it never moves.
func TestTagHoldsTheChecksums(t *testing.T) {
	s := newScene(t)
	s.must(t, ".github/release/tag.sh")
	if refs := s.must(t, "git", "--git-dir", s.server, "for-each-ref", "--format=%(refname)"); refs != "refs/tags/v1.2.3\n" {
		t.Errorf("the server has %q", refs)
	}
	table := s.must(t, "git", "--git-dir", s.server, "show", "v1.2.3:.github/release/checksums.txt")
	if want := strings.Repeat("a", 64) + "  plimsoll_1.2.3_linux_amd64\n"; !strings.HasSuffix(table, want) || strings.Contains(table, "no release yet") {
		t.Errorf("the table is\n%s", table)
	}
	if changed := s.must(t, "git", "--git-dir", s.server, "diff", "--name-only", "v1.2.3~", "v1.2.3"); changed != ".github/release/checksums.txt\n" {
		t.Errorf("the tag changes %q", changed)
	}
	s.write(t, filepath.Join(s.repo, "dist/checksums.txt"), strings.Repeat("b", 64)+"  plimsoll_1.2.3_linux_amd64\n")
	s.must(t, "git", "tag", "--delete", "v1.2.3")
	if out, err := s.run(t, ".github/release/tag.sh"); err == nil {
		t.Errorf("the tag was moved:\n%s", out)
	}
}

func TestImageIsPushedAsItIs(t *testing.T) {
	s := newScene(t)
	s.must(t, ".github/release/image.sh")
	want := "secret\n login --username octo --password-stdin ghcr.io\n" +
		" copy --all --preserve-digests --digestfile digest oci-archive:dist/plimsoll_1.2.3_image.tar docker://ghcr.io/plimsoll-dev/plimsoll:1.2.3\n"
	if asked := string(read(t, filepath.Join(s.repo, "asked"))); asked != want {
		t.Errorf("skopeo was asked\n%s", asked)
	}
	if out := string(read(t, filepath.Join(filepath.Dir(s.bin), "output"))); out != "digest=sha256:feed\n" {
		t.Errorf("outputs %q", out)
	}
}
