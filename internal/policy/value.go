package policy

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
)

// values makes Rego's values of Go's: those that a policy author sees printed as JSON, but without printing and reading
// that, which costs more than most rules. It knows of `json` tags what facts use: a name, `omitempty` and "-". It is safe
// for concurrent use.
type values struct {
	fields  sync.Map // those of a struct: reflect.Type to []field
	printed sync.Map // whether encoding/json alone knows how: reflect.Type to bool
}

// field is a field of a struct that JSON shows.
type field struct {
	name      *ast.Term
	index     []int
	omitEmpty bool
}

// maxDepth is how deep values may lie in each other, as encoding/json has it when it reads.
const maxDepth = 10000

var errDepth = errors.New("values lie too deep in each other, or in themselves")

// of gives the value of v, which encoding/json must be able to print.
func (c *values) of(v any) (ast.Value, error) { return c.value(reflect.ValueOf(v), 0) }

func (c *values) value(v reflect.Value, depth int) (ast.Value, error) {
	switch {
	case depth > maxDepth:
		return nil, errDepth
	case !v.IsValid():
		return ast.NullValue, nil
	case c.isPrinted(v.Type()):
		return throughJSON(v.Interface())
	}
	switch v.Kind() {
	case reflect.String:
		return ast.InternedValue(readable(v.String())), nil
	case reflect.Bool:
		return ast.InternedValue(v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return ast.InternedValue(v.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return ast.Number(strconv.FormatUint(v.Uint(), 10)), nil
	case reflect.Float32, reflect.Float64:
		return throughJSON(v.Interface()) // its digits, and no NaN
	case reflect.Interface, reflect.Pointer:
		return c.value(v.Elem(), depth+1)
	case reflect.Slice, reflect.Array:
		return c.array(v, depth)
	case reflect.Map:
		return c.object(v, depth)
	case reflect.Struct:
		return c.structure(v, depth)
	}
	return nil, fmt.Errorf("JSON has no %s", v.Type())
}

func (c *values) array(v reflect.Value, depth int) (ast.Value, error) {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return ast.NullValue, nil
	}
	terms := make([]*ast.Term, v.Len())
	for i := range terms {
		value, err := c.value(v.Index(i), depth+1)
		if err != nil {
			return nil, err
		}
		terms[i] = ast.NewTerm(value)
	}
	return ast.NewArray(terms...), nil
}

func (c *values) object(v reflect.Value, depth int) (ast.Value, error) {
	if v.IsNil() {
		return ast.NullValue, nil
	}
	terms := make([][2]*ast.Term, 0, v.Len())
	for entries := v.MapRange(); entries.Next(); {
		value, err := c.value(entries.Value(), depth+1)
		if err != nil {
			return nil, err
		}
		terms = append(terms, [2]*ast.Term{ast.InternedTerm(readable(entries.Key().String())), ast.NewTerm(value)})
	}
	return ast.NewObject(terms...), nil
}

func (c *values) structure(v reflect.Value, depth int) (ast.Value, error) {
	fields := c.fieldsOf(v.Type())
	terms := make([][2]*ast.Term, 0, len(fields))
	for _, f := range fields {
		inner, err := v.FieldByIndexErr(f.index)
		if err != nil || f.omitEmpty && isEmpty(inner) {
			continue // an error is an embedded pointer that is nil
		}
		value, err := c.value(inner, depth+1)
		if err != nil {
			return nil, err
		}
		terms = append(terms, [2]*ast.Term{f.name, ast.NewTerm(value)})
	}
	return ast.NewObject(terms...), nil
}

// isEmpty is what `omitempty` leaves out.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// fieldsOf lists the fields of a struct that JSON shows, those of embedded structs among them.
func (c *values) fieldsOf(t reflect.Type) []field {
	if known, ok := c.fields.Load(t); ok {
		return known.([]field)
	}
	var found []field
	for _, f := range reflect.VisibleFields(t) {
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		if !f.IsExported() || tag == "-" || f.Anonymous && name == "" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		found = append(found, field{name: ast.StringTerm(name), index: f.Index, omitEmpty: options == "omitempty"})
	}
	c.fields.Store(t, found)
	return found
}

// isPrinted reports whether values of a type are not what their kind says: they print themselves, or JSON has a form of its
// own for them.
func (c *values) isPrinted(t reflect.Type) bool {
	if t.Kind() != reflect.Map && t.Kind() != reflect.Slice && t.NumMethod() == 0 || t.Kind() == reflect.Interface {
		return false
	}
	if known, ok := c.printed.Load(t); ok {
		return known.(bool)
	}
	printed := printsItself(t) || t == reflect.TypeFor[json.Number]() ||
		t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 ||
		t.Kind() == reflect.Map && (t.Key().Kind() != reflect.String || printsItself(t.Key()))
	c.printed.Store(t, printed)
	return printed
}

func printsItself(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[json.Marshaler]()) || t.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// throughJSON prints a value and reads it.
func throughJSON(v any) (ast.Value, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return ast.ValueFromReader(bytes.NewReader(text))
}

// readable is a text as JSON holds it: each byte that is not UTF-8 is a replacement character.
func readable(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return string([]rune(text))
}
