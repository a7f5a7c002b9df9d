package workflow

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Required is a job that has to be green before a pull request is merged, as a file of the repository or its shape says.
type Required struct {
	Job  string      `json:"job"`
	Path source.Path `json:"path"`
	// File says so: an exported ruleset, or the settings that a bot applies. "" where only the job's shape tells: it does
	// nothing but judge the jobs that it needs.
	File string `json:"file"`
}

// Filter is what keeps a workflow from running for some pull requests.
type Filter struct {
	Key  string      `json:"key"` // paths or paths-ignore
	Path source.Path `json:"path"`
}

// maxSettings bounds a file of settings, in bytes.
const maxSettings = 1 << 20

// required lists the jobs that are known or look to be required.
func (w *Workflow) required(contexts []requiredContext) []Required {
	found := []Required{}
	for i := range w.Jobs {
		job := &w.Jobs[i]
		if w.IsAction {
			break
		}
		r := Required{Job: job.ID, Path: job.Path}
		for _, c := range contexts {
			if r.File == "" && job.reportsAs(c.name) {
				r.File = c.file
			}
		}
		if r.File != "" || len(job.Needs) > 0 && job.onlyJudges() && !w.needed(job.ID) && job.named() {
			found = append(found, r)
		}
	}
	return found
}

// reportsAs reports whether a check of that name is the job's: its name, with the matrix or the called job behind it.
func (j *Job) reportsAs(check string) bool {
	name := cmp.Or(j.Name, j.ID)
	rest, found := strings.CutPrefix(check, name)
	return found && (rest == "" || strings.HasPrefix(rest, " (") || strings.HasPrefix(rest, " / "))
}

type requiredContext struct{ name, file string }

// requiredContexts reads the names of required checks from the files that repositories keep them in: rulesets as GitHub
// exports them, and the settings of the Settings app. See
// https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets.
func requiredContexts(repo *source.Repository) []requiredContext {
	if repo == nil {
		return nil
	}
	var found []requiredContext
	for _, file := range repo.Paths {
		if !holdsSettings(file) {
			continue
		}
		data := repo.Read(file)
		var value any
		if len(data) == 0 || len(data) > maxSettings || yaml.Unmarshal(data, &value) != nil {
			continue
		}
		for _, name := range contextsIn(value, 0) {
			found = append(found, requiredContext{name, file})
		}
	}
	return found
}

func holdsSettings(file string) bool {
	dir, name := path.Split(file)
	switch dir {
	case ".github/":
		return name == "settings.yml" || name == "settings.yaml" || strings.Contains(name, "ruleset") && path.Ext(name) == ".json"
	case ".github/rulesets/", ".github/ruleset/", "rulesets/":
		return path.Ext(name) == ".json"
	}
	return false
}

// maxSettingsDepth bounds how deep settings are looked through.
const maxSettingsDepth = 20

// contextsIn collects the names below required_status_checks: a list of them, or of maps with a context.
func contextsIn(value any, depth int) []string {
	var names []string
	if depth > maxSettingsDepth {
		return nil
	}
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			names = append(names, contextsIn(item, depth+1)...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if key == "required_status_checks" {
				names = append(names, contextNames(v[key])...)
			} else {
				names = append(names, contextsIn(v[key], depth+1)...)
			}
		}
	}
	return names
}

func contextNames(value any) []string {
	if settings := object(value); settings != nil {
		return append(contextNames(settings["contexts"]), contextNames(settings["checks"])...)
	}
	var names []string
	list, _ := value.([]any)
	for _, item := range list {
		if check := object(item); check != nil {
			item = check["context"]
		}
		if name := text(item); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// filters lists the path filters of the events that a pull request causes.
func (w *Workflow) filters(doc *source.Document) []Filter {
	found := []Filter{}
	for _, event := range []string{"pull_request", "pull_request_target"} {
		settings := object(object(object(doc.Value)["on"])[event])
		for _, key := range []string{"paths", "paths-ignore"} {
			if settings[key] != nil {
				found = append(found, Filter{key, source.Path{"on", event, key}})
			}
		}
	}
	return found
}

// mergeQueue names a workflow of the repository that runs in a merge queue; "" where none does.
func (r *Repository) mergeQueue() string {
	if r.files == nil {
		return ""
	}
	for _, file := range r.files.Paths {
		if path.Dir(file) != ".github/workflows" || !isYAML(file) {
			continue
		}
		if w := r.File(file); w != nil && w.startsOn("merge_group") {
			return file
		}
	}
	return ""
}
