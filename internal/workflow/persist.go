package workflow

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/expression"
	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Persisted is an actions/checkout that leaves the credentials it fetched with to the later steps of the job.
type Persisted struct {
	Path   source.Path `json:"path"` // of the step
	Job    string      `json:"job"`
	Inputs bool        `json:"inputs,omitempty"` // the step has inputs already
	// Secret is the credential where it is not the run's own token: "secret X", "ssh key", "token of step id".
	Secret string `json:"secret,omitempty"`
	// InTree: they lie in .git/config of the tree, as before v6; since then in a file outside of the workspace.
	InTree bool `json:"inTree"`
	// Writes: the credential may write: the run's own token has a permission to, or it is another.
	Writes  bool     `json:"writes"`
	Use     GitUse   `json:"use"`
	User    string   `json:"user,omitempty"` // the first command or action that uses or may use them
	Uploads []Upload `json:"uploads"`        // the later steps that store the tree, with its .git, where others can read it
}

// GitUse says whether a later step speaks to the remote repository with what a checkout left.
type GitUse string

// The uses.
const (
	GitUsed     GitUse = "used"
	GitUnknown  GitUse = "unknown" // a script, a build or an action that cannot be read may do so
	GitUnneeded GitUse = "unneeded"
)

// Upload is a step that stores files where others can read them.
type Upload struct {
	Path source.Path `json:"path"` // of the step's path input
	What string      `json:"what"` // "artifact", "cache"
}

// persisted lists the checkouts of a workflow that keep credentials. Those of an action are its caller's to use.
func (w *Workflow) persisted(doc *source.Document, repo *Repository) []Persisted {
	found := []Persisted{}
	if w.IsAction {
		return found
	}
	reader := gitReader{repo: repo, known: map[string]GitUse{}}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		var after []afterStep
		for j := range job.Steps {
			step := &job.Steps[j]
			if !step.persists() {
				continue
			}
			if after == nil {
				after = reader.job(doc, job)
			}
			found = append(found, w.persistedBy(doc, job, step, after))
		}
	}
	return found
}

// persists reports whether a step checks out and keeps what it fetched with.
func (s *Step) persists() bool {
	keep, _ := s.Input("persist-credentials")
	return s.Action() == "actions/checkout" && !strings.EqualFold(keep, "false")
}

// afterStep is what a step would do with what an earlier checkout left.
type afterStep struct {
	use     GitUse
	user    string
	uploads []upload
}

func (w *Workflow) persistedBy(doc *source.Document, job *Job, step *Step, after []afterStep) Persisted {
	major, _, known := majorMinor(versionOf(doc, step))
	p := Persisted{
		Path: step.Path, Job: job.ID, Inputs: len(step.With) > 0, Secret: step.checkoutCredential(), InTree: known && major < 6,
		Use: GitUnneeded, Uploads: []Upload{},
	}
	p.Writes = p.Secret != "" || w.effective(job).Writes()
	if filter, _ := step.Input("filter"); filter != "" {
		p.Use, p.User = GitUnknown, "a file that the partial clone left out"
	}
	dir, _ := step.Input("path")
	root := shell.InDir("", dir)
	for _, later := range after[step.index+1:] {
		if graver(later.use, p.Use) {
			p.Use, p.User = later.use, later.user
		}
		for _, u := range later.uploads {
			if p.InTree && u.hidden && u.covers(strings.TrimPrefix(root+"/.git/config", "/")) {
				p.Uploads = append(p.Uploads, Upload{Path: u.path, What: u.what})
			}
		}
	}
	return p
}

// checkoutCredential names what a checkout fetches with, "" for the run's own token.
func (s *Step) checkoutCredential() string {
	if key, _ := s.Input("ssh-key"); key != "" {
		return "the SSH key"
	}
	token, _ := s.Input("token")
	for _, e := range expression.Find(token) {
		for _, l := range e.Root.Leaves() {
			switch {
			case l.Path[0] == "secrets" && len(l.Path) == 2 && !strings.EqualFold(l.Path[1], ownToken):
				return "secret " + strings.ToUpper(l.Path[1])
			case l.Path[0] == "steps" && len(l.Path) > 1:
				return "the token of step " + l.Path[1]
			}
		}
	}
	return ""
}

// gitActions speak to the remote with the credentials that a checkout left.
var gitActions = set(`
	ad-m/github-push-action actions-js/push anothrnick/github-tag-action changesets/action
	crazy-max/ghaction-github-pages cycjimmy/semantic-release-action dorny/paths-filter endbug/add-and-commit
	helm/chart-releaser-action jamesives/github-pages-deploy-action mikepenz/action-junit-report
	peaceiris/actions-gh-pages peter-evans/create-pull-request step-security/changed-files
	stefanzweifel/git-auto-commit-action technote-space/create-pr-action tj-actions/changed-files`)

// quietOwners publish actions that leave Git alone, but for those in gitActions.
var quietOwners = set(`
	actions aws-actions azure codecov docker github golangci google-github-actions hashicorp sigstore step-security`)

// gitRemote are the subcommands of git that speak to the remote of the tree; a clone has a configuration of its own.
var gitRemote = set("push fetch pull submodule lfs ls-remote remote subtree")

// quietCommands do not use Git's credentials of the tree, whatever they are asked: they change files and words, or
// fetch with means of their own.
var quietCommands = set(`
	[ [[ : apt apt-get awk base64 basename brew cat cd chmod choco cosign cp curl cut date df diff dirname docker echo envsubst
	exit export false find go grep gzip head helm jq kind kubectl kustomize ln ls mkdir mv npm node pip pip3 printf pwd read rm
	sed set sha256sum shift sleep sort sysctl tail tar tee test touch tr true uname uniq unzip wc wget which yes yq zip`)

// gitReader judges what steps do with Git. It reads the composite actions of the repository, each once.
type gitReader struct {
	repo  *Repository
	known map[string]GitUse // by file
}

// graver reports whether one use says more against doing without the credentials than another.
func graver(a, b GitUse) bool { return a != b && (a == GitUsed || b == GitUnneeded) }

// job judges all steps of a job, once for all checkouts in it.
func (r gitReader) job(doc *source.Document, job *Job) []afterStep {
	after := make([]afterStep, len(job.Steps))
	for i := range job.Steps {
		after[i].use, after[i].user = r.step(&job.Steps[i])
		after[i].uploads = job.Steps[i].uploads(doc)
	}
	return after
}

// step judges one step, and names what in it uses or may use the credentials.
func (r gitReader) step(s *Step) (GitUse, string) {
	if s.Uses == "" {
		return s.usesGit()
	}
	action := s.Action()
	owner, _, _ := strings.Cut(action, "/")
	switch {
	case gitActions[action]:
		return GitUsed, action
	case owner == "." || owner == "$":
		return r.action(r.repo.Local(s.Uses)), action
	case action == "actions/github-script" || !quietOwners[owner]:
		return GitUnknown, action
	}
	return GitUnneeded, ""
}

// action judges a composite action of the repository.
func (r gitReader) action(file string) GitUse {
	use, known := r.known[file]
	if known {
		return use
	}
	r.known[file] = GitUnknown // for one that leads back to itself
	w := r.repo.File(file)
	if w == nil || len(w.Jobs) == 0 {
		return GitUnknown
	}
	use = GitUnneeded
	for i := range w.Jobs[0].Steps {
		if found, _ := r.step(&w.Jobs[0].Steps[i]); graver(found, use) {
			use = found
		}
	}
	r.known[file] = use
	return use
}

// usesGit judges the step's script.
func (s *Step) usesGit() (GitUse, string) {
	if s.Run == "" {
		return GitUnneeded, ""
	}
	commands := s.commands()
	if len(commands) == 0 {
		return GitUnknown, "its script"
	}
	use, user := GitUnneeded, ""
	for _, c := range commands {
		name, sub := c.Name(), c.Subcommand()
		switch {
		case name == "git" && gitRemote[firstWord(sub)], name == "gh" && strings.HasPrefix(sub, "pr checkout"):
			return GitUsed, name + " " + firstWord(sub)
		case use == GitUnneeded && name != "git" && name != "gh" && (!quietCommands[name] || c.Executes("") != ""):
			use, user = GitUnknown, shell.Unmask(name, expression.Find(s.Run))
		}
	}
	return use, user
}
