package podsecurity_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/policy"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// TestRulesSayWhatTheEvaluatorSays closes the ring: the rules that claim a control of the standards say something of a pod
// when and only when it is forbidden, and something at the place of each cause but those that are told with another.
func TestRulesSayWhatTheEvaluatorSays(t *testing.T) {
	set, err := policy.Load(t.Context(), policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, r := range set.Rules() {
		if len(r.Frameworks["pss-baseline"])+len(r.Frameworks["pss-restricted"]) > 0 {
			rules = append(rules, r.ID)
		}
	}
	if _, readsDoc := set.For(source.Manifest, rules); readsDoc {
		t.Error("a rule about pods has the whole document converted")
	}
	for seed := range uint64(500) {
		d := dice{rand.New(rand.NewPCG(seed, 2))}
		object := map[string]any{
			"apiVersion": "v1", "kind": "Pod",
			"metadata": map[string]any{"name": "p", "annotations": d.annotations()}, "spec": d.pod(),
		}
		doc := &source.Document{File: &source.File{Path: "pod.yaml"}, Kind: source.Manifest, Value: object}
		in := facts.Of(doc, facts.In(nil))
		said, err := set.Evaluate(t.Context(), in, rules)
		if err != nil {
			t.Fatal(err)
		}
		places := map[string]bool{}
		for _, v := range said {
			places[v.Path.String()] = true
		}
		if forbidden := len(in.Facts.PodSecurity.Violations) > 0; forbidden != (len(said) > 0) {
			t.Fatalf("seed %d: forbidden is %v, and the rules say %v of\n%s", seed, forbidden, said, show(object))
		}
		for _, v := range in.Facts.PodSecurity.Violations {
			toldElsewhere := v.Control == "runAsNonRoot" && v.Missing || strings.EqualFold(v.Value, "ALL")
			if !places[v.Path.String()] && !toldElsewhere {
				t.Fatalf("seed %d: no rule tells of %+v in\n%s", seed, v, show(object))
			}
		}
	}
}
