package fetch

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/shell"
)

// ChartRepository is the address that a script gives helm to fetch charts from.
type ChartRepository struct {
	Place
	URL string `json:"url"`
}

// plainCharts finds helm repo add name http://…, and the flag --repo of helm install and its kin.
// See https://helm.sh/docs/helm/helm_repo_add/.
func plainCharts(s script) []ChartRepository {
	var found []ChartRepository
	for _, c := range s.commands {
		if c.Name() != "helm" || len(c.Words) < 3 {
			continue
		}
		for i, w := range c.Words {
			url, before := w.Value(), c.Words[max(i-1, 0)].Text
			isFlag := strings.HasPrefix(url, "--repo=")
			if isFlag || before == "--repo" || isRepoAdd(c.Words) {
				if url = strings.TrimPrefix(url, "--repo="); strings.HasPrefix(url, "http://") {
					found = append(found, ChartRepository{s.place(w), url})
				}
			}
		}
	}
	return found
}

func isRepoAdd(words []shell.Word) bool {
	return wordAt(words, 1) == "repo" && wordAt(words, 2) == "add"
}
