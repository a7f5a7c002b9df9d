package workflow

import "github.com/plimsoll-dev/plimsoll/internal/source"

// Switch is a variable by which a workflow changes how the runner itself behaves.
type Switch struct {
	Path  source.Path `json:"path"`  // of its value
	Name  string      `json:"name"`  // ACTIONS_STEP_DEBUG, …
	Value string      `json:"value"` // as written
	Of    string      `json:"of"`    // whose env it is in: "workflow", "job" or "step"
	Job   string      `json:"job"`   // ID of the job, "" for none
}

// switchNames are the variables of the runner's own, sorted.
var switchNames = []string{"ACTIONS_ALLOW_UNSECURE_COMMANDS", "ACTIONS_RUNNER_DEBUG", "ACTIONS_STEP_DEBUG", "RUNNER_DEBUG"}

// switches lists the runner's variables that are set, from the outside in.
func (w *Workflow) switches() []Switch {
	found := []Switch{}
	add := func(env Env, path source.Path, of, job string) {
		for _, name := range switchNames {
			if value, set := env[name]; set {
				found = append(found, Switch{path.Append("env", name), name, text(value), of, job})
			}
		}
	}
	add(w.Env, source.Path{}, "workflow", "")
	for i := range w.Jobs {
		job := &w.Jobs[i]
		add(job.Env, job.Path, "job", job.ID)
		for j := range job.Steps {
			add(job.Steps[j].Env, job.Steps[j].Path, "step", job.ID)
		}
	}
	return found
}
