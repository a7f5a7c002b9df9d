package refs

import "testing"

func TestGitHubOwner(t *testing.T) {
	for url, want := range map[string]string{
		"https://github.com/Octo-Org/name":                "octo-org",
		"https://github.com/octo/name.git":                "octo",
		"https://x-access-token:abc@github.com/octo/name": "octo",
		"git@github.com:octo/name.git":                    "octo",
		"ssh://git@github.com/octo/name.git":              "octo",
		"ssh://git@ssh.github.com:443/octo/name.git":      "octo",
		"https://corp.ghe.com/octo/name":                  "octo",
		"":                                                "", "/srv/git/octo/name": "", "https://gitlab.com/octo/name": "", "https://github.com.example.com/octo/name": "",
		"https://example.com/github.com/octo/name": "", "https://github.com/octo": "", "https://github.com/octo/name/more": "",
	} {
		if got := GitHubOwner(url); got != want {
			t.Errorf("%s: owner %q, want %q", url, got, want)
		}
	}
}
