package refs

import "github.com/plimsoll-dev/plimsoll/internal/source"

// workflow finds the actions and reusable workflows that are used. Its images take expressions, which are read elsewhere.
func (c *collector) workflow(doc any) {
	for _, job := range (source.Node{Value: doc}).Key("jobs").Keys() {
		if uses := job.Key("uses"); uses.Text() != "" {
			r := ParseUses(uses.Text())
			if r.Kind == Action {
				r.Kind = Reusable
			}
			c.add(r, "job", uses.Path)
		}
		c.steps(job.Key("steps"), 0)
	}
}

func (c *collector) action(doc any) {
	c.steps(source.Node{Value: doc}.Key("runs").Key("steps"), 0)
}

// steps finds what steps use, those of steps that run in parallel too.
func (c *collector) steps(steps source.Node, depth int) {
	if depth > 10 {
		return
	}
	for _, step := range steps.Items() {
		if uses := step.Key("uses"); uses.Text() != "" {
			c.add(ParseUses(uses.Text()), "step", uses.Path)
		}
		parallel := step.Key("parallel")
		c.steps(parallel, depth+1)
		c.steps(parallel.Key("steps"), depth+1)
	}
}
