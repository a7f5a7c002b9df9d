package facts

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/workflow"
)

// credentialsOf lists the credentials that are written out in a Kubernetes object, in the base64 of a Secret or ConfigMap too. A
// chart may make a new key whenever it is rendered, so keys in what it renders to are none that somebody wrote.
func credentialsOf(doc *source.Document) []workflow.Credential {
	object, _ := doc.Value.(map[string]any)
	if object["kind"] == "CustomResourceDefinition" {
		return nil
	}
	found := workflow.Credentials(doc.Value)
	switch {
	case object["apiVersion"] != "v1":
	case object["kind"] == "Secret":
		found = append(found, encodedCredentials(object, "data")...)
	case object["kind"] == "ConfigMap":
		found = append(found, encodedCredentials(object, "binaryData")...)
	}
	if doc.Origin != nil && doc.Origin.Renderer == "helm" {
		found = slices.DeleteFunc(found, func(c workflow.Credential) bool { return c.Kind == "private key" })
	}
	return found
}

// encodedCredentials are those in the base64 texts of a map; each is found at its whole text.
func encodedCredentials(object map[string]any, field string) []workflow.Credential {
	var found []workflow.Credential
	data, _ := object[field].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(data)) {
		text, _ := data[key].(string)
		plain, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil {
			continue // the API server refuses it
		}
		for _, c := range workflow.Credentials(string(plain)) {
			found = append(found, workflow.Credential{Path: source.Path{field, key}, Kind: c.Kind})
		}
	}
	return found
}
