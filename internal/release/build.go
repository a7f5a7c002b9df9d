package main

import (
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// platform is what a program is built for, in Go's words.
type platform struct{ os, arch string }

func (p platform) String() string { return p.os + "/" + p.arch }

// platforms are those that GitHub's runners have; install.sh knows the same.
var platforms = []platform{
	{"linux", "amd64"},
	{"linux", "arm64"},
	{"darwin", "amd64"},
	{"darwin", "arm64"},
	{"windows", "amd64"},
	{"windows", "arm64"},
}

// choose reads a list such as linux/amd64,windows/arm64; all when it is empty.
func choose(only string) ([]platform, error) {
	if only == "" {
		return platforms, nil
	}
	var chosen []platform
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(platforms, func(p platform) bool { return p.String() == name })
		if i < 0 {
			return nil, fmt.Errorf("no release is built for %q", name)
		}
		chosen = append(chosen, platforms[i])
	}
	return chosen, nil
}

// program is the program, built for one platform.
type program struct {
	platform platform
	path     string
	data     []byte
	info     *buildinfo.BuildInfo
}

func (p *program) sha256() string {
	sum := sha256.Sum256(p.data)
	return hex.EncodeToString(sum[:])
}

// build builds the program for a platform, and writes its inventory beside it. Nothing of the machine goes into it: no path,
// no commit, no cgo, and of Go the very version that go.mod asks for, with none of the settings that the environment may have.
func (r *release) build(ctx context.Context, p platform) (program, error) {
	toolchain, err := r.toolchain()
	if err != nil {
		return program{}, err
	}
	suffix := p.os + "_" + p.arch
	if p.os == "windows" {
		suffix += ".exe"
	}
	path, err := filepath.Abs(r.path(suffix))
	if err != nil {
		return program{}, err
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-mod=readonly", "-o", path,
		"-ldflags", "-s -w -buildid= -X github.com/plimsoll-dev/plimsoll/internal/cli.Version="+r.version, "./cmd/plimsoll")
	cmd.Dir = r.root
	cmd.Env = append(os.Environ(), "GOOS="+p.os, "GOARCH="+p.arch, "CGO_ENABLED=0", "GOTOOLCHAIN="+toolchain,
		"GOENV=off", "GOFLAGS=", "GOWORK=off", "GOEXPERIMENT=", "GOFIPS140=off", "GODEBUG=", "GOAMD64=v1", "GOARM64=v8.0")
	if text, err := cmd.CombinedOutput(); err != nil {
		return program{}, fmt.Errorf("build for %s: %w\n%s", p, err, text)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return program{}, err
	}
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return program{}, fmt.Errorf("read what was built for %s: %w", p, err)
	}
	built := program{platform: p, path: path, data: data, info: info}
	return built, writeInventory(strings.TrimSuffix(path, ".exe")+".cdx.json", r.inventory(&built))
}

// toolchain is the Go version that go.mod names; two versions do not give the same bytes.
func (r *release) toolchain() (string, error) {
	path := filepath.Join(r.root, "go.mod")
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	mod, err := modfile.Parse(path, text, nil)
	if err != nil {
		return "", err
	}
	return "go" + mod.Go.Version, nil
}
