package terraform

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Objects are the Kubernetes objects that the resources of Terraform files make: those of the provider's own resource types, as the
// API would see them, and those that kubernetes_manifest and kubectl_manifest hold. What an expression gives is not known: it stays
// the text "${…}", whatever the API takes there. Their places are those of the blocks and arguments. Files of one folder are a
// module, and should be given together. What is written out as YAML and is none is a fault.
func Objects(docs []*source.Document) ([]*source.Document, []Fault) {
	names := map[string]string{}
	for _, doc := range docs {
		if doc.Kind == source.Terraform {
			nameResources(doc, names)
		}
	}
	var objects []*source.Document
	var faults []Fault
	for _, doc := range docs {
		if doc.Kind == source.Terraform {
			of, wrong := objectsOf(doc, names)
			objects, faults = append(objects, of...), append(faults, wrong...)
		}
	}
	return objects, faults
}

// Fault is a manifest within a file that cannot be read.
type Fault struct {
	File  *source.File
	Error *source.SyntaxError // placed in the file
}

// kinds are the resource types of the provider, without their prefix and version, that make objects which are judged. See
// https://github.com/hashicorp/terraform-provider-kubernetes/tree/main/docs/resources.
var kinds = map[string]schema.GroupVersionKind{
	"pod":                    {Version: "v1", Kind: "Pod"},
	"replication_controller": {Version: "v1", Kind: "ReplicationController"},
	"namespace":              {Version: "v1", Kind: "Namespace"},
	"service_account":        {Version: "v1", Kind: "ServiceAccount"},
	"config_map":             {Version: "v1", Kind: "ConfigMap"},
	"deployment":             {Group: "apps", Version: "v1", Kind: "Deployment"},
	"daemonset":              {Group: "apps", Version: "v1", Kind: "DaemonSet"},
	"daemon_set":             {Group: "apps", Version: "v1", Kind: "DaemonSet"},
	"stateful_set":           {Group: "apps", Version: "v1", Kind: "StatefulSet"},
	"job":                    {Group: "batch", Version: "v1", Kind: "Job"},
	"cron_job":               {Group: "batch", Version: "v1", Kind: "CronJob"},
	"network_policy":         {Group: "networking.k8s.io", Version: "v1", Kind: "NetworkPolicy"},
	"role":                   {Group: "rbac.authorization.k8s.io", Version: "v1", Kind: "Role"},
	"cluster_role":           {Group: "rbac.authorization.k8s.io", Version: "v1", Kind: "ClusterRole"},
	"role_binding":           {Group: "rbac.authorization.k8s.io", Version: "v1", Kind: "RoleBinding"},
	"cluster_role_binding":   {Group: "rbac.authorization.k8s.io", Version: "v1", Kind: "ClusterRoleBinding"},
}

var resourceVersion = regexp.MustCompile(`_v[0-9]+((alpha|beta)[0-9]+)?$`)

// kindOf is the kind of object that a resource type makes; false for others.
func kindOf(resource string) (schema.GroupVersionKind, bool) {
	name, ours := strings.CutPrefix(resource, "kubernetes_")
	gvk, known := kinds[resourceVersion.ReplaceAllString(name, "")]
	return gvk, ours && known
}

// nameResources notes by which name other resources find the object of each resource: kubernetes_role.reader.metadata.name.
func nameResources(doc *source.Document, names map[string]string) {
	for _, b := range blocks(source.Node{Value: doc.Value}, "resource", "kubernetes_") {
		for _, metadata := range bodies(b.Key("metadata")) {
			for _, key := range []string{"name", "namespace"} {
				if text := metadata.Key(key).Text(); text != "" {
					names[b.kind+"."+b.name+".metadata."+key] = text
				}
			}
		}
	}
}

func objectsOf(doc *source.Document, names map[string]string) (objects []*source.Document, faults []Fault) {
	for _, b := range blocks(source.Node{Value: doc.Value}, "resource", "") {
		switch gvk, known := kindOf(b.kind); {
		case known:
			objects = append(objects, objectOf(doc, b, gvk, names)...)
		case b.kind == "kubernetes_manifest":
			objects = append(objects, manifestOf(doc, b.Key("manifest"))...)
		case b.kind == "kubectl_manifest":
			inner, wrong := embedded(doc, b.Key("yaml_body"))
			objects, faults = append(objects, inner...), append(faults, wrong...)
		}
	}
	return objects, faults
}

func objectOf(doc *source.Document, b block, gvk schema.GroupVersionKind, names map[string]string) []*source.Document {
	typed, err := scheme.Scheme.New(gvk)
	if err != nil {
		return nil
	}
	c := &converter{names: names}
	root := &origin{path: b.Path}
	value, ok := c.object(b.Node, reflect.TypeOf(typed).Elem(), root).(map[string]any)
	if !ok {
		return nil
	}
	value["apiVersion"], value["kind"] = gvk.GroupVersion().String(), gvk.Kind
	return parse.Objects(source.NewDocument(doc.File, source.Manifest, value, converted{doc, root}))
}

// manifestOf is the object of a kubernetes_manifest, which is written as the API has it, but for numbers in quotes: the provider
// converts them.
func manifestOf(doc *source.Document, manifest source.Node) []*source.Document {
	value, ok := manifest.Value.(map[string]any)
	if !ok {
		return nil
	}
	root := &origin{path: manifest.Path}
	gvk := schema.FromAPIVersionAndKind(manifest.Key("apiVersion").Text(), manifest.Key("kind").Text())
	if typed, err := scheme.Scheme.New(gvk); err == nil {
		c := &converter{asWritten: true}
		value, _ = c.object(manifest, reflect.TypeOf(typed).Elem(), root).(map[string]any)
	}
	return parse.Objects(source.NewDocument(doc.File, source.Manifest, value, converted{doc, root}))
}

// embedded are the objects of a YAML text. One that expressions take part in may be YAML once they are worked out.
func embedded(doc *source.Document, body source.Node) (objects []*source.Document, faults []Fault) {
	found, wrong := parse.Embedded(doc, body.Path, source.Manifest)
	if len(wrong) > 0 {
		if text := body.Text(); strings.Contains(text, "${") || strings.Contains(text, "%{") {
			return nil, nil
		}
		for _, err := range wrong {
			faults = append(faults, Fault{doc.File, err})
		}
	}
	for _, inner := range found {
		objects = append(objects, parse.Objects(inner)...)
	}
	return objects, faults
}

// origin is where in the Terraform document a value of the object comes from.
type origin struct {
	path   source.Path
	fields map[string]*origin
	items  []*origin
}

// child is the origin of what is under a key or index; nil where none was converted.
func (o *origin) child(step any) *origin {
	switch s := step.(type) {
	case string:
		return o.fields[s]
	case int:
		if s < len(o.items) {
			return o.items[s]
		}
	}
	return nil
}

// converted tells the places of an object that was made of Terraform's blocks.
type converted struct {
	doc  *source.Document
	root *origin
}

// Locate implements source.Locator.
func (c converted) Locate(path source.Path, text string) source.Trace {
	at := c.root
	for i, step := range path {
		next := at.child(step)
		if next == nil {
			return c.doc.Locate(at.path.Append(path[i:]...), text)
		}
		at = next
	}
	return c.doc.Locate(at.path, text)
}

// fieldOf finds the field of the API that an argument or block is called after: image_pull_secrets, and in the singular
// where a block stands for an item of a list, init_container.
func fieldOf(name string, fields map[string]reflect.Type) (string, bool) {
	plain := strings.ReplaceAll(name, "_", "")
	for _, word := range []string{plain, plain + "s"} {
		for _, field := range slices.Sorted(maps.Keys(fields)) {
			if strings.EqualFold(field, word) {
				return field, true
			}
		}
	}
	return "", false
}
