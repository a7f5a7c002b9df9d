package token

import (
	"fmt"
	"strconv"
	"strings"
)

// Reading is the place that an entry rests on: what was read, and what it says.
type Reading struct {
	Of   string `yaml:"of"`   // owner/repo, where a name has moved or is published from another repository; else ""
	At   string `yaml:"at"`   // the commit
	In   string `yaml:"in"`   // the file, from the root of the repository
	Line int    `yaml:"line"` // 1-based
	Says string `yaml:"says"` // what it says or does, in our words
}

// url is where the line can be read.
func (r Reading) url(name string) string {
	repository := r.Of
	if repository == "" {
		parts := strings.SplitN(name, "/", 3)
		repository = parts[0] + "/" + parts[1]
	}
	return "https://github.com/" + repository + "/blob/" + r.At + "/" + r.In + "#L" + strconv.Itoa(r.Line)
}

// loadReadings gives each action what its entry rests on. What was not read is not known.
func (k *Knowledge) loadReadings() error {
	var readings map[string]Reading
	if err := decode("data/readings.yaml", &readings); err != nil {
		return err
	}
	for name, r := range readings {
		e := k.actions[name]
		if e == nil {
			return fmt.Errorf("data/readings.yaml: %s: there is no such entry", name)
		}
		e.Read = r
		if e.Source == "" {
			e.Source = r.url(name)
		}
	}
	for name, e := range k.actions {
		if _, read := readings[name]; read == (e.Basis == BasisUnverified) {
			return fmt.Errorf("data/readings.yaml: %s: an entry has been read, or is unverified", name)
		}
	}
	return nil
}
