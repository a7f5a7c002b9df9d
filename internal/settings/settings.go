// Package settings knows what GitHub enforces on a repository beyond what its files say: the rules of its default branch,
// what its actions may be and do, who owns what, which environments ask for approval. It holds these settings as one YAML
// text, so that a rule can point at a line of it, and joins them with the repository's files.
//
// What the token that read them may not see is left out, and listed under unread: a rule that asks for it says nothing, and
// the gap is a finding of its own.
package settings

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Settings are those of one repository. A nil pointer is what could not be read.
type Settings struct {
	Repository    string        `yaml:"repository"` // "owner/name"
	Visibility    string        `yaml:"visibility"` // public, private or internal
	DefaultBranch string        `yaml:"default-branch"`
	Branch        Branch        `yaml:"branch,omitempty"` // the default one
	Actions       Actions       `yaml:"actions,omitempty"`
	Environments  []Environment `yaml:"environments,omitempty"`
	CodeOwners    *CodeOwners   `yaml:"code-owners,omitempty"`
	Security      Security      `yaml:"security,omitempty"`
	Releases      Releases      `yaml:"releases,omitempty"`
	Unread        []Unread      `yaml:"unread,omitempty"`
}

// Branch is what is required of a change to a branch, by rulesets of the repository and its organisation and by classic
// protection together: the strictest of them holds.
type Branch struct {
	PullRequest *PullRequest `yaml:"pull-request,omitempty"`
	Checks      *Checks      `yaml:"checks,omitempty"`
	ForcePush   *bool        `yaml:"force-push,omitempty"` // it is allowed to rewrite the branch
	Deletion    *bool        `yaml:"deletion,omitempty"`   // it is allowed to delete the branch
	Restricted  bool         `yaml:"restricted,omitempty"` // only those in Bypass may change it at all
	MergeQueue  bool         `yaml:"merge-queue,omitempty"`
	Bypass      []Bypass     `yaml:"bypass,omitempty"` // who is held to none of it
}

// PullRequest is what is required of a pull request.
type PullRequest struct {
	Required     bool `yaml:"required"` // without it, whoever can write pushes to the branch
	Approvals    int  `yaml:"approvals"`
	DismissStale bool `yaml:"dismiss-stale"` // an approval ends when commits are added
	CodeOwners   bool `yaml:"code-owners"`   // the owners of the files have to approve
	LastPush     bool `yaml:"last-push"`     // the last commits are approved by somebody else than who pushed them
}

// Checks are the checks that have to be green.
type Checks struct {
	Strict   bool    `yaml:"strict"` // on the newest base
	Required []Check `yaml:"required"`
	// Others are further kinds of rules that something has to pass: workflows, code_scanning, required_deployments.
	Others []string `yaml:"others,omitempty"`
}

// Check is a required check.
type Check struct {
	Name string `yaml:"name"`
	App  int64  `yaml:"app,omitempty"` // ID of the app that has to report it; 0 where any may
}

// GitHubActions is the ID of the app that reports the jobs of workflows on github.com.
const GitHubActions = 15368

// Bypass is somebody whom the rules do not bind.
type Bypass struct {
	Who  string `yaml:"who"`  // such as "administrators", "team 42"
	Mode string `yaml:"mode"` // always, pull_request: only by merging one, or exempt: always, and unrecorded
}

// Actions are the settings of GitHub Actions.
type Actions struct {
	Enabled             *bool         `yaml:"enabled,omitempty"`
	Allowed             string        `yaml:"allowed,omitempty"` // all, local_only or selected
	Patterns            []string      `yaml:"patterns,omitempty"`
	Verified            *bool         `yaml:"verified,omitempty"` // all actions of verified creators are allowed
	SHAPinning          *bool         `yaml:"sha-pinning,omitempty"`
	DefaultPermissions  string        `yaml:"default-permissions,omitempty"` // read or write
	ApprovePullRequests *bool         `yaml:"approve-pull-requests,omitempty"`
	ForkApproval        string        `yaml:"fork-approval,omitempty"` // of public repositories; GitHub's own words
	PrivateForks        *PrivateForks `yaml:"private-forks,omitempty"`
	Runners             *int          `yaml:"runners,omitempty"` // self-hosted ones of the repository
}

// PrivateForks is what pull requests from forks of a private repository may do.
type PrivateForks struct {
	Run         bool `yaml:"run"`
	WriteTokens bool `yaml:"write-tokens"`
	Secrets     bool `yaml:"secrets"`
	Approval    bool `yaml:"approval"` // somebody has to approve each run
}

// Environment is a deployment environment.
type Environment struct {
	Name         string `yaml:"name"`
	Reviewers    int    `yaml:"reviewers"`     // people and teams of whom one has to approve
	SelfReview   bool   `yaml:"self-review"`   // who starts the deployment may approve it
	Branches     string `yaml:"branches"`      // all, protected or selected
	AdminsBypass bool   `yaml:"admins-bypass"` // administrators may pass over all of it
}

// CodeOwners is what GitHub says of the CODEOWNERS file.
type CodeOwners struct {
	Errors []OwnersError `yaml:"errors"`
}

// OwnersError is a line that GitHub passes over.
type OwnersError struct {
	Path string `yaml:"path"`
	Line int    `yaml:"line"` // 1-based
	Kind string `yaml:"kind"`
}

// Security are the features that look after the repository.
type Security struct {
	SecretScanning     *bool `yaml:"secret-scanning,omitempty"`
	PushProtection     *bool `yaml:"push-protection,omitempty"`
	VulnerabilityAlert *bool `yaml:"vulnerability-alerts,omitempty"`
	PrivateReporting   *bool `yaml:"private-reporting,omitempty"`
}

// Releases say whether what was published can be changed.
type Releases struct {
	Immutable *bool `yaml:"immutable,omitempty"`
	Any       *bool `yaml:"any,omitempty"` // there is a release
}

// Unread is a setting that the token may not read.
type Unread struct {
	What       string `yaml:"what"`                 // in a few words
	Why        string `yaml:"why"`                  // GitHub's answer
	Permission string `yaml:"permission,omitempty"` // that a token would need, as `administration: read`
}

// Miss adds what could not be read.
func (s *Settings) Miss(what, why, permission string) {
	s.Unread = append(s.Unread, Unread{What: what, Why: why, Permission: permission})
}

// File is the settings as a text, under a path that no file of the repository has.
func (s *Settings) File() (*source.File, error) {
	var text bytes.Buffer
	fmt.Fprintf(&text, "# What GitHub enforces on %s, as its API tells.\n", s.Repository)
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(s); err != nil {
		return nil, err
	}
	return &source.File{Path: source.SettingsPath + s.Repository, Kind: source.Settings, Data: text.Bytes()}, nil
}

// decode reads the settings back from a document; what does not fit reads as absent.
func decode(doc *source.Document) *Settings {
	var s Settings
	if text, err := yaml.Marshal(doc.Value); err == nil {
		_ = yaml.Unmarshal(text, &s) // it fills what fits
	}
	return &s
}
