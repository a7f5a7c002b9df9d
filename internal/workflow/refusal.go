package workflow

import (
	"slices"
	"strconv"
	"strings"
)

// refusesForks are the first releases of actions/checkout, by major version, that refuse to check out a fork's code in a
// run by pull_request_target or workflow_run unless allow-unsafe-pr-checkout says so, and the commits of those known.
// Source: the action's own tags, src/unsafe-pr-checkout-helper.ts. The tags v2 to v7 were moved to them.
var refusesForks = map[int]struct {
	minor   int
	commits []string
}{
	2: {8, []string{"0717577d45739eb3c851188b29f50ed6c0b2194e"}},
	3: {7, []string{"a37ce9120846195fa4ece8f58b268e6043cb2f26"}},
	4: {4, []string{"11d5960a326750d5838078e36cf38b85af677262"}},
	5: {1, []string{"fbc6f3992d24b796d5a048ff273f7fcc4a7b6c09"}},
	6: {1, []string{"d23441a48e516b6c34aea4fa41551a30e30af803"}},
	7: {0, []string{"9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0", "3d3c42e5aac5ba805825da76410c181273ba90b1"}},
}

// newestRefusal is the last major version of actions/checkout that refusesForks lists; those after it refuse as well.
const newestRefusal = 7

// refuses reports whether actions/checkout, as the step uses it, fails rather than check out a fork's code in a run by
// the event. comment is what stands behind the `uses:`, which names the release of a commit.
func (s *Step) refuses(event, comment string) bool {
	if event != "pull_request_target" && event != "workflow_run" {
		return false
	}
	if allowed, _ := s.Input("allow-unsafe-pr-checkout"); allowed != "" && allowed != "false" {
		return false
	}
	_, version, _ := strings.Cut(s.Uses, "@")
	if len(version) != 40 {
		return version == "main" || releaseRefuses(version, true)
	}
	for _, release := range refusesForks {
		if slices.Contains(release.commits, strings.ToLower(version)) {
			return true
		}
	}
	named, _, _ := strings.Cut(strings.TrimSpace(comment), " ")
	return releaseRefuses(named, false)
}

// releaseRefuses judges a tag of actions/checkout: v4.4.0, or v4 where that is a tag that moves with the releases.
func releaseRefuses(tag string, moves bool) bool {
	number, isRelease := strings.CutPrefix(tag, "v")
	parts := strings.SplitN(number, ".", 3)
	major, err := strconv.Atoi(parts[0])
	if err != nil || !isRelease {
		return false
	}
	first, known := refusesForks[major]
	switch {
	case major > newestRefusal:
		return true
	case !known:
		return false
	case len(parts) == 1:
		return moves || first.minor == 0
	}
	minor, err := strconv.Atoi(parts[1])
	return err == nil && minor >= first.minor
}
