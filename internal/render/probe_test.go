package render_test

import (
	"context"
	"fmt"
	"github.com/plimsoll-dev/plimsoll/internal/render"
	"os"
	"path/filepath"
	"sort"
	"testing"
	"time"
)

func TestProbe(t *testing.T) {
	repos, _ := filepath.Glob("/work/corpus/*/*")
	counts := map[string]int{}
	for _, repo := range repos {
		if f := os.Getenv("ONLY"); f != "" && filepath.Base(repo) != f {
			continue
		}
		plan := render.NewPlan(filesOf(t, repo))
		if len(plan.Units) == 0 {
			continue
		}
		r, err := render.New(render.Options{Root: repo})
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range plan.Units {
			st := time.Now()
			res := r.Render(context.Background(), u)
			el := time.Since(st)
			counts[u.Renderer]++
			if len(res.Problems) > 0 {
				counts[u.Renderer+" with problems"]++
			}
			if len(res.Documents) == 0 {
				counts[u.Renderer+" no docs"]++
				if len(res.Problems) == 0 {
					fmt.Println("EMPTY", repo, u.Root)
				}
			}
			counts[u.Renderer+" docs"] += len(res.Documents)
			fmt.Printf("UNIT %s %s %s variants=%d docs=%d problems=%d %.0fms\n", filepath.Base(repo), u.Renderer, u.Root, len(u.Variants), len(res.Documents), len(res.Problems), float64(el.Microseconds())/1000)
			for _, p := range res.Problems {
				counts[u.Renderer+" "+p.Rule]++
				fmt.Printf("  %s %s:%d %v | %s | %s\n", p.Rule, p.Location.Path, p.Location.Span.Start.Line, p.Location.Span.Exact, p.What, p.Message)
			}
		}
		r.Close()
	}
	var ks []string
	for k := range counts {
		ks = append(ks, k)
	}
	sort.Strings(ks)
	for _, k := range ks {
		fmt.Println(k, counts[k])
	}
}
