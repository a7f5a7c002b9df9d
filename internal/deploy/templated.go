package deploy

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Where a text that is no YAML yet says which chart is deployed. A part of a path may be a placeholder.
var (
	argoPath  = regexp.MustCompile(`\b(?:path|value)["']?\s*:\s*["']?((?:\{\{[^{}\n]*\}\}|[^\s"'{},])+)`)
	fluxChart = regexp.MustCompile(`\bchart["']?\s*:\s*["']?((?:\{\{[^{}\n]*\}\}|[^\s"'{},])*/(?:\{\{[^{}\n]*\}\}|[^\s"'{},])*)`)
)

// mentioned are the roots of the charts that a text says to deploy, sorted.
func (f *finder) mentioned(where *regexp.Regexp, text []byte) []string {
	var found []string
	for _, m := range where.FindAllSubmatch(text, -1) {
		if root := f.chartLike(string(m[1])); root != "" && !slices.Contains(found, root) {
			found = append(found, root)
		}
	}
	slices.Sort(found)
	return found
}

// templated tells of the charts that a template of another chart deploys: with which values is known only once that chart
// is rendered, with the values of its own deployment.
func (f *finder) templated(file *source.File) {
	where := argoPath
	if !bytes.Contains(file.Data, []byte("argoproj.io")) {
		where = fluxChart
	}
	text := source.NewText(file.Data)
	told := map[string]bool{}
	for _, m := range where.FindAllSubmatchIndex(file.Data, -1) {
		root := f.chartLike(string(file.Data[m[2]:m[3]]))
		if root == "" || told[root] || strings.HasPrefix(file.Path, root+"/") {
			continue
		}
		told[root] = true
		f.miss(root, source.Location{Path: file.Path, Span: text.Span(m[2], m[3])},
			fmt.Sprintf("the deployment of %s in %s", root, file.Path),
			"it is a template of a chart, so its values are known only once that is rendered"+nameValues)
	}
}
