package workflow

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Persisted is an actions/checkout that leaves the credentials it fetched with to the later steps of the job.
type Persisted struct {
	Path source.Path `json:"path"` // of the step
	Job  string      `json:"job"`
	// Secret is the credential where it is not the run's own token: "secret X", "ssh key", "token of step id".
	Secret string `json:"secret,omitempty"`
	// InTree: they lie in .git/config of the tree, as before v6; since then in a file outside of the workspace.
	InTree bool `json:"inTree"`
	// Writes: the credential may write: the run's own token has a permission to, or it is another.
	Writes bool     `json:"writes"`
	Use    GitUse   `json:"use"`
	User   string   `json:"user,omitempty"` // the first command or action that uses or may use them
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
func (w *Workflow) persisted(doc *source.Document) []Persisted {
	found := []Persisted{}
	if w.IsAction {
		return found
	}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		for j := range job.Steps {
			step := &job.Steps[j]
			if keep, _ := step.Input("persist-credentials"); step.Action() == "actions/checkout" && !strings.EqualFold(keep, "false") {
				found = append(found, w.persistedBy(doc, job, step))
			}
		}
	}
	return found
}

func (w *Workflow) persistedBy(doc *source.Document, job *Job, step *Step) Persisted {
	major, _, known := majorMinor(versionOf(doc, step))
	p := Persisted{
		Path: step.Path, Job: job.ID, Secret: step.checkoutCredential(), InTree: known && major < 6,
		Use: GitUnneeded, Uploads: []Upload{},
	}
	p.Writes = p.Secret != "" || w.effective(job).Writes()
	dir, _ := step.Input("path")
	root := inDir("", dir)
	for i := step.index + 1; i < len(job.Steps); i++ {
		later := &job.Steps[i]
		if use, user := later.usesGit(); p.Use != GitUsed && use != GitUnneeded && use != p.Use {
			p.Use, p.User = use, user
		}
		for _, u := range later.uploads(doc) {
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
	for _, e := range Expressions(token) {
		for _, l := range leaves(e.Root, false) {
			switch {
			case l.path[0] == "secrets" && len(l.path) == 2 && !strings.EqualFold(l.path[1], ownToken):
				return "secret " + strings.ToUpper(l.path[1])
			case l.path[0] == "steps" && len(l.path) > 1:
				return "the token of step " + l.path[1]
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
	[ [[ : apt apt-get awk base64 basename brew cat cd chmod cosign cp curl cut date df diff dirname docker echo envsubst
	exit export false find go grep gzip head helm jq kind kubectl ls mkdir mv npm node pip pip3 printf pwd read rm
	sed set sha256sum shift sleep sort tail tar tee test touch tr true uname uniq unzip wc wget yq zip`)

// usesGit judges one later step, and names what in it uses or may use the credentials.
func (s *Step) usesGit() (GitUse, string) {
	action := s.Action()
	owner, _, _ := strings.Cut(action, "/")
	switch {
	case gitActions[action]:
		return GitUsed, action
	case s.Uses != "" && (action == "actions/github-script" || !quietOwners[owner]):
		return GitUnknown, action
	case s.Run == "":
		return GitUnneeded, ""
	}
	commands := s.Commands(func(string) string { return "" })
	if len(commands) == 0 {
		return GitUnknown, "its script"
	}
	use, user := GitUnneeded, ""
	for _, c := range commands {
		name := c.Name()
		switch {
		case name == "git" && gitRemote[firstWord(c.subcommand())], name == "gh" && strings.HasPrefix(c.subcommand(), "pr checkout"):
			return GitUsed, strings.TrimSpace(name + " " + firstWord(c.subcommand()))
		case use == GitUnneeded && name != "git" && name != "gh" && (!quietCommands[name] || c.executes("") != ""):
			use, user = GitUnknown, name
		}
	}
	return use, user
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}
