package terraform

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/plimsoll-dev/plimsoll/internal/kube"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// converter makes values of the API of Terraform's blocks, guided by the API's types: a block is an object, or an item of a list;
// a number may stand in quotes.
type converter struct {
	names     map[string]string // of the objects that other resources make
	asWritten bool              // keys are the API's own, and those that it doesn't have stay
}

// unknown stands in the place of what cannot be known without running Terraform.
const unknown = "${dynamic}"

// value converts a node to what a type takes, and notes in at where it comes from.
func (c *converter) value(n source.Node, t reflect.Type, at *origin) any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	at.path = n.Path
	switch t.Kind() {
	case reflect.Struct:
		return c.structure(n, t, at)
	case reflect.Slice:
		return c.list(n, t.Elem(), at)
	case reflect.Map:
		if blocks := n.Items(); len(blocks) == 1 { // older releases of the provider wrote a block
			n, at.path = blocks[0], blocks[0].Path
		}
		return n.Value
	default:
		return c.scalar(n.Value, t.Kind())
	}
}

func (c *converter) structure(n source.Node, t reflect.Type, at *origin) any {
	if blocks := n.Items(); len(blocks) > 0 {
		n = blocks[0]
	}
	if _, isMap := n.Value.(map[string]any); !isMap {
		return n.Value // a quantity, a number or name, an expression
	}
	return c.object(n, t, at)
}

// security are the parts of a security context that mean something as a whole only.
var security = map[reflect.Type]bool{
	reflect.TypeFor[corev1.SeccompProfile]():  true,
	reflect.TypeFor[corev1.AppArmorProfile](): true,
	reflect.TypeFor[corev1.SELinuxOptions]():  true,
	reflect.TypeFor[corev1.Capabilities]():    true,
	reflect.TypeFor[corev1.Sysctl]():          true,
}

// object converts the body of a block. What the API doesn't have, such as timeouts, is the provider's own and left out.
func (c *converter) object(n source.Node, t reflect.Type, at *origin) any {
	at.path, at.fields = n.Path, map[string]*origin{}
	fields, out := kube.FieldsOf(t), map[string]any{}
	for _, child := range n.Keys() {
		field, known := c.field(last(child), fields)
		if c.asWritten && !known {
			out[last(child)] = child.Value
		}
		if !known || child.Value == nil {
			continue
		}
		if security[t] && mentionsExpression(child.Value) {
			return unknown
		}
		inner := &origin{}
		out[field], at.fields[field] = c.value(child, fields[field], inner), inner
	}
	if c.asWritten {
		return out
	}
	for _, child := range n.Key("dynamic").Keys() {
		if field, known := fieldOf(last(child), fields); known {
			c.dynamic(child, field, fields[field], out, at)
		}
	}
	if _, said := out["automountServiceAccountToken"]; t == reflect.TypeFor[corev1.PodSpec]() && !said {
		out["automountServiceAccountToken"] = true // the provider's default, which it states
		at.fields["automountServiceAccountToken"] = &origin{path: n.Path}
	}
	return out
}

func (c *converter) field(name string, fields map[string]reflect.Type) (string, bool) {
	if c.asWritten {
		_, known := fields[name]
		return name, known
	}
	return fieldOf(name, fields)
}

// dynamic adds what dynamic blocks make: an item of a list, whose number doesn't matter; whether another block is there, is not
// known.
func (c *converter) dynamic(n source.Node, field string, t reflect.Type, out map[string]any, at *origin) {
	if t.Kind() != reflect.Slice {
		out[field] = unknown
		return
	}
	list, _ := out[field].([]any)
	holder := at.fields[field]
	if holder == nil {
		holder = &origin{path: n.Path}
		at.fields[field] = holder
	}
	for _, block := range n.Items() {
		for _, content := range block.Key("content").Items() {
			inner := &origin{}
			list, holder.items = append(list, c.value(content, t.Elem(), inner)), append(holder.items, inner)
		}
	}
	out[field] = list
}

func (c *converter) list(n source.Node, t reflect.Type, at *origin) any {
	items, isList := n.Value.([]any)
	if !isList {
		return n.Value
	}
	list := make([]any, len(items))
	at.items = make([]*origin, len(items))
	for i, item := range n.Items() {
		at.items[i] = &origin{}
		list[i] = c.value(item, t, at.items[i])
	}
	return list
}

// otherName is an expression for the name of another resource's object.
var otherName = regexp.MustCompile(`^\$\{(kubernetes_\w+\.[\w-]+)\.metadata(?:\[0\]|\.0)\.(name|namespace)\}$`)

// scalar converts as Terraform does, which takes "1000" for a number and "true" for a truth value.
func (c *converter) scalar(v any, want reflect.Kind) any {
	text, isText := v.(string)
	switch {
	case want == reflect.String && isText:
		if m := otherName.FindStringSubmatch(text); m != nil && c.names[m[1]+".metadata."+m[2]] != "" {
			return c.names[m[1]+".metadata."+m[2]]
		}
	case want == reflect.String && v != nil:
		switch v.(type) {
		case bool, int, float64:
			return fmt.Sprint(v)
		}
	case want == reflect.Bool && (text == "true" || text == "false"):
		return text == "true"
	case isText && want >= reflect.Int && want <= reflect.Int64:
		if number, err := strconv.Atoi(text); err == nil {
			return number
		}
	}
	return v
}

// mentionsExpression reports whether a value depends on anything that only Terraform knows.
func mentionsExpression(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, "${")
	case []any:
		return slices.ContainsFunc(v, mentionsExpression)
	}
	return false
}
