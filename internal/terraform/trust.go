package terraform

import (
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Trust is a cloud's trust in the tokens that GitHub gives to workflows.
type Trust struct {
	Place
	Cloud string `json:"cloud"` // "AWS", "Google Cloud" or "Azure"
	// Subject is the condition or subject that decides, as it is written; "" where none is asked for.
	Subject string `json:"subject,omitempty"`
	// Scope is whose workflows are let in: "anyone", "owner" (all repositories of one), "repository" (whatever runs in it,
	// its pull requests too), "pull-request" (those alone) or "exact".
	Scope string `json:"scope"`
}

// The scopes, widest first.
const (
	anyone      = "anyone"
	owner       = "owner"
	repository  = "repository"
	pullRequest = "pull-request"
	exact       = "exact"
)

const issuer = "token.actions.githubusercontent.com"

func trustsOf(top source.Node, statements []statement) []Trust {
	var found []Trust
	for _, s := range statements {
		if t, ok := s.trust(); ok {
			found = append(found, t)
		}
	}
	for _, b := range blocks(top, "resource", "google_iam_workload_identity_pool_provider") {
		found = append(found, googleTrust(b)...)
	}
	for _, b := range blocks(top, "resource", "azure") {
		if strings.HasSuffix(b.kind, "federated_identity_credential") {
			found = append(found, azureTrust(b)...)
		}
	}
	return found
}

// trust reads a statement that lets workflows assume a role. Conditions on other claims than sub that name a repository
// narrow it as well.
func (s statement) trust() (Trust, bool) {
	i := slices.IndexFunc(s.identifiers, func(w word) bool { return mentionsGitHub(w.text) })
	assumes := slices.ContainsFunc(s.actions, func(w word) bool { return strings.EqualFold(w.text, "sts:AssumeRoleWithWebIdentity") })
	claims := 0
	t := Trust{Cloud: "AWS", Scope: exact}
	for _, c := range s.conditions {
		claim := c.variable[strings.LastIndexByte(c.variable, ':')+1:]
		i = max(i, strings.Index(c.variable, issuer))
		if claim == "aud" || strings.Contains(c.test, "Not") || strings.HasSuffix(c.test, "IfExists") {
			continue
		}
		claims++
		for _, v := range c.values {
			scope := exact
			if claim == "sub" {
				scope = subjectScope(v.text, strings.HasSuffix(strings.ToLower(c.test), "like"))
			}
			if wider(scope, t.Scope) {
				t.Scope, t.Subject, t.Place = scope, v.text, v.at
			}
		}
	}
	if s.effect != "Allow" || !assumes || i < 0 {
		return Trust{}, false
	}
	if claims == 0 {
		t.Scope, t.Place = anyone, s.at
	}
	return t, t.Scope != exact
}

func mentionsGitHub(text string) bool {
	return strings.Contains(text, issuer) || strings.Contains(text, "aws_iam_openid_connect_provider.github")
}

// wider reports whether a scope lets in more than another.
func wider(a, b string) bool {
	order := []string{anyone, owner, repository, pullRequest, exact}
	return slices.Index(order, a) < slices.Index(order, b)
}

var interpolation = regexp.MustCompile(`\$\{[^}]*\}`)

// everyRepository matches what stands for repo: and all that may follow.
var everyRepository = regexp.MustCompile(`^(?:r|re|rep|repo)?\*+$`)

// subjectScope reads a pattern for the sub claim, repo:OWNER/NAME:CONTEXT. What a variable stands for is taken to be one
// name; of a subject that is nothing but a variable, nothing is known. Without wildcards the * is a letter like any other.
// See https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims.
func subjectScope(subject string, wildcards bool) string {
	if interpolation.ReplaceAllString(subject, "") == "" {
		return exact
	}
	subject = interpolation.ReplaceAllString(subject, "x")
	if !wildcards {
		if strings.HasSuffix(subject, ":pull_request") {
			return pullRequest
		}
		return exact
	}
	rest, isRepo := strings.CutPrefix(subject, "repo:")
	if !isRepo {
		if everyRepository.MatchString(subject) {
			return anyone
		}
		return exact // a subject that the organization has customised
	}
	who, name, hasName := strings.Cut(rest, "/")
	name, context, hasContext := strings.Cut(name, ":")
	switch {
	case strings.ContainsAny(who, "*?"):
		return anyone
	case !hasName || strings.Trim(name, "*") == "":
		return owner
	case !hasContext && strings.HasSuffix(name, "*") || strings.Trim(context, "*") == "" && hasContext:
		return repository
	case strings.HasPrefix(context, "pull_request"):
		return pullRequest
	}
	return exact
}

var (
	googleRepository = regexp.MustCompile(`\b(?:assertion|attribute)\.(?:sub|repository|repository_id|job_workflow_ref|workflow_ref)\b|google\.subject`)
	googleOwner      = regexp.MustCompile(`\b(?:assertion|attribute)\.repository_owner`)
)

// googleTrust reads a provider of a workload identity pool.
func googleTrust(b block) []Trust {
	github := false
	for _, oidc := range bodies(b.Key("oidc")) {
		github = github || strings.Contains(oidc.Key("issuer_uri").Text(), issuer)
	}
	condition := b.Key("attribute_condition")
	t := Trust{Cloud: "Google Cloud", Subject: condition.Text(), Scope: exact, Place: Place{Path: condition.Path}}
	switch plainCondition := interpolation.ReplaceAllString(t.Subject, ""); {
	case t.Subject == "":
		t.Scope, t.Path = anyone, b.Path
	case googleRepository.MatchString(t.Subject), strings.TrimSpace(plainCondition) == "":
	case googleOwner.MatchString(t.Subject):
		t.Scope = owner
	}
	if !github || t.Scope == exact {
		return nil
	}
	return []Trust{t}
}

var quoted = regexp.MustCompile(`claims\['sub'\]\s+(eq|matches)\s+'([^']*)'`)

// azureTrust reads a federated credential: its subject is compared letter by letter, its expression may have wildcards.
func azureTrust(b block) []Trust {
	if !strings.Contains(b.Key("issuer").Text(), issuer) {
		return nil
	}
	at, wildcards := b.Key("subject"), false
	subject := at.Text()
	if m := quoted.FindStringSubmatch(b.Key("claims_matching_expression").Text()); m != nil {
		at, subject, wildcards = b.Key("claims_matching_expression"), m[2], m[1] == "matches"
	}
	t := Trust{Cloud: "Azure", Subject: subject, Scope: subjectScope(subject, wildcards), Place: Place{Path: at.Path}}
	if t.Scope == exact {
		return nil
	}
	return []Trust{t}
}
