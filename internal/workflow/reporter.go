package workflow

import (
	"path"
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Reporter is a job whose result GitHub shows as a check.
type Reporter struct {
	File    string      `json:"file"`
	Job     string      `json:"job"`
	Path    source.Path `json:"path"`    // of the job in that file
	Filters []Filter    `json:"filters"` // that keep its workflow from running for some pull requests
	// PullRequest and MergeGroup: the workflow runs for pull requests, and in a merge queue.
	PullRequest bool `json:"pullRequest"`
	MergeGroup  bool `json:"mergeGroup"`
}

// Reporters lists the jobs of the repository's workflows that a check of that name can be the result of.
func (r *Repository) Reporters(check string) []Reporter {
	found := []Reporter{}
	if r.files == nil {
		return found
	}
	for _, file := range r.files.Paths {
		if path.Dir(file) != ".github/workflows" || !isYAML(file) {
			continue
		}
		w := r.File(file)
		if w == nil {
			continue
		}
		for i := range w.Jobs {
			if job := &w.Jobs[i]; job.canReport(check) {
				found = append(found, Reporter{
					File: file, Job: job.ID, Path: job.Path, Filters: w.filters(w.doc),
					PullRequest: w.startsOn("pull_request") || w.startsOn("pull_request_target"), MergeGroup: w.startsOn("merge_group"),
				})
			}
		}
	}
	return found
}

var braced = regexp.MustCompile(`\$\{\{.*?\}\}`)

// canReport reports whether a job's check may have that name. An expression in the job's name may be anything; behind it
// stand the values of a matrix, or the job of the workflow that it calls.
func (j *Job) canReport(check string) bool {
	name := text(object(j.value)["name"])
	if name == "" {
		name = j.ID
	}
	var pattern strings.Builder
	for i, part := range braced.Split(name, -1) {
		if i > 0 {
			pattern.WriteString(`.*`)
		}
		pattern.WriteString(regexp.QuoteMeta(part))
	}
	matched, err := regexp.MatchString(`^(?s:`+pattern.String()+`)(?: \(.*\)| / .*)?$`, check)
	return err == nil && matched
}
