package terraform_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/terraform"
)

func factsOf(t *testing.T, text string, files map[string]string) *terraform.Facts {
	t.Helper()
	docs, faults := parse.File(&source.File{Path: "infra/main.tf", Kind: source.Terraform, Data: []byte(text)})
	if len(docs) != 1 || len(faults) > 0 {
		t.Fatalf("%v\n%s", faults[0], text)
	}
	repo := &source.Repository{ReadFile: func(name string) []byte {
		if text, ok := files[name]; ok {
			return []byte(text)
		}
		return nil
	}}
	for name := range files {
		repo.Paths = append(repo.Paths, name)
	}
	return terraform.Of(docs[0], repo)
}

const allow = `{"Statement": [{"Effect": "Allow", "Action": %s, "Resource": %s}]}`

func TestGrants(t *testing.T) {
	document := func(body string) string { return "data aws_iam_policy_document a {\n statement {\n" + body + "\n}\n}" }
	cases := map[string]struct {
		text string
		want []string
	}{
		"blocks": {
			document("actions = [\"s3:*\", \"*\"]\nresources = [\"*\"]"),
			[]string{"AWS s3:* false data.aws_iam_policy_document.a[0].statement[0].actions[0]", "AWS * true data.aws_iam_policy_document.a[0].statement[0].actions[1]"},
		},
		"denied":     {document("effect = \"Deny\"\nactions = [\"*\"]\nresources = [\"*\"]"), nil},
		"one bucket": {document(`actions = ["s3:*"]` + "\n" + `resources = ["arn:aws:s3:::b/*"]`), nil},
		"a resource's own policy": {
			document("actions = [\"*\"]\nresources = [\"*\"]\nprincipals {\ntype = \"AWS\"\nidentifiers = [\"x\"]\n}"), nil,
		},
		"conditional": {
			document("actions = [\"*\"]\nresources = [\"*\"]\ncondition {\ntest = \"Bool\"\nvariable = \"aws:MultiFactorAuthPresent\"\nvalues = [\"true\"]\n}"), nil,
		},
		"jsonencode": {
			`resource aws_iam_role_policy p { policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:*", Resource = "*" }] }) }`,
			[]string{"AWS iam:* true resource.aws_iam_role_policy.p[0].policy"},
		},
		"jsonencode with references": {
			`resource aws_iam_policy p { policy = jsonencode({ Statement = { Effect = "Allow", Action = ["*"], Resource = [aws_s3_bucket.b.arn] } }) }`, nil,
		},
		"heredoc": {
			"resource aws_iam_policy p {\n policy = <<EOF\n" + fmt.Sprintf(allow, `["*"]`, `"*"`) + "\nEOF\n}",
			[]string{"AWS * true resource.aws_iam_policy.p[0].policy"},
		},
		"of a bucket": {"resource aws_s3_bucket_policy p {\n policy = <<EOF\n" + fmt.Sprintf(allow, `"*"`, `"*"`) + "\nEOF\n}", nil},
		"attached": {
			`resource aws_iam_role_policy_attachment a { policy_arn = "arn:${data.aws_partition.p.partition}:iam::aws:policy/AdministratorAccess" }`,
			[]string{"AWS AdministratorAccess true resource.aws_iam_role_policy_attachment.a[0].policy_arn"},
		},
		"in a module": {
			`module m { role_policy_arns = { admin = "arn:aws:iam::aws:policy/IAMFullAccess" } }`,
			[]string{"AWS IAMFullAccess true module.m[0].role_policy_arns.admin"},
		},
		"a boundary": {`resource aws_iam_role r { permissions_boundary = "arn:aws:iam::aws:policy/AdministratorAccess" }`, nil},
		"google": {
			"resource google_project_iam_member m { role = \"roles/editor\" }\nresource google_project_iam_member v { role = \"roles/viewer\" }",
			[]string{"Google Cloud roles/editor true resource.google_project_iam_member.m[0].role"},
		},
		"azure": {
			"resource azurerm_role_assignment s {\n role_definition_name = \"Owner\"\n scope = data.azurerm_subscription.current.id\n}\n" +
				"resource azurerm_role_assignment g {\n role_definition_name = \"Owner\"\n scope = azurerm_resource_group.g.id\n}",
			[]string{"Azure Owner true resource.azurerm_role_assignment.s[0].role_definition_name"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, grantsIn(t, c.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// grantsIn describes each grant of a file.
func grantsIn(t *testing.T, text string) []string {
	t.Helper()
	var found []string
	for _, g := range factsOf(t, text, nil).Grants {
		found = append(found, fmt.Sprintf("%s %s %v %s", g.Cloud, g.What, g.All, g.Path))
	}
	return found
}

// awsTrust is a role that GitHub's tokens may assume on conditions.
func awsTrust(conditions string) string {
	return `data aws_iam_policy_document t {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }
` + conditions + "\n}\n}"
}

func sub(test, value string) string {
	return fmt.Sprintf("condition {\ntest = %q\nvariable = \"token.actions.githubusercontent.com:sub\"\nvalues = [%q]\n}", test, value)
}

func TestTrusts(t *testing.T) {
	const google = "resource google_iam_workload_identity_pool_provider p {\n oidc { issuer_uri = \"https://token.actions.githubusercontent.com\" }\n"
	const azure = "resource azuread_application_federated_identity_credential c {\n issuer = \"https://token.actions.githubusercontent.com\"\n"
	aud := "condition {\ntest = \"StringEquals\"\nvariable = \"token.actions.githubusercontent.com:aud\"\nvalues = [\"sts.amazonaws.com\"]\n}\n"
	cases := map[string]struct{ text, want string }{
		"no condition":        {awsTrust(""), "AWS anyone "},
		"audience alone":      {awsTrust(aud), "AWS anyone "},
		"exact":               {awsTrust(aud + sub("StringEquals", "repo:o/r:ref:refs/heads/main")), ""},
		"exact environment":   {awsTrust(sub("StringLike", "repo:o/r:environment:prod")), ""},
		"any branch":          {awsTrust(sub("StringLike", "repo:o/r:*")), "AWS repository repo:o/r:*"},
		"any repository":      {awsTrust(sub("StringLike", "repo:o/*")), "AWS owner repo:o/*"},
		"any of any branch":   {awsTrust(sub("ForAnyValue:StringLike", "repo:o/*:*")), "AWS owner repo:o/*:*"},
		"owner by prefix":     {awsTrust(sub("StringLike", "repo:o*")), "AWS anyone repo:o*"},
		"all":                 {awsTrust(sub("StringLike", "*")), "AWS anyone *"},
		"star in an equality": {awsTrust(sub("StringEquals", "repo:o/r:*")), ""},
		"pull requests":       {awsTrust(sub("StringEquals", "repo:o/r:pull_request")), "AWS pull-request repo:o/r:pull_request"},
		"variable owner":      {awsTrust(sub("StringLike", "repo:${var.org}/${var.name}:*")), "AWS repository repo:${var.org}/${var.name}:*"},
		"variable":            {awsTrust("condition {\ntest = \"StringLike\"\nvariable = \"token.actions.githubusercontent.com:sub\"\nvalues = var.subjects\n}"), ""},
		"another issuer":      {"data aws_iam_policy_document t {\n statement {\n actions = [\"sts:AssumeRoleWithWebIdentity\"]\n}\n}", ""},
		"jsonencode": {
			`resource aws_iam_role r { assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
			  Principal = { Federated = "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com" },
			  Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:o/*" } } }] }) }`, "AWS owner repo:o/*",
		},
		"google without":      {google + "}", "Google Cloud anyone "},
		"google owner":        {google + "attribute_condition = \"assertion.repository_owner == 'o'\"\n}", "Google Cloud owner assertion.repository_owner == 'o'"},
		"google repository":   {google + "attribute_condition = \"assertion.repository_owner == 'o' && assertion.repository == 'o/r'\"\n}", ""},
		"google variable":     {google + "attribute_condition = var.condition\n}", ""},
		"azure exact":         {azure + "subject = \"repo:o/r:environment:prod\"\n}", ""},
		"azure pull requests": {azure + "subject = \"repo:o/r:pull_request\"\n}", "Azure pull-request repo:o/r:pull_request"},
		"azure flexible":      {azure + "claims_matching_expression = \"claims['sub'] matches 'repo:o/*'\"\n}", "Azure owner repo:o/*"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := ""
			for _, trust := range factsOf(t, c.text, nil).Trusts {
				got += fmt.Sprintf("%s %s %s", trust.Cloud, trust.Scope, trust.Subject)
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestLock(t *testing.T) {
	const root = "terraform {\n backend \"s3\" {}\n required_providers {\n aws = { source = \"hashicorp/aws\" }\n old = \"~> 1.0\"\n }\n}\n"
	const lock = "provider \"a\" {\n hashes = [\"h1:x\"]\n}\nprovider \"b\" {\n hashes = [\"h1:x\", \"zh:y\"]\n}\nprovider \"c\" {\n hashes = [\"h1:x\", \"h1:y\"]\n}\nprovider \"d\" {\n version = \"1\"\n}\n"
	cases := map[string]struct {
		files map[string]string
		want  terraform.Lock
	}{
		"absent":                {nil, terraform.Lock{}},
		"ignored at the root":   {map[string]string{".gitignore": "# x\n**/.terraform.lock.hcl\n"}, terraform.Lock{IgnoredBy: ".gitignore"}},
		"ignored nearby":        {map[string]string{"infra/.gitignore": ".terraform*\n"}, terraform.Lock{IgnoredBy: "infra/.gitignore"}},
		"ignored nowhere":       {map[string]string{".gitignore": "#.terraform.lock.hcl\n!.terraform.lock.hcl\n*\n.terraform/\n"}, terraform.Lock{}},
		"elsewhere":             {map[string]string{".terraform.lock.hcl": lock}, terraform.Lock{}},
		"present":               {map[string]string{"infra/.terraform.lock.hcl": lock}, terraform.Lock{Present: true, Unhashed: []string{"d"}, OnePlatform: []string{"a"}}},
		"present, not readable": {map[string]string{"infra/.terraform.lock.hcl": "provider {"}, terraform.Lock{Present: true}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := factsOf(t, root, c.files)
			if diff := cmp.Diff(&c.want, f.Lock); diff != "" {
				t.Error(diff)
			}
			if f.Root == nil || f.Root.Path.String() != "terraform[0].backend" {
				t.Errorf("root: %v", f.Root)
			}
			want := []terraform.Provider{
				{Name: "aws", Source: "hashicorp/aws", Place: terraform.Place{Path: source.Path{"terraform", 0, "required_providers", 0, "aws"}}},
				{Name: "old", Version: "~> 1.0", Place: terraform.Place{Path: source.Path{"terraform", 0, "required_providers", 0, "old"}}},
			}
			if diff := cmp.Diff(want, f.Providers); diff != "" {
				t.Error(diff)
			}
		})
	}
	if f := factsOf(t, "resource a b {}\n", nil); f.Lock != nil || f.Root != nil {
		t.Errorf("%+v", f)
	}
}
