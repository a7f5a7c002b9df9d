package actions

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/plimsoll-dev/plimsoll/internal/refs"
)

// Advisory is a reviewed entry of GitHub's advisory database about an action: versions from Introduced up to, and without,
// Fixed are affected.
type Advisory struct {
	ID         string `json:"id"`              // GHSA-…
	Fixed      string `json:"fixed"`           // first version without it, "" where there is none
	Severity   string `json:"severity"`        // high, medium or low; the database's critical is high here
	What       string `json:"what"`            // what an attacker gains, as a clause
	Moved      bool   `json:"moved,omitempty"` // its tags were moved to an attacker's code
	action     string // owner/repository[/folder] in lower case; without a folder it means all of the repository
	introduced string
	Basis      Basis    `json:"basis"` // what of the entry could be checked
	commits    []string // of the attacker, where tags were moved
	given      given    // what the step has to ask for to be open to it
	remade     string   // what the tags begin with that lead to the action's own code again; "" for none
}

// Basis says how far an entry of a table was checked.
type Basis string

// The bases.
const (
	BasisText   Basis = "text"   // the text itself says it: the advisory's, with this action and these versions, or the README
	BasisCited  Basis = "cited"  // others report it who have seen the text, or the banner
	BasisListed Basis = "listed" // a list has it, and nothing that was found contradicts it
)

// given is an input that a step is open to an advisory by: where it has any value, or the one named, or not the one named.
type given struct{ input, value, not string }

// holds reports whether a step with these inputs is open. An expression may come to anything.
func (g given) holds(with map[string]any) bool {
	if g.input == "" {
		return true
	}
	value, found := inputOf(with, g.input)
	switch {
	case strings.Contains(value, "${{"):
		return true
	case g.value != "":
		return value == g.value
	case g.not != "":
		return value != g.not
	}
	return found
}

// inputOf is an input of a step as text. Names are not case-sensitive.
func inputOf(with map[string]any, name string) (value string, found bool) {
	for key, v := range with {
		if strings.EqualFold(key, name) {
			return strings.ToLower(strings.TrimSpace(fmt.Sprint(v))), true
		}
	}
	return "", false
}

const (
	severe   = "high"
	moderate = "medium"
	minor    = "low"
)

// advisories are those of the database (ecosystem "GitHub Actions", as of April 2026; checked November 2026) that a
// workflow's uses can be affected by, in the order of the actions. IDs, versions and severities are the database's; the
// words are not. What was read is the entry's file in https://github.com/github/advisory-database, under its ID.
var advisories = []Advisory{
	// As first published it said 4.1.7. The library that it was mended in, @actions/artifact, is at 2.1.3 from 4.1.3 on.
	{action: "actions/download-artifact", ID: "GHSA-cxww-7g56-2vh6", introduced: "4.0.0", Fixed: "4.1.3", Severity: severe, What: "an artifact writes files outside of the folder it is unpacked to", Basis: BasisCited},
	{action: "aquasecurity/setup-trivy", ID: "GHSA-69fq-xp46-6x23", Fixed: "0.2.6", Severity: severe, What: "its tags were moved to code that stole secrets", Moved: true, Basis: BasisText},
	{action: "aquasecurity/trivy-action", ID: "GHSA-69fq-xp46-6x23", Fixed: "0.35.0", Severity: severe, What: "its tags were moved to code that stole secrets", Moved: true, remade: "v", Basis: BasisText},
	{action: "aquasecurity/trivy-action", ID: "GHSA-9p44-j4g5-cfx5", introduced: "0.31.0", Fixed: "0.34.0", Severity: moderate, What: "its inputs become part of a script", Basis: BasisText},
	{action: "atlassian/gajira-create", ID: "GHSA-4xqx-pqpj-9fqw", Fixed: "2.0.1", Severity: severe, What: "the text of an issue is run as code", Basis: BasisText},
	{action: "azure/setup-kubectl", ID: "GHSA-p756-rfxh-x63h", Fixed: "3.0.0", Severity: minor, What: "what it installs can be changed by everybody on the machine", Basis: BasisText},
	{action: "boldestdungeon/steam-workshop-deploy", ID: "GHSA-x6gv-2rvh-qmp6", Fixed: "2.0.0", Severity: severe, What: "the Git folder with its credentials is published", Basis: BasisText},
	{action: "buildalon/setup-steamcmd", ID: "GHSA-mj96-mh85-r574", Fixed: "1.1.0", Severity: severe, What: "credentials are printed to the log", Basis: BasisText},
	{action: "bullfrogsec/bullfrog", ID: "GHSA-m32f-fjw2-37v3", Fixed: "0.8.4", Severity: moderate, What: "DNS over TCP gets around the filter", Basis: BasisText, given: given{input: "egress-policy", value: "block"}},
	{action: "canonical/get-workflow-version-action", ID: "GHSA-26wh-cc3r-w6pj", Fixed: "1.0.1", Severity: severe, What: "a part of the token is printed to the log", Basis: BasisText, given: given{input: "github-token"}},
	{action: "check-spelling/check-spelling", ID: "GHSA-g86g-chm8-7r2p", Fixed: "0.0.19", Severity: severe, What: "a pull request with a symbolic link reads the token", Basis: BasisText},
	{action: "dawidd6/action-download-artifact", ID: "GHSA-5xr6-xhww-33m4", Fixed: "6.0.0", Severity: severe, What: "artifacts of a fork's runs are taken for the repository's own", Basis: BasisText},
	{action: "embano1/wip", ID: "GHSA-rg3q-prf8-qxmp", Fixed: "2.0.0", Severity: severe, What: "the title of a pull request is run as code", Basis: BasisText},
	{action: "fish-shop/syntax-check", ID: "GHSA-xj87-mqvh-88w2", Fixed: "1.6.12", Severity: moderate, What: "its input for the files to check is run as code", Basis: BasisText},
	{action: "gradle/gradle-build-action", ID: "GHSA-h3qr-39j9-4r5v", Fixed: "2.4.2", Severity: severe, What: "secrets may be written to the cache", Basis: BasisText},
	{action: "hashicorp/vault-action", ID: "GHSA-4mgv-m5cm-f9h7", Fixed: "2.2.0", Severity: severe, What: "secrets of several lines are printed to the log", Basis: BasisText},
	{action: "j178/prek-action", ID: "GHSA-pwf7-47c3-mfhx", Fixed: "1.0.6", Severity: severe, What: "its inputs become part of a script", Basis: BasisText},
	{action: "kartverket/github-workflows", ID: "GHSA-f9qj-7gh3-mhj4", Fixed: "2.7.5", Severity: severe, What: "the plan that Terraform prints is run as code", Basis: BasisText},
	{action: "lycheeverse/lychee-action", ID: "GHSA-65rg-554r-9j5x", Fixed: "2.0.2", Severity: moderate, What: "its inputs become part of a script", Basis: BasisText},
	{action: "m00nl1ght-dev/steam-workshop-deploy", ID: "GHSA-x6gv-2rvh-qmp6", Fixed: "4.0.0", Severity: severe, What: "the Git folder with its credentials is published", Basis: BasisText},
	{action: "ozi-project/publish", ID: "GHSA-2487-9f55-2vg9", introduced: "1.13.2", Fixed: "1.13.6", Severity: moderate, What: "the name of a branch is run as code", Basis: BasisText},
	{action: "psf/black", ID: "GHSA-v53h-f6m7-xcgm", Fixed: "26.3.0", Severity: severe, What: "with use_pyproject, a pull request says what is installed", Basis: BasisText, given: given{input: "use_pyproject", value: "true"}},
	{action: "pypa/gh-action-pypi-publish", ID: "GHSA-vxmw-7h4f-hqxh", Fixed: "1.13.0", Severity: minor, What: "a ref becomes part of a script", Basis: BasisText},
	{action: "rageagainstthepixel/setup-steamcmd", ID: "GHSA-c5qx-p38x-qf5w", Fixed: "1.3.0", Severity: severe, What: "credentials are printed to the log", Basis: BasisText},
	{action: "reviewdog/action-setup", ID: "GHSA-qmg3-hpqr-gqvc", Severity: severe, What: "its tag was moved to code that printed secrets", Moved: true, commits: words("f0d342d24037bb11d26b9bd8496e0808ba32e9ec"), Basis: BasisText},
	{action: "rlespinasse/github-slug-action", ID: "GHSA-6q4m-7476-932w", introduced: "4.0.0", Fixed: "4.4.1", Severity: severe, What: "the name of a branch is run as code", Basis: BasisText},
	{action: "rlespinasse/github-slug-action", ID: "GHSA-7f32-hm4h-w77q", Fixed: "1.1.1", Severity: moderate, What: "what a build prints sets variables", Basis: BasisText},
	{action: "rlespinasse/github-slug-action", ID: "GHSA-7f32-hm4h-w77q", introduced: "2.0.0", Fixed: "2.1.1", Severity: moderate, What: "what a build prints sets variables", Basis: BasisText},
	{action: "some-natalie/ghas-to-csv", ID: "GHSA-634p-93h9-92vh", Fixed: "1.0.0", Severity: moderate, What: "cells of the table are formulas", Basis: BasisText},
	{action: "sonarsource/sonarqube-scan-action", ID: "GHSA-5xq9-5g24-4g6f", introduced: "4.0.0", Fixed: "6.0.0", Severity: severe, What: "its input args is run as code", Basis: BasisText, given: given{input: "args"}},
	{action: "sonarsource/sonarqube-scan-action", ID: "GHSA-f79p-9c5r-xg88", introduced: "4.0.0", Fixed: "5.3.1", Severity: severe, What: "its input args is run as code", Basis: BasisText, given: given{input: "args"}},
	{action: "step-security/harden-runner", ID: "GHSA-46g3-37rh-v698", Fixed: "2.16.0", Severity: moderate, What: "DNS over HTTPS gets around the filter", Basis: BasisText, given: given{input: "egress-policy", not: "audit"}},
	{action: "step-security/harden-runner", ID: "GHSA-cpmj-h4f6-r6pq", Fixed: "2.14.2", Severity: moderate, What: "connections can be made that it does not log", Basis: BasisText},
	{action: "step-security/harden-runner", ID: "GHSA-g699-3x6g-wm3g", Fixed: "2.16.0", Severity: moderate, What: "DNS over TCP gets around the filter", Basis: BasisText, given: given{input: "egress-policy", not: "audit"}},
	{action: "step-security/harden-runner", ID: "GHSA-g85v-wf27-67xc", Fixed: "2.10.2", Severity: minor, What: "variables of the environment become part of a command", Basis: BasisText},
	{action: "step-security/harden-runner", ID: "GHSA-mxr3-8whj-j74r", introduced: "0.12.0", Fixed: "2.12.0", Severity: moderate, What: "disable-sudo can be got around", Basis: BasisText, given: given{input: "disable-sudo", value: "true"}},
	{action: "super-linter/super-linter", ID: "GHSA-r79c-pqj3-577x", introduced: "6.0.0", Fixed: "8.3.1", Severity: severe, What: "the names of files in a pull request are run as code", Basis: BasisText},
	{action: "tj-actions/branch-names", ID: "GHSA-8v8w-v8xg-79rf", Fixed: "7.0.7", Severity: severe, What: "the name of a branch is run as code", Basis: BasisText},
	{action: "tj-actions/branch-names", ID: "GHSA-gq52-6phf-x2r6", Fixed: "9.0.0", Severity: severe, What: "the name of a branch is run as code", Basis: BasisText},
	{action: "tj-actions/changed-files", ID: "GHSA-mcph-m25j-8j63", Fixed: "41.0.0", Severity: severe, What: "the names of changed files are run as code by scripts that print them", Basis: BasisText},
	{action: "tj-actions/changed-files", ID: "GHSA-mrrh-fwg8-r2c3", Fixed: "46.0.1", Severity: severe, What: "its tags were moved to code that printed secrets", Moved: true, remade: "v", commits: words("0e58ed8671d6b60d0890c21b07f8835ace038e67"), Basis: BasisText},
	{action: "tj-actions/verify-changed-files", ID: "GHSA-ghm2-rq8q-wrhc", Fixed: "17.0.0", Severity: severe, What: "the names of changed files are run as code by scripts that print them", Basis: BasisText},
	{action: "ultralytics/actions", ID: "GHSA-7x29-qqmq-v6qc", Fixed: "0.0.3", Severity: severe, What: "the name of a branch is run as code", Basis: BasisText},
	{action: "xygeni/xygeni-action", ID: "GHSA-f8q5-h5qh-33mh", Severity: severe, What: "its tag v5 was moved to a back door", Moved: true, commits: words("4bf1d4e19ad81a3e8d4063755ae0f482dd3baf12"), Basis: BasisText},
}

// advisoriesOn lists those that affect an action at a version, a tag; with the commit where that is known, in a step with
// these inputs. At a commit,
// code that tags were moved to is told by the commit alone, since the releases themselves were not touched.
func advisoriesOn(name, version, commit string, with map[string]any) []Advisory {
	name = strings.ToLower(name)
	var found []Advisory
	for _, a := range advisories {
		if name != a.action && !strings.HasPrefix(name, a.action+"/") {
			continue
		}
		affected := a.affects(version)
		if a.Moved && commit != "" {
			affected = slices.Contains(a.commits, commit)
		}
		if affected && a.given.holds(with) {
			found = append(found, a)
		}
	}
	return found
}

// affects reports whether a tag is in the range. One that moves, v4, is only where all that it can mean is.
func (a Advisory) affects(tag string) bool {
	if a.Moved && (a.Fixed == "" || a.remade != "" && strings.HasPrefix(tag, a.remade)) {
		return false // the tag leads to the action's own code again, or is gone
	}
	version, next, ok := lineOf(tag)
	if !ok {
		return false
	}
	fixed := "v" + a.Fixed
	if next == "" {
		return semver.Compare(version, "v"+a.introduced) >= 0 && semver.Compare(version, fixed) < 0 // "v" is below all versions
	}
	return semver.Compare(fixed, next) >= 0 && semver.Compare("v"+a.introduced, next) < 0
}

// lineOf reads a tag: v1.2.3 is one version, v1 and v1.2 are all versions up to, and without, next. A word in front, as in
// cli/v1.2.3, is passed over.
func lineOf(tag string) (version, next string, ok bool) {
	if refs.IsCommit(tag) {
		return "", "", false
	}
	tag = strings.TrimPrefix(tag[strings.LastIndex(tag, "/")+1:], "v")
	version = "v" + tag
	if !semver.IsValid(version) {
		return "", "", false
	}
	numbers := strings.Split(tag, ".")
	if len(numbers) > 2 || strings.ContainsAny(tag, "-+") {
		return version, "", true
	}
	return version, nextOf(numbers), true
}

// nextOf is the first version after all that 1 or 1.2 can mean: v2, v1.3.
func nextOf(numbers []string) string {
	last := len(numbers) - 1
	n, err := strconv.Atoi(numbers[last])
	if err != nil {
		return ""
	}
	return "v" + strings.Join(append(slices.Clone(numbers[:last]), strconv.Itoa(n+1)), ".")
}
