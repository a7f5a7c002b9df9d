package refs

import (
	"regexp"
	"strings"
)

// githubAddress is https://github.com/owner/name, ssh://git@github.com/owner/name or git@github.com:owner/name, of GitHub itself or
// of an organisation's own at ghe.com.
var githubAddress = regexp.MustCompile(`^(?i:(?:https?|ssh|git)://(?:[^/@]*@)?(?:[\w-]+\.ghe|(?:ssh\.)?github)\.com(?::\d+)?/|[\w-]+@(?:[\w-]+\.ghe|github)\.com:/?)([\w-]+)/[\w.-]+/?$`)

// GitHubOwner gives the account of GitHub's in the address of a Git repository, in lower case; "" for one at another host.
func GitHubOwner(address string) string {
	if m := githubAddress.FindStringSubmatch(address); m != nil {
		return strings.ToLower(m[1])
	}
	return ""
}
