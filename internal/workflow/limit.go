package workflow

import (
	"fmt"

	"github.com/plimsoll-dev/plimsoll/internal/shell"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Limit is a place behind which text was not followed any further, because a bound was met. What comes after is not
// known to be harmless.
type Limit struct {
	Path    source.Path `json:"path"` // of the step, else of the job, in the document that is judged
	Message string      `json:"msg"`
}

// stopped notes that a bound was met on the way to where the scope's run started, once for each place.
func (s scope) stopped(why string) {
	root := s.root()
	path := root.job.Path
	if root.step.Path != nil {
		path = root.step.Path
	}
	key := path.String() + "|" + why
	if !s.tracer.met[key] {
		s.tracer.met[key] = true
		s.tracer.limits = append(s.tracer.limits, Limit{Path: path, Message: fmt.Sprintf("text from outside was not followed to its end here: %s", why)})
	}
}

// The bounds, as a finding names them.
var (
	tooDeep  = fmt.Sprintf("more than %d definitions stand behind each other", maxFollowed)
	tooMany  = fmt.Sprintf("more than %d definitions, or %d uses of them, are to be followed", maxTraced, maxLookups)
	tooMixed = fmt.Sprintf("more than %d texts meet in one", maxOrigins)
	tooLong  = fmt.Sprintf("the script is longer than %d KiB, or has more statements or values than are followed", shell.MaxScript>>10)
)
