package render

import (
	"fmt"
	"regexp"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

var (
	// The library names a generator by its address in memory, which is another one each time.
	generatorAddress = regexp.MustCompile(`(?:merging from|adding origin annotations for) generator &\{[^{}]*\}: `)
	// What it says of a generated object that is not there, or there already.
	unmerged = regexp.MustCompile(`id resid\.ResId\{.*?Kind:"([^"]*)".*?Name:"([^"]*)".*?\} (does not exist|exists);.*`)
	// How that reads in plain words.
	generates = regexp.MustCompile(`a generator (?:changes|makes) (\w+)/(\S+), which`)
)

// plainMergeError says what is wrong with a generated object in plain words.
func plainMergeError(said string) string {
	said = generatorAddress.ReplaceAllString(said, "")
	m := unmerged.FindStringSubmatch(said)
	switch {
	case m == nil:
		return said
	case m[3] == "exists":
		return fmt.Sprintf("a generator makes %s/%s, which is among the resources already: its behavior must be merge or replace", m[1], m[2])
	default:
		return fmt.Sprintf("a generator changes %s/%s, which is not among the resources", m[1], m[2])
	}
}

// generatorAt finds the entry of the generator that an error speaks of.
func generatorAt(k *kustomization, said string) (source.Path, bool) {
	m := generates.FindStringSubmatch(said)
	if m == nil {
		return nil, false
	}
	for kind, name := range map[string]string{"ConfigMap": "configMapGenerator", "Secret": "secretGenerator"} {
		list, _ := k.value[name].([]any)
		for i, item := range list {
			if entry, _ := item.(map[string]any); kind == m[1] && wordOf(entry["name"]) == m[2] {
				return source.Path{name, i}, true
			}
		}
	}
	return nil, false
}
