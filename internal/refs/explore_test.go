package refs_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/refs"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func kindOf(p string) source.Kind {
	b := filepath.Base(p)
	switch {
	case strings.HasSuffix(b, ".go") || strings.HasSuffix(b, ".sh") || strings.HasSuffix(b, ".txt"):
		return ""
	case strings.Contains(p, ".github/workflows/") && (strings.HasSuffix(b, ".yml") || strings.HasSuffix(b, ".yaml")):
		return source.Workflow
	case b == "action.yml" || b == "action.yaml":
		return source.Action
	case strings.Contains(b, "ockerfile") || strings.Contains(b, "Containerfile"):
		return source.Dockerfile
	case b == "Chart.yaml":
		return source.Chart
	case b == "kustomization.yaml" || b == "kustomization.yml":
		return source.Kustomization
	case strings.HasSuffix(b, ".tf") || strings.HasSuffix(b, ".tf.json"):
		return source.Terraform
	case regexp.MustCompile(`(?i)compose.*\.ya?ml$`).MatchString(b):
		return source.Compose
	case strings.HasSuffix(b, ".yml") || strings.HasSuffix(b, ".yaml"):
		return source.Manifest
	}
	return ""
}

func TestExploreCorpus(t *testing.T) {
	out, _ := os.Create("/tmp/refs.tsv")
	defer out.Close()
	counts := map[string]int{}
	filepath.WalkDir("/work/corpus", func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil
		}
		k := kindOf(p)
		if k == "" || (k == source.Manifest && strings.Contains(p, "/templates/")) {
			return nil
		}
		data, _ := os.ReadFile(p)
		f := &source.File{Path: p, Kind: k, Data: data}
		docs, _ := parse.File(f)
		for _, d := range docs {
			for _, r := range refs.Extract(d) {
				counts[fmt.Sprintf("%-14s %-9s %s", k, r.Kind, r.Pin)]++
				tr := d.Locate(r.Path, "")
				got := string(data[tr.Span.Start.Offset:tr.Span.End.Offset])
				fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%q\t%s\t%s\t%s\t%s\t%q\t%s:%d\n", k, r.Kind, r.Pin, r.Context, r.Raw, r.Name, r.Version, r.Digest, r.Note, got, p, tr.Span.Start.Line)
				v, _ := r.Path.Get(d.Value)
				if _, ok := v.(map[string]any); ok || v == nil {
					fmt.Println("BADPATH", p, r.Path)
				}
			}
		}
		return nil
	})
	var keys []string
	for k := range counts {
		keys = append(keys, k)
	}
	for _, k := range sortedStrings(keys) {
		fmt.Printf("%s %d\n", k, counts[k])
	}
}

func sortedStrings(s []string) []string {
	for i := range s {
		for j := i; j > 0 && s[j] < s[j-1]; j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
	return s
}
