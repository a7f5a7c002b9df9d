package kube

import "slices"

// selector is a label selector of an aggregation rule.
type selector struct {
	labels       map[string]string
	requirements []requirement
	broken       bool // the API server refuses it
}

// requirement is one of a selector's matchExpressions.
type requirement struct {
	key, operator string
	values        []string
}

// selectorsOf reads the selectors of a ClusterRole's aggregation rule.
func selectorsOf(role view) []selector {
	var selectors []selector
	for _, item := range role.child("aggregationRule").items("clusterRoleSelectors") {
		s := selector{labels: map[string]string{}}
		for key, value := range item.child("matchLabels").value {
			text, ok := value.(string)
			s.labels[key], s.broken = text, s.broken || !ok
		}
		for _, e := range item.items("matchExpressions") {
			s.requirements = append(s.requirements, requirement{e.text("key"), e.text("operator"), values(e.texts("values"))})
		}
		selectors = append(selectors, s)
	}
	return selectors
}

// selects reports whether the role's aggregation rule takes in a role with such labels: one selector is enough.
func (o Object) selects(labels map[string]string) bool {
	return slices.ContainsFunc(o.selectors, func(s selector) bool { return s.matches(labels) })
}

func (s selector) matches(labels map[string]string) bool {
	if s.broken {
		return false
	}
	for key, want := range s.labels {
		if got, ok := labels[key]; !ok || got != want {
			return false
		}
	}
	return !slices.ContainsFunc(s.requirements, func(r requirement) bool { return !r.met(labels) })
}

func (r requirement) met(labels map[string]string) bool {
	value, there := labels[r.key]
	switch r.operator {
	case "In":
		return there && slices.Contains(r.values, value)
	case "NotIn":
		return !there || !slices.Contains(r.values, value)
	case "Exists":
		return there
	case "DoesNotExist":
		return !there
	}
	return false
}
