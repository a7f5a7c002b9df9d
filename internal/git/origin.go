package git

import (
	"context"
	"regexp"
	"strings"
)

// Owner gives the account of GitHub's that the repository was cloned from, in lower case, by the address of its remote
// origin; "" where there is none, or it is at another host. The address is the clone's own: nothing that the repository
// holds can change it.
func (r *Repo) Owner(ctx context.Context) (string, error) {
	out, err := r.run(ctx, "config", "--get", "--default", "", "remote.origin.url")
	if err != nil {
		return "", err
	}
	return ownerOf(strings.TrimSpace(string(out))), nil
}

// address is https://github.com/owner/name, ssh://git@github.com/owner/name or git@github.com:owner/name, of GitHub itself or of
// an organisation's own at ghe.com.
var address = regexp.MustCompile(`^(?i:(?:https?|ssh|git)://(?:[^/@]*@)?(?:[\w-]+\.ghe|(?:ssh\.)?github)\.com(?::\d+)?/|[\w-]+@(?:[\w-]+\.ghe|github)\.com:/?)([\w-]+)/[\w.-]+/?$`)

func ownerOf(url string) string {
	if m := address.FindStringSubmatch(url); m != nil {
		return strings.ToLower(m[1])
	}
	return ""
}
