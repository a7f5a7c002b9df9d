package render

import (
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/chart"
)

// TestSchemaFaultsAreOrdered holds that a schema says the same each time: the message goes into the fingerprint.
func TestSchemaFaultsAreOrdered(t *testing.T) {
	values := map[string]any{"a": 1, "b": 2, "c": 3, "d": 4, "more": 5, "other": 6}
	for schema, want := range map[string]string{
		`{"properties": {"a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "null"}, "d": {"type": "null"}}, "additionalProperties": false}`: "at '/a'",
		`{"propertyNames": {"maxLength": 0}}`: "at ''",
		`{"$defs": {"x": {"$id": "https://example.com/a"}, "y": {"$id": "https://example.com/a"}, "z": {"$id": "https://example.com/a"}}}`: "an $id stands twice",
		`{"properties": {"a": {"type": "nothing"}, "b": {"type": 7}, "c": 8, "d": []}}`:                                                    "is no valid schema",
	} {
		job := &chartJob{}
		c := &chart.Chart{Metadata: &chart.Metadata{Name: "a"}, Schema: []byte(schema)}
		first := job.checkOne(c, values)
		if first == nil || !strings.Contains(first.message, want) {
			t.Fatalf("%+v, want %q", first, want)
		}
		for range 30 {
			if again := job.checkOne(c, values); again.message != first.message {
				t.Fatalf("two messages:\n%s\n%s", first.message, again.message)
			}
		}
	}
}
