package github_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/plimsoll-dev/plimsoll/internal/github"
	"github.com/plimsoll-dev/plimsoll/internal/github/fakeapi"
)

func upload(t *testing.T, api *fakeapi.Server, sarif string) error {
	t.Helper()
	return client(t, api).Upload(t.Context(), github.Upload{CommitSHA: sha, Ref: "refs/heads/main", SARIF: []byte(sarif)})
}

func TestUploadIsWaitedFor(t *testing.T) {
	for name, test := range map[string]struct {
		processing []string
		complaint  string
		waited     time.Duration
	}{
		"at once":    {nil, "", 0},
		"after some": {[]string{"pending", "pending", "pending"}, "", 7 * time.Second},
		"failed":     {[]string{"pending", "failed"}, "could not process the submitted SARIF file: no.", time.Second},
		"never":      {strings.Fields(strings.Repeat("pending ", 100)), "not processed it yet", 120 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				api.Processing = test.processing
				began := time.Now()
				err := upload(t, api, `{"runs":[]}`)
				if (err != nil) != (test.complaint != "") || err != nil && !strings.Contains(err.Error(), test.complaint) {
					t.Errorf("error %v, want %q", err, test.complaint)
				}
				if waited := time.Since(began); waited != test.waited {
					t.Errorf("waited %s, want %s", waited, test.waited)
				}
				all := api.Uploads()
				if len(all) != 1 || all[0].SARIF != `{"runs":[]}` || all[0].CommitSHA != sha || all[0].Ref != "refs/heads/main" || all[0].ToolName != "plimsoll" {
					t.Errorf("uploads %+v", all)
				}
			})
		})
	}
}

func TestUploadThatIsRefused(t *testing.T) {
	noise := make([]byte, 12<<20)
	random := rand.NewChaCha8([32]byte{})
	random.Read(noise) //nolint:errcheck // it never fails
	for name, test := range map[string]struct {
		arrange   func(api *fakeapi.Server)
		sarif     string
		want      error // nil for any
		complaint string
	}{
		"no Advanced Security": {func(api *fakeapi.Server) { api.AdvancedSecurity = false }, "{}", github.ErrNoCodeScanning, "not enabled"},
		"no permission": {
			func(api *fakeapi.Server) { api.Permissions["security-events"] = "read" }, "{}", github.ErrNoPermission, "security-events: write",
		},
		"hidden": {
			func(api *fakeapi.Server) { api.Plan("code-scanning/upload-sarif", 1, fakeapi.Status(404, "Not Found")) }, "{}",
			github.ErrNoPermission, "404",
		},
		"too large": {func(*fakeapi.Server) {}, string(noise), nil, "GitHub takes 10485760"},
		"no JSON":   {func(*fakeapi.Server) {}, "{", nil, "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, api *fakeapi.Server) {
				test.arrange(api)
				began := time.Now()
				err := upload(t, api, test.sarif)
				if err == nil || test.want != nil && !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.complaint) {
					t.Errorf("error %v, want %v, %q", err, test.want, test.complaint)
				}
				if time.Since(began) > 0 || len(api.Uploads()) > 0 {
					t.Errorf("waited %s; %d uploads", time.Since(began), len(api.Uploads()))
				}
			})
		})
	}
}

func TestUploadAfterAFault(t *testing.T) {
	for _, operation := range []string{"code-scanning/upload-sarif", "code-scanning/get-sarif"} {
		for name, fault := range map[string]fakeapi.Fault{
			"fault": fakeapi.Status(503, "Service Unavailable"), "limit": fakeapi.Status(429, "", "Retry-After", "9"), "silence": fakeapi.Silence,
		} {
			t.Run(name+" of "+operation, func(t *testing.T) {
				simulate(t, func(t *testing.T, api *fakeapi.Server) {
					api.Plan(operation, 1, fault)
					if err := upload(t, api, "{}"); err != nil || len(api.Uploads()) != 1 {
						t.Errorf("error %v, %d uploads", err, len(api.Uploads()))
					}
				})
			})
		}
	}
}
