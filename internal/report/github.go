package report

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sethvargo/go-githubactions"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// What GitHub's runner takes of a step (actions/runner, ExecutionContext.cs); it drops the rest without a word.
const (
	maxAnnotations    = 10   // of each level
	maxAnnotationText = 4096 // bytes here, characters there
	maxTitle          = 255
)

// newGitHub makes workflow commands: annotations that work without any permission.
func newGitHub(o Options) Reporter {
	return Func(func(w io.Writer, r *finding.Report) error {
		var b bytes.Buffer // the library panics when it cannot write; a buffer always can
		action := githubactions.New(githubactions.WithWriter(&b))
		texts := newTexts(o.Source)
		shown := map[string]int{}
		cut := 0
		for _, f := range finding.Ranked(r.Active()) {
			level := annotationLevel(r, f)
			if shown[level]++; shown[level] > maxAnnotations {
				cut++
				continue
			}
			annotate(action, level, annotationFields(texts, r, f), annotationText(r, f))
		}
		if cut > 0 {
			action.Infof("plimsoll: %s not annotated, as GitHub shows %d errors, %d warnings and %d notices of a step: "+
				"the job summary and the other reports have all of them",
				plural(cut, "more finding"), maxAnnotations, maxAnnotations, maxAnnotations)
		}
		_, err := w.Write(b.Bytes())
		return err
	})
}

// annotationLevel is error for what fails the gate and for all that is high, so that red always means red.
func annotationLevel(r *finding.Report, f *finding.Finding) string {
	switch {
	case failsGate(r, f) || f.Severity == finding.High:
		return "error"
	case f.Severity == finding.Medium:
		return "warning"
	default:
		return "notice"
	}
}

func annotate(action *githubactions.Action, level string, fields map[string]string, text string) {
	action = action.WithFieldsMap(fields)
	switch level {
	case "error":
		action.Errorf("%s", text)
	case "warning":
		action.Warningf("%s", text)
	default:
		action.Noticef("%s", text)
	}
}

// annotationFields places the annotation. The runner drops columns of a span of several lines, and reads endColumn as
// the last column of the span.
func annotationFields(texts *texts, r *finding.Report, f *finding.Finding) map[string]string {
	at := texts.region(f.Location)
	fields := map[string]string{
		"file":    commandPath(f.Location.Path),
		"line":    strconv.Itoa(at.startLine),
		"endLine": strconv.Itoa(at.endLine),
		"title":   clip(Visible(ruleTitle(r, f.RuleID)), maxTitle),
	}
	if at.startColumn > 0 && at.startLine == at.endLine {
		fields["col"] = strconv.Itoa(at.startColumn)
		fields["endColumn"] = strconv.Itoa(max(at.startColumn, at.endColumn-1))
	}
	return fields
}

// commandPath is the path as it is, which the annotation needs to be shown in the file, unless it would do more than name.
func commandPath(path string) string {
	if !utf8.ValidString(path) || strings.ContainsFunc(path, func(r rune) bool { return !finding.Shows(r) }) {
		return Visible(path)
	}
	return path
}

func ruleTitle(r *finding.Report, id string) string {
	if rule := r.Rule(id); rule != nil && rule.Title != "" {
		return rule.Title + " (" + id + ")"
	}
	return id
}

// annotationText is the message and what else helps, a line each.
func annotationText(r *finding.Report, f *finding.Finding) string {
	lines := []string{sentence(f.Message)}
	if !f.Location.Span.Exact && !wholeFile(f.Location) {
		lines[0] += " (near this line)"
	}
	if words := valueWords(f.Origin); words != "" {
		lines = append(lines, "It "+words)
	}
	if words := originWords(f.Origin); words != "" {
		lines = append(lines, "Found "+words)
	}
	for _, n := range f.Related {
		lines = append(lines, fmt.Sprintf("See %s: %s", place(n.Location), sentence(n.Message)))
	}
	if rule := r.Rule(f.RuleID); rule != nil {
		if rule.Remediation != "" {
			lines = append(lines, "Help: "+sentence(rule.Remediation))
		}
		if rule.HelpURL != "" {
			lines = append(lines, Visible(rule.HelpURL))
		}
	}
	return clip(strings.Join(lines, "\n"), maxAnnotationText)
}
