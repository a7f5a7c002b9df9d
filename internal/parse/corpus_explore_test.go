package parse

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

func kindOf(p string) source.Kind {
	b := filepath.Base(p)
	switch {
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
	bytes, dur, n, nd := map[source.Kind]int{}, map[source.Kind]time.Duration{}, map[source.Kind]int{}, map[source.Kind]int{}
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
		start := time.Now()
		docs, errs := File(f)
		el := time.Since(start)
		dur[k] += el
		bytes[k] += len(data)
		n[k]++
		nd[k] += len(docs)
		for _, e := range errs {
			fmt.Printf("ERR %s %s:%d:%d exact=%v %s\n", k, p, e.Span.Start.Line, e.Span.Start.Column, e.Span.Exact, e.Message)
		}
		return nil
	})
	for k := range n {
		fmt.Printf("SUM %s files %d docs %d bytes %d  %.1f MB/s\n", k, n[k], nd[k], bytes[k], float64(bytes[k])/1e6/dur[k].Seconds())
	}
}
