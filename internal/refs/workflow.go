package refs

import (
	"fmt"
	"regexp"
	"strings"
)

func (c *collector) workflow(doc any) {
	for _, job := range (node{value: doc}).key("jobs").keys() {
		if uses := job.key("uses"); uses.text() != "" {
			r := ParseUses(uses.text())
			if r.Kind == Action {
				r.Kind = Reusable
			}
			c.add(r, "job", uses.path)
		}
		matrix := job.key("strategy").key("matrix")
		c.container(job.key("container"), "job container", matrix)
		for _, service := range job.key("services").keys() {
			c.container(service, "service container", matrix)
		}
		c.steps(job.key("steps"), 0)
	}
}

func (c *collector) action(doc any) {
	runs := node{value: doc}.key("runs")
	c.steps(runs.key("steps"), 0)
	image := runs.key("image")
	if name, ok := strings.CutPrefix(image.text(), "docker://"); ok {
		r := ParseImage(name)
		r.Raw = image.text()
		c.add(r, "docker action", image.path)
	}
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

// container reads an image given as text or as the image of a map. An empty one runs no container.
func (c *collector) container(at node, context string, matrix node) {
	if _, isMap := at.value.(map[string]any); isMap {
		at = at.key("image")
	}
	text := strings.TrimSpace(at.text())
	if text == "" {
		return
	}
	for _, choice := range expandMatrix(text, matrix) {
		image := choice.text()
		if image == "" {
			continue
		}
		r := ParseImage(strings.TrimPrefix(image, "docker://"))
		path := at.path
		if choice.path != nil {
			path = choice.path
		}
		r.Raw = text
		c.add(r, context, path)
	}
}

var matrixUse = regexp.MustCompile(`\$\{\{\s*matrix\.([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)\s*\}\}`)

// expandMatrix gives the values that a text takes on when the one matrix variable in it is a list of literals, each with
// the path of its literal; or else the text itself, without a path. A job's image may use no context that is known
// without running it but the matrix.
func expandMatrix(text string, matrix node) []node {
	uses := matrixUse.FindAllStringSubmatch(text, -1)
	if len(uses) == 0 {
		return []node{{value: text}}
	}
	for _, use := range uses[1:] {
		if use[1] != uses[0][1] {
			return []node{{value: text}}
		}
	}
	var out []node
	for _, v := range matrixValues(matrix, strings.Split(uses[0][1], ".")) {
		switch v.value.(type) {
		case string, int, float64, bool:
			out = append(out, node{matrixUse.ReplaceAllLiteralString(text, fmt.Sprint(v.value)), v.path})
		case map[string]any:
			if image := v.key("image"); image.text() != "" { // container: ${{ matrix.container }} with maps
				out = append(out, image)
			}
		}
	}
	if len(out) == 0 {
		return []node{{value: text}}
	}
	return out
}

// matrixValues gives the values of a matrix variable: those of its own list, and those of the included combinations.
func matrixValues(matrix node, name []string) []node {
	candidates := matrix.key(name[0]).items()
	for _, combination := range matrix.key("include").items() {
		candidates = append(candidates, combination.key(name[0]))
	}
	var out []node
	for _, v := range candidates {
		for _, step := range name[1:] {
			v = v.key(step)
		}
		if v.value != nil {
			out = append(out, v)
		}
	}
	return out
}
