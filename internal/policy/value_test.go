package policy

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/internal/facts"
	"github.com/plimsoll-dev/plimsoll/internal/finding"
)

// agrees holds that a value is made into the one that its JSON reads as.
func agrees(t *testing.T, c *values, v any) {
	t.Helper()
	want, err := throughJSON(v)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.of(v)
	if err != nil {
		t.Fatal(err)
	}
	if got.Compare(want) != 0 {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestValuesOfFacts goes through the facts of the fixtures' documents.
func TestValuesOfFacts(t *testing.T) {
	var c values
	for _, doc := range documents(t) {
		agrees(t, &c, facts.Of(doc, facts.In(nil)))
	}
}

// TestValuesOfAnyInput fills every field that the input has, however deep, with what a field of its type can hold.
func TestValuesOfAnyInput(t *testing.T) {
	var c values
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var in facts.Input
		fill(random, reflect.ValueOf(&in).Elem(), 0)
		agrees(t, &c, &in)
		if t.Failed() {
			return
		}
	}
}

func TestValues(t *testing.T) {
	type inner struct {
		A int `json:"a,omitempty"`
		B *int
		c int
	}
	type outer struct {
		inner
		*strings.Reader

		Skipped  string             `json:"-"`
		Severity finding.Severity   `json:"severity"`
		Bytes    []byte             `json:"bytes"`
		Text     json.RawMessage    `json:"text"`
		Keys     map[int]string     `json:"keys"`
		Named    map[string]float64 `json:"named"`
		Number   json.Number        `json:"number"`
		At       *time.Time         `json:"at,omitempty"`
	}
	var c values
	for _, v := range []any{
		nil, "", "a<b>&\u2028", "no \xff\xfe UTF-8", 7, int64(math.MaxInt64), uint64(math.MaxUint64), 1e21, -0.5, true, []int(nil),
		[]int{},
		map[string]int(nil),
		map[string]any{"\xff": []any{nil, 1, "x"}},
		[2]string{"a"},
		finding.High, time.Unix(0, 0).UTC(), &outer{},
		outer{inner: inner{A: 1, c: 2}, Skipped: "s", Bytes: []byte("x"), Text: json.RawMessage(`{"a":1}`), Keys: map[int]string{1: "a"}, Number: "12", At: &time.Time{}},
	} {
		agrees(t, &c, v)
	}
	type circle struct{ Next *circle }
	round := &circle{}
	round.Next = round
	for _, v := range []any{math.NaN(), math.Inf(1), func() {}, map[string]any{"a": []any{math.NaN()}}, round, json.Number("x")} {
		if got, err := c.of(v); err == nil {
			t.Errorf("%T is taken for %s", v, got)
		}
	}
}

var texts = []string{"", "a", "two words", "<&>", "\xffé", "a.b/c@v1"}

// fill sets a value at random; what is deeper than facts are stays as it is.
func fill(random *rand.Rand, v reflect.Value, depth int) {
	if depth > 12 || random.IntN(6) == 0 {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(texts[random.IntN(len(texts))])
	case reflect.Bool:
		v.SetBool(random.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(random.Int64N(5))
	case reflect.Float64, reflect.Float32:
		v.SetFloat(random.Float64())
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(random, v.Elem(), depth+1)
	case reflect.Interface:
		if v.NumMethod() == 0 {
			v.Set(reflect.ValueOf([]any{nil, 1, "x", map[string]any{"k": []any{1.5, time.Unix(9, 9).UTC()}}}))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), random.IntN(3), 3))
		for i := range v.Len() {
			fill(random, v.Index(i), depth+1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range random.IntN(3) {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(random, key, depth)
			fill(random, value, depth+1)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(random, v.Field(i), depth+1)
			}
		}
	}
}

// BenchmarkValues makes the input of the fixtures' documents, and for comparison as JSON is printed and read.
func BenchmarkValues(b *testing.B) {
	var inputs []*facts.Input
	for _, doc := range documents(b) {
		inputs = append(inputs, facts.Of(doc, facts.In(nil)))
	}
	var c values
	for name, of := range map[string]func(any) (ast.Value, error){"direct": c.of, "json": throughJSON} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, in := range inputs {
					if _, err := of(in); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
