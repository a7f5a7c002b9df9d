package podsecurity

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// Standard is what pods are held to: a level of the Pod Security Standards as of a version of Kubernetes.
type Standard struct {
	level   api.Level
	version api.Version
	checks  []check
	weaker  []check // those of baseline, where the level is restricted
}

// check is a control of a standard, at its version.
type check struct {
	id  policy.CheckID
	run policy.CheckPodFn
}

// Default is the standard that the evaluator knows as restricted, in its latest version.
func Default() *Standard { return standard(api.LevelRestricted, api.LatestVersion()) }

// New gives the standard of a level, "privileged", "baseline" or "restricted", as of a version, "1.36", "v1.36" or
// "latest". An empty level is restricted, an empty version the latest.
func New(level, version string) (*Standard, error) {
	l, err := api.ParseLevel(cmp.Or(level, string(api.LevelRestricted)))
	if err != nil {
		return nil, fmt.Errorf("unknown level %q: use privileged, baseline or restricted", level)
	}
	v := api.LatestVersion()
	if name := cmp.Or(version, api.VersionLatest); name != api.VersionLatest {
		if v, err = api.ParseVersion("v" + strings.TrimPrefix(name, "v")); err != nil {
			return nil, fmt.Errorf("unknown version %q: write latest, or a minor version as 1.36", version)
		}
	}
	return standard(l, v), nil
}

func standard(level api.Level, version api.Version) *Standard {
	s := &Standard{level: level, version: version}
	switch level {
	case api.LevelBaseline:
		s.checks = checksOf(level, version)
	case api.LevelRestricted:
		s.checks, s.weaker = checksOf(level, version), checksOf(api.LevelBaseline, version)
	case api.LevelPrivileged:
	}
	return s
}

// String names the standard, as "restricted" or "baseline of v1.30".
func (s *Standard) String() string {
	if s.version.Latest() {
		return string(s.level)
	}
	return fmt.Sprintf("%s of %s", s.level, s.version)
}

// checksOf picks the checks of a level at a version. Restricted takes those of baseline too, but for the ones that a
// check of its own overrides. They come in the order of their IDs.
func checksOf(level api.Level, version api.Version) []check {
	var out []check
	overridden := map[policy.CheckID]bool{}
	for _, c := range policy.DefaultChecks() {
		if c.Level == api.LevelRestricted && level == api.LevelBaseline {
			continue
		}
		if v, ok := at(c, version); ok {
			out = append(out, check{c.ID, v.CheckPod})
			for _, id := range v.OverrideCheckIDs {
				overridden[id] = true
			}
		}
	}
	out = slices.DeleteFunc(out, func(c check) bool { return overridden[c.id] })
	slices.SortFunc(out, func(a, b check) int { return cmp.Compare(a.id, b.id) })
	return out
}

// at gives a check as it was at a version; false where it wasn't there yet.
func at(c policy.Check, version api.Version) (policy.VersionedCheck, bool) {
	for _, v := range slices.Backward(c.Versions) {
		if !version.Older(v.MinimumVersion) {
			return v, true
		}
	}
	return policy.VersionedCheck{}, false
}

// Controls lists the IDs of all checks of the evaluator whose fields are known, sorted.
func Controls() []string {
	var ids []string
	for _, c := range policy.DefaultChecks() {
		if r := fieldsOf(c.ID); len(r.pod)+len(r.containers) > 0 {
			ids = append(ids, string(c.ID))
		}
	}
	slices.Sort(ids)
	return ids
}
