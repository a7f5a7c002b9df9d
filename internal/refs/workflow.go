package refs

// workflow finds the actions and reusable workflows that are used. Its images take expressions, which are read elsewhere.
func (c *collector) workflow(doc any) {
	for _, job := range (node{value: doc}).key("jobs").keys() {
		if uses := job.key("uses"); uses.text() != "" {
			r := ParseUses(uses.text())
			if r.Kind == Action {
				r.Kind = Reusable
			}
			c.add(r, "job", uses.path)
		}
		c.steps(job.key("steps"), 0)
	}
}

func (c *collector) action(doc any) {
	c.steps(node{value: doc}.key("runs").key("steps"), 0)
}

// steps finds what steps use, those of steps that run in parallel too.
func (c *collector) steps(steps node, depth int) {
	if depth > 10 {
		return
	}
	for _, step := range steps.items() {
		if uses := step.key("uses"); uses.text() != "" {
			c.add(ParseUses(uses.text()), "step", uses.path)
		}
		parallel := step.key("parallel")
		c.steps(parallel, depth+1)
		c.steps(parallel.key("steps"), depth+1)
	}
}
