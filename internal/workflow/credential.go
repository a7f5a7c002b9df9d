package workflow

import (
	"hash/crc32"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Credential is a credential that is written out in the document. What it is is never repeated here.
type Credential struct {
	Path source.Path `json:"path"`           // of the scalar that holds it
	Text string      `json:"text,omitempty"` // how it begins, which is the same for all of its kind; "" where it is encoded
	Kind string      `json:"kind"`           // "GitHub token"
}

// shape is how the credentials of one kind are written.
type shape struct {
	kind   string
	prefix string // what all of them begin with; most text is judged by this alone
	form   *regexp.Regexp
	valid  func(string) bool // whether a text of the form is no placeholder
}

// Shapes of credentials that name themselves, from their issuers' documentation.
var shapes = []shape{
	{"GitHub token", "ghp_", regexp.MustCompile(`\bghp_[A-Za-z0-9]{36}\b`), checksummed},
	{"GitHub token", "gho_", regexp.MustCompile(`\bgho_[A-Za-z0-9]{36}\b`), checksummed},
	{"GitHub token", "ghu_", regexp.MustCompile(`\bghu_[A-Za-z0-9]{36}\b`), checksummed},
	{"GitHub token", "ghs_", regexp.MustCompile(`\bghs_[A-Za-z0-9]{36}\b`), checksummed},
	{"GitHub token", "github_pat_", regexp.MustCompile(`\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b`), random},
	{"npm token", "npm_", regexp.MustCompile(`\bnpm_[A-Za-z0-9]{36}\b`), checksummed},
	{"GitLab token", "glpat-", regexp.MustCompile(`\bglpat-[\w-]{20}\b`), random},
	{"PyPI token", "pypi-AgE", regexp.MustCompile(`\bpypi-AgE[\w-]{70,}`), random},
	{"AWS access key", "AKIA", regexp.MustCompile(`\bAKIA[A-Z2-7]{16}\b`), random},
	{"Slack token", "xoxb-", regexp.MustCompile(`\bxoxb-\d{10,}-\d{10,}-[A-Za-z0-9]{24}\b`), random},
	{"Slack token", "xoxp-", regexp.MustCompile(`\bxoxp-\d{10,}-\d{10,}-[A-Za-z0-9-]{32,}\b`), random},
	{
		"Slack webhook", "hooks.slack.com/services/T",
		regexp.MustCompile(`hooks\.slack\.com/services/T[A-Z0-9]{8,}/B[A-Z0-9]{8,}/[A-Za-z0-9]{24}\b`), random,
	},
	{"Docker Hub token", "dckr_pat_", regexp.MustCompile(`\bdckr_pat_[\w-]{27}\b`), random},
	{"Google API key", "AIza", regexp.MustCompile(`\bAIza[\w-]{35}\b`), random},
	{"Hugging Face token", "hf_", regexp.MustCompile(`\bhf_[A-Za-z]{34}\b`), random},
	{"RubyGems key", "rubygems_", regexp.MustCompile(`\brubygems_[0-9a-f]{48}\b`), random},
	{"DigitalOcean token", "dop_v1_", regexp.MustCompile(`\bdop_v1_[0-9a-f]{64}\b`), random},
	{"Stripe key", "sk_live_", regexp.MustCompile(`\bsk_live_[A-Za-z0-9]{24,}\b`), random},
	{"SendGrid key", "SG.", regexp.MustCompile(`\bSG\.[\w-]{22}\.[\w-]{43}\b`), random},
	{"age key", "AGE-SECRET-KEY-1", regexp.MustCompile(`\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b`), random},
	{
		"private key", "-----BEGIN ",
		regexp.MustCompile(`-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+(?:[A-Za-z0-9+/=]{40,}\s+){3,}`), random,
	},
}

// Credentials lists the credentials that are written out in a plain value, those of a document or a text alone.
func Credentials(value any) []Credential {
	found := []Credential{}
	eachScalar(value, nil, func(path source.Path, value string) {
		for _, s := range shapes {
			if len(found) < maxExpressions && strings.Contains(value, s.prefix) && s.in(value) {
				found = append(found, Credential{Path: path, Text: s.prefix, Kind: s.kind})
			}
		}
	})
	return found
}

func (s shape) in(text string) bool {
	return slices.ContainsFunc(s.form.FindAllString(text, -1), s.valid)
}

// random reports whether a text looks like one that was drawn, and not like a placeholder: xxxx, EXAMPLE, 1234567890.
func random(text string) bool {
	lower := strings.ToLower(text)
	for _, word := range []string{"example", "xxxx", "0000", "1234567", "abcdefg", "your", "dummy", "redacted", "placeholder"} {
		if strings.Contains(lower, word) {
			return false
		}
	}
	seen := map[byte]bool{}
	for i := range len(text) {
		seen[text[i]] = true
	}
	return len(seen) >= 12
}

// checksummed reports whether the last six digits of a token of GitHub's or npm's are the checksum of those before:
// CRC-32 in base 62. See https://github.blog/engineering/behind-githubs-new-authentication-token-formats/.
func checksummed(token string) bool {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	_, body, _ := strings.Cut(token, "_")
	if len(body) <= 6 {
		return false
	}
	sum := crc32.ChecksumIEEE([]byte(body[:len(body)-6]))
	var want [6]byte
	for i := range want {
		want[len(want)-1-i] = digits[sum%62]
		sum /= 62
	}
	return string(want[:]) == body[len(body)-6:]
}
