package refs

import (
	"regexp"
	"slices"
	"strings"
)

var (
	fullVersion  = regexp.MustCompile(`(^|[^0-9.])\d+\.\d+\.\d+`)
	dateStamp    = regexp.MustCompile(`(^|\D)(19|20)\d\d[-._]?(0[1-9]|1[0-2])[-._]?(0[1-9]|[12]\d|3[01])(\D|$)`)
	timeStamp    = regexp.MustCompile(`(^|\D)(19|20)\d{10,12}(\D|$)`)
	twoNumbers   = regexp.MustCompile(`^v?\d+\.\d+$`)
	numbered     = regexp.MustCompile(`^v?\d+(\.\d+)?$`)
	prerelease   = regexp.MustCompile(`(^|[^a-z])v?\d+(\.\d+)*[-.]?(rc|alpha|beta|preview|pre|m)[-.]?\d+`)
	buildNumber  = regexp.MustCompile(`^\d{5,}$`)
	revision     = regexp.MustCompile(`\d.*-r\d+$`)
	releaseBuild = regexp.MustCompile(`^v?\d+\.\d+-\d{3,}$`)
	commitPart   = regexp.MustCompile(`^(?:g|sha|v)?([0-9a-f]{7,64})$`)
	allHex       = regexp.MustCompile(`^[0-9a-fA-F]+$`)
)

// movers are words that say that a tag moves even though a full version stands beside it.
var movers = map[string]bool{"latest": true, "snapshot": true, "nightly": true, "canary": true}

// TagPin tells how firmly an image's tag holds, going by its form:
//
//  1. No tag: PinNone.
//  2. PinExact for a date or time stamp (20240101, 2024-01-01, bookworm-20240101), a part that is a commit (main-1a2b3c4,
//     sha-1a2b3c4: seven hex digits or more, letters and digits among them), or a build number of five digits or more.
//  3. PinFloating when a part says that the tag moves: 1.2.3-SNAPSHOT, latest-1.2.3.
//  4. PinExact for three numbers (1.27.4, v1.2.3-alpine, release-1.2.3), a numbered prerelease (1.27-rc2, v2-beta.3), a
//     release with a build number (8.9-1028), or a numbered revision of one (12-debian-12-r51).
//  5. PinFloating for the rest: 1, 1.27, 1.27-alpine, 3.12-slim-bookworm, latest, stable, main, jammy, and any other name.
//
// Only the form is judged: registry.k8s.io/pause:3.9 floats, though its owners never moved it.
func TagPin(tag string) Pin {
	lower := strings.ToLower(tag)
	parts := strings.FieldsFunc(lower, func(r rune) bool { return r == '-' || r == '_' || r == '.' || r == '+' })
	switch {
	case tag == "":
		return PinNone
	case stamped(lower, parts):
		return PinExact
	case anyPart(parts, func(p string) bool { return movers[p] }):
		return PinFloating
	case fullVersion.MatchString(lower), revision.MatchString(lower), prerelease.MatchString(lower), releaseBuild.MatchString(lower):
		return PinExact
	}
	return PinFloating
}

// stamped reports whether a tag names one build: by its time, its commit or its number.
func stamped(tag string, parts []string) bool {
	return dateStamp.MatchString(tag) || timeStamp.MatchString(tag) || anyPart(parts, func(p string) bool {
		return buildNumber.MatchString(p) || isCommitPart(p)
	})
}

func isCommitPart(part string) bool {
	m := commitPart.FindStringSubmatch(part)
	return m != nil && isMixedHex(m[1])
}

// isMixedHex tells a commit from a word or a number: "facade" and "1234567" are hex as well.
func isMixedHex(s string) bool {
	return allHex.MatchString(s) && strings.ContainsAny(s, "0123456789") && strings.ContainsAny(s, "abcdefABCDEF")
}

func anyPart(parts []string, is func(string) bool) bool {
	return slices.ContainsFunc(parts, is)
}

// branches are names that only branches have.
var branches = map[string]bool{"main": true, "master": true, "develop": true, "dev": true, "trunk": true, "head": true}

// tagNote says why a tag of that pin does not hold.
func tagNote(tag string, pin Pin) string {
	version, _, _ := strings.Cut(tag, "-")
	switch {
	case pin == PinNone:
		return "no tag means latest, which is whatever was pushed last"
	case pin == PinExact:
		return "a tag can be pushed again"
	case tag == "latest":
		return "latest is whatever was pushed last"
	case twoNumbers.MatchString(version): // in some projects a full release: pause:3.9
		return tag + " can stand for every " + strings.TrimPrefix(version, "v") + ".x release"
	case numbered.MatchString(version):
		return tag + " moves with every release that it covers"
	default:
		return tag + " names no single build"
	}
}

// GitRefPin tells how firmly a Git ref holds, and why it does not: a full commit (40 or 64 hex digits) is PinDigest, a
// full version or a date PinExact, a version with fewer numbers or a word such as latest PinFloating, any other name
// PinBranch. Abbreviated commits are PinInvalid: hosts do not fetch them, and a branch or tag may take the name.
func GitRefPin(ref string) (Pin, string) {
	name, isHead := strings.CutPrefix(strings.TrimPrefix(ref, "refs/"), "heads/")
	name, isTag := strings.CutPrefix(name, "tags/")
	lower := strings.ToLower(name)
	switch {
	case name == "":
		return PinNone, "no ref means the default branch"
	case isHead:
		return PinBranch, name + " is a branch"
	case IsCommit(name):
		return PinDigest, ""
	case len(name) >= 7 && isMixedHex(name):
		return PinInvalid, "a commit has to be given with all of its 40 digits; whoever can push may take a short one as the name of a branch or tag"
	case nearlyCommit(lower):
		return PinInvalid, "it is as long as a commit but not hexadecimal"
	case fullVersion.MatchString(lower) || dateStamp.MatchString(lower) || prerelease.MatchString(lower):
		return PinExact, "a tag can be moved to another commit"
	case numbered.MatchString(lower):
		return PinFloating, name + " is moved to every new release"
	case movers[lower] || lower == "stable" || lower == "edge" || lower == "release":
		return PinFloating, name + " is moved to every new release"
	case isTag:
		return PinFloating, name + " is a tag that can be moved"
	case branches[lower]:
		return PinBranch, name + " is a branch"
	default:
		return PinBranch, name + " is a branch, or a tag that can be moved"
	}
}

// IsCommit reports whether a ref is a full commit hash, SHA-1 or SHA-256.
func IsCommit(ref string) bool {
	return (len(ref) == 40 || len(ref) == 64) && allHex.MatchString(ref)
}

// nearlyCommit reports whether a ref was meant as a full commit: so long a run of hex digits is no other name.
func nearlyCommit(ref string) bool {
	if len(ref) < 38 || len(ref) > 66 {
		return false
	}
	hex := 0
	for i := range len(ref) {
		if strings.IndexByte("0123456789abcdef", ref[i]) >= 0 {
			hex++
		} else if ref[i] < 'a' || ref[i] > 'z' {
			return false
		}
	}
	return hex*10 >= len(ref)*8
}

var exactVersion = regexp.MustCompile(`^=?\s*v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$`)

// RangePin tells how firmly a version constraint holds, as Helm and Terraform write them: 1.2.3 and =1.2.3 are PinExact,
// everything that admits more than one version is PinFloating.
func RangePin(version string) (Pin, string) {
	version = strings.TrimSpace(version)
	switch {
	case version == "" || version == "*":
		return PinNone, "no version means the newest"
	case exactVersion.MatchString(version):
		return PinExact, "a version can be published again"
	default:
		return PinFloating, version + " admits every release in its range"
	}
}
