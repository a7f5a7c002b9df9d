package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure"`
	Skipped *junitSkipped `xml:"skipped"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

// reportJUnit writes a test suite for each file and a test case for each finding. A case fails only if its finding fails
// the gate, so that the readers of JUnit come to the report's own verdict; a suppressed finding is a skipped case.
func reportJUnit(w io.Writer, r *finding.Report) error {
	all := junitSuites{Name: "plimsoll"}
	for _, f := range r.Findings {
		path := Visible(f.Location.Path)
		if n := len(all.Suites); n == 0 || all.Suites[n-1].Name != path {
			all.Suites = append(all.Suites, junitSuite{Name: path})
		}
		suite := &all.Suites[len(all.Suites)-1]
		c := junitCaseOf(r, f)
		suite.Cases = append(suite.Cases, c)
		suite.Tests++
		suite.Failures += b2i(c.Failure != nil)
		suite.Skipped += b2i(c.Skipped != nil)
	}
	if len(all.Suites) == 0 {
		all.Suites = []junitSuite{{Name: "plimsoll", Tests: 1, Cases: []junitCase{{Name: verdictWords(r), Class: "plimsoll"}}}}
	}
	for _, s := range all.Suites {
		all.Tests, all.Failures, all.Skipped = all.Tests+s.Tests, all.Failures+s.Failures, all.Skipped+s.Skipped
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("encode JUnit: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}

func junitCaseOf(r *finding.Report, f *finding.Finding) junitCase {
	c := junitCase{
		Name:  Visible(f.RuleID) + " at " + place(f.Location),
		Class: Visible(f.RuleID),
		File:  Visible(f.Location.Path),
		Line:  f.Location.Span.Start.Line,
	}
	message := sentence(f.Message)
	switch {
	case !f.Active():
		c.Skipped = &junitSkipped{Message: strings.TrimSuffix("hidden "+hiddenBy(f.Suppressed.By)+": "+sentence(f.Suppressed.Reason), ": ")}
		c.Out = message
	case failsGate(r, f):
		c.Failure = &junitFailure{Type: f.Severity.String(), Message: message, Text: annotationText(r, f)}
	default:
		c.Out = f.Severity.String() + ": " + annotationText(r, f)
	}
	return c
}
