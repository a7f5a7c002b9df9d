package workflow

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// SecretUse is an expression's access to the secrets context. The run's own token is a use as well: its Name is GITHUB_TOKEN.
type SecretUse struct {
	Path source.Path `json:"path"` // of the scalar that the expression stands in
	Text string      `json:"text"` // the ${{ … }} exactly as written
	Name string      `json:"name"` // of the secret, in upper case as GitHub keeps it; "" where Form is not named
	Form SecretForm  `json:"form"`
	// Member: the expression takes a part of the secret, as fromJSON(secrets.x).y does. Such a part is not masked in logs.
	Member bool `json:"member"`
	// Yields: the expression can have the secret in its value; secrets.x != '' has not.
	Yields bool        `json:"yields"`
	Place  SecretPlace `json:"place"`
	Job    string      `json:"job,omitempty"`  // ID of the job that it stands in
	Step   source.Path `json:"step,omitempty"` // of the step that it stands in
}

// SecretForm says which secrets an access reads.
type SecretForm string

// The forms.
const (
	SecretNamed    SecretForm = "named"    // secrets.X
	SecretComputed SecretForm = "computed" // secrets[expression], secrets.*: any of them
	SecretWhole    SecretForm = "whole"    // the context itself: all of them
)

// SecretPlace says where an access stands, and with that who gets the secret.
type SecretPlace string

// The places.
const (
	InWorkflowEnv SecretPlace = "workflow-env" // every step of every job
	InJobEnv      SecretPlace = "job-env"      // every step of the job
	InContainer   SecretPlace = "container"    // a job's container or service
	InStepEnv     SecretPlace = "step-env"
	InStepInput   SecretPlace = "input"
	InScript      SecretPlace = "run"
	InCondition   SecretPlace = "condition"
	InCall        SecretPlace = "call" // the secrets or inputs of a reusable workflow
	InOther       SecretPlace = "other"
)

const ownToken = "GITHUB_TOKEN" //nolint:gosec // false alarm: the name of a token

// secretsOf lists all uses of secrets in a document, in the order of their paths.
func secretsOf(doc *source.Document) []SecretUse {
	found := []SecretUse{}
	eachScalar(doc.Value, nil, func(path source.Path, value string) {
		if !strings.Contains(strings.ToLower(value), "secrets") {
			return // most text is not parsed
		}
		for _, e := range expressionsAt(path, value) {
			for _, use := range usesIn(e.Root) {
				if len(found) == maxExpressions {
					return
				}
				use.Path, use.Text = path, e.Text
				use.Place, use.Job, use.Step = placeOf(path)
				found = append(found, use)
			}
		}
	})
	return found
}

// usesIn lists the accesses to secrets in an expression, each once.
func usesIn(root *expression.Node) []SecretUse {
	var found []SecretUse
	yielded := map[string]bool{}
	for _, l := range root.Leaves() {
		yielded[l.String()] = true
	}
	parts := map[*expression.Node]bool{} // accesses of which a part is taken
	root.Walk(func(n *expression.Node) {
		if n.Kind == expression.Member && n.Args[0].Kind == expression.Call && n.Args[0].Name == "fromjson" && len(n.Args[0].Args) == 1 {
			parts[n.Args[0].Args[0]] = true
		}
		if n.Kind != expression.Context || n.Path[0] != "secrets" {
			return
		}
		use := SecretUse{Form: SecretWhole, Member: parts[n], Yields: yielded[expression.Leaf{Path: n.Path}.String()]}
		switch {
		case len(n.Path) > 1 && n.Path[1] == expression.AnyStep:
			use.Form = SecretComputed
		case len(n.Path) > 1:
			use.Form, use.Name = SecretNamed, strings.ToUpper(n.Path[1])
		}
		if !slices.ContainsFunc(found, func(f SecretUse) bool { return f.Name == use.Name && f.Form == use.Form && f.Member == use.Member }) {
			found = append(found, use)
		}
	})

	return found
}

// placeOf reads from a scalar's path where in a workflow or action it stands.
func placeOf(path source.Path) (place SecretPlace, job string, step source.Path) {
	var owner source.Path
	switch {
	case len(path) == 2 && path[0] == "env":
		return InWorkflowEnv, "", nil
	case len(path) > 2 && path[0] == "jobs":
		job, _ = path[1].(string)
		owner, path = path[:2], path[2:]
	case len(path) > 1 && path[0] == "runs":
		owner, path = path[:1], path[1:]
	default:
		return InOther, "", nil
	}
	last := slices.IndexFunc(path, func(step any) bool { return step == "steps" || step == "parallel" })
	if last != 0 {
		return placeInJob(path), job, nil
	}
	for last+1 < len(path) && (path[last] == "steps" || path[last] == "parallel") {
		if _, isIndex := path[last+1].(int); isIndex {
			last++
		}
		last++
	}
	return placeInStep(path[last:]), job, owner.Append(path[:last]...)
}

func placeInJob(path source.Path) SecretPlace {
	switch path[0] {
	case "env":
		return InJobEnv
	case "container", "services":
		return InContainer
	case "secrets", "with":
		return InCall
	case "if":
		return InCondition
	}
	return InOther
}

func placeInStep(path source.Path) SecretPlace {
	if len(path) == 0 {
		return InOther
	}
	switch path[0] {
	case "env":
		return InStepEnv
	case "with":
		return InStepInput
	case "run":
		return InScript
	case "if":
		return InCondition
	}
	return InOther
}

// Callee is what a reusable workflow of the same repository says about secrets.
type Callee struct {
	File     string   `json:"file"`
	Secrets  []string `json:"secrets"`  // those that it and what it calls read, but for the run's own token; in upper case, sorted
	Declared []string `json:"declared"` // those that its workflow_call takes; in upper case, sorted
	// Opaque: it may read others as well: by a computed name, all of them, or in a workflow that is elsewhere.
	Opaque bool `json:"opaque"`
	// Environment: a job of it names a deployment environment, whose secrets it gets only when it inherits.
	Environment bool `json:"environment"`
}

// maxCallees is how many reusable workflows GitHub lets one run have.
const maxCallees = 50

// calleeOf reads the local reusable workflow that a job hands all its secrets to; nil where it does not, or where that
// workflow is not in the repository.
func calleeOf(job *Job, repo *Repository) *Callee {
	if !job.inheritsSecrets() {
		return nil
	}
	c := &Callee{File: repo.Local(job.Uses), Secrets: []string{}, Declared: []string{}}
	doc := repo.Files().Document(c.File)
	if doc == nil {
		return nil
	}
	c.read(c.File, repo, map[string]bool{})
	call := object(object(object(doc.Value)["on"])[eventWorkflowCall])
	for _, name := range sortedKeys(object(call["secrets"])) {
		c.Declared = append(c.Declared, strings.ToUpper(name))
	}
	slices.Sort(c.Declared)
	slices.Sort(c.Secrets)
	c.Secrets = slices.Compact(c.Secrets)
	return c
}

// read adds what a workflow reads, and what those do that it hands all its secrets to.
func (c *Callee) read(file string, repo *Repository, seen map[string]bool) {
	if seen[file] {
		return
	}
	seen[file] = true
	doc, w := repo.Files().Document(file), repo.File(file)
	if doc == nil || w == nil || len(seen) > maxCallees {
		c.Opaque = true
		return
	}
	for _, use := range secretsOf(doc) {
		switch {
		case use.Form != SecretNamed:
			c.Opaque = true
		case use.Name != ownToken:
			c.Secrets = append(c.Secrets, use.Name)
		}
	}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		c.Environment = c.Environment || job.Environment
		if job.inheritsSecrets() {
			c.read(repo.Local(job.Uses), repo, seen)
		}
	}
}

// inheritsSecrets reports whether a job hands all its secrets to the workflow that it calls.
func (j *Job) inheritsSecrets() bool {
	return j.Uses != "" && text(object(j.value)["secrets"]) == "inherit"
}
