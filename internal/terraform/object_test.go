package terraform_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/internal/kube"
	"github.com/plimsoll-dev/plimsoll/internal/parse"
	"github.com/plimsoll-dev/plimsoll/internal/source"
	"github.com/plimsoll-dev/plimsoll/internal/terraform"
)

// objectCases are Terraform and the objects that it makes, one after the other.
var objectCases = map[string]struct{ text, want string }{
	"blocks and lists": {
		`resource "kubernetes_pod_v1" "a" {
  metadata { name = "a" }
  spec {
    host_pid = "true"
    automount_service_account_token = false
    image_pull_secrets { name = "b" }
    init_container { name = "c" }
    container {
      name = "d"
      port { container_port = "80" }
      env {
        name = "E"
        value = 8080
      }
      resources { limits = { cpu = 0.5 } }
      security_context { run_as_user = "1000" }
    }
  }
  timeouts { create = "1m" }
}`,
		`{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"automountServiceAccountToken":false,` +
			`"containers":[{"env":[{"name":"E","value":"8080"}],"name":"d","ports":[{"containerPort":80}],"resources":{"limits":{"cpu":0.5}},"securityContext":{"runAsUser":1000}}],` +
			`"hostPID":true,"imagePullSecrets":[{"name":"b"}],"initContainers":[{"name":"c"}]}}`,
	},
	"names of others, and the provider's default": {
		`resource "kubernetes_service_account" "a" {
  metadata { name = "web" }
}
resource "kubernetes_pod" "b" {
  spec { service_account_name = kubernetes_service_account.a.metadata.0.name }
}`,
		`{"apiVersion":"v1","kind":"Pod","spec":{"automountServiceAccountToken":true,"serviceAccountName":"web"}}` +
			`{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"web"}}`,
	},
	"what only Terraform knows": {
		`resource "kubernetes_pod" "a" {
  spec {
    host_network = var.host
    dynamic "security_context" {
      for_each = var.contexts
      content { run_as_user = 1 }
    }
    dynamic "container" {
      for_each = var.containers
      content {
        name  = container.value
        image = "nginx"
        security_context {
          capabilities { drop = var.drop }
        }
      }
    }
  }
}`,
		`{"apiVersion":"v1","kind":"Pod","spec":{"automountServiceAccountToken":true,"containers":[{"image":"nginx","name":"${container.value}","securityContext":{"capabilities":"${dynamic}"}}],` +
			`"hostNetwork":"${var.host}","securityContext":"${dynamic}"}}`,
	},
	"roles": {
		`resource "kubernetes_cluster_role_v1" "a" {
  rule {
    api_groups = [""]
    resources = ["pods"]
    non_resource_urls = ["*"]
    verbs = ["get"]
  }
}`,
		`{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","rules":[{"apiGroups":[""],"nonResourceURLs":["*"],"resources":["pods"],"verbs":["get"]}]}`,
	},
	"manifests": {
		"resource \"kubernetes_manifest\" \"a\" {\n  manifest = { apiVersion = \"v1\", kind = \"Pod\", spec = { hostpid = 1, priority = \"1\" } }\n}\n" +
			"resource \"kubectl_manifest\" \"b\" {\n  yaml_body = <<-EOT\n    apiVersion: v1\n    kind: Secret\n    type: ${var.type}\n  EOT\n}\n" +
			"resource \"kubectl_manifest\" \"c\" { yaml_body = file(\"c.yaml\") }\n",
		`{"apiVersion":"v1","kind":"Secret","type":"${var.type}"}{"apiVersion":"v1","kind":"Pod","spec":{"hostpid":1,"priority":1}}`,
	},
	"others": {`resource "kubernetes_labels" "a" { kind = "Namespace" }`, ""},
}

func TestObjects(t *testing.T) {
	for name, c := range objectCases {
		t.Run(name, func(t *testing.T) {
			got := ""
			for _, doc := range objectsIn(t, c.text) {
				text, err := json.Marshal(doc.Value)
				if err != nil {
					t.Fatal(err)
				}
				got += string(text)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A place in an object is that of the block or argument that makes it.
func TestObjectPlaces(t *testing.T) {
	docs := objectsIn(t, `resource "kubernetes_pod" "a" {
  metadata { labels = { app = "a" } }
  spec {
    container {
      image = "nginx"
    }
    dynamic "container" {
      for_each = var.more
      content {
        image = "redis"
      }
    }
  }
}
resource "kubectl_manifest" "b" {
  yaml_body = <<-EOT
    apiVersion: v1
    kind: Pod
    spec:
      hostPID: true
  EOT
}
`)
	want := map[string]string{
		"spec.containers[0].image":           "5:15",
		"spec.containers[0].securityContext": "4:5",
		"spec.containers[1].image":           "10:17",
		"metadata.labels.app":                "2:31",
		"spec.automountServiceAccountToken":  "3:3",
		"spec.hostPID":                       "20:16",
	}
	got := map[string]string{}
	for path := range want {
		p, err := source.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		doc := docs[1]
		if path == "spec.hostPID" {
			doc = docs[0]
		}
		at := doc.Locate(p, "").Span.Start
		got[path] = fmt.Sprintf("%d:%d", at.Line, at.Column)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What is filled in later may be what is missing.
func TestIncompletePods(t *testing.T) {
	for text, want := range map[string]bool{
		`resource "kubernetes_pod" "a" { spec { container { image = "nginx" } } }`:                                                              true,
		`resource "kubernetes_pod" "a" { spec { container { image = var.image } } }`:                                                            true,
		`resource "kubernetes_pod" "a" { spec { container { image = "nginx" security_context { run_as_non_root = var.nonroot } } } }`:           false,
		`resource "kubernetes_pod" "a" { spec { container { image = "nginx" dynamic "security_context" { content { privileged = true } } } } }`: false,
	} {
		text = strings.NewReplacer("{ ", "{\n", " }", "\n}", `" s`, "\"\ns", `" d`, "\"\nd").Replace(text)
		pods := kube.FactsOf(objectsIn(t, text)[0]).Pods
		if len(pods) != 1 || pods[0].Complete != want {
			t.Errorf("%s: %+v", text, pods)
		}
	}
}

func objectsIn(t *testing.T, text string) []*source.Document {
	t.Helper()
	docs, faults := parse.File(&source.File{Path: "main.tf", Kind: source.Terraform, Data: []byte(text)})
	if len(faults) > 0 {
		t.Fatal(faults[0])
	}
	objects, wrong := terraform.Objects(docs)
	if len(wrong) > 0 {
		t.Fatal(wrong[0].Error)
	}
	return objects
}

// TestEmbeddedThatIsNoYAML holds that what is written out is never passed over, and what expressions make is not blamed.
func TestEmbeddedThatIsNoYAML(t *testing.T) {
	for body, want := range map[string]int{
		"<<-EOT\n  kind: Pod\n  kind\n EOT":                 1,
		"<<-EOT\n  kind: Pod\n  ${var.more}\n EOT":          0,
		"file(\"pod.yaml\")":                                0,
		"<<-EOT\n  kind: Pod\n  %{ if x }\n %{endif}\n EOT": 0,
	} {
		text := "resource \"kubectl_manifest\" \"a\" {\n  yaml_body = " + body + "\n}\n"
		docs, _ := parse.File(&source.File{Path: "main.tf", Kind: source.Terraform, Data: []byte(text)})
		if len(docs) != 1 {
			t.Fatalf("%s: %d documents", text, len(docs))
		}
		_, faults := terraform.Objects(docs)
		if len(faults) != want {
			t.Errorf("%s: %d faults, want %d", text, len(faults), want)
		}
		for _, f := range faults {
			if f.File.Path != "main.tf" || f.Error.Span.Start.Line < 3 {
				t.Errorf("at %s:%d: %v", f.File.Path, f.Error.Span.Start.Line, f.Error)
			}
		}
	}
}
