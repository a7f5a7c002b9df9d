package kube

// power is a row of the table of powers: verbs on resources of one API group, any of which gives it. Several rows may
// have one name.
type power struct {
	name, group   string
	resources     []string // "name/…" is it with all its subresources, "…" any that is named in a rule about the group itself
	verbs         []string
	clusterScoped bool
	verbTells     bool     // it is the verb that is unusual, not the resource
	only          []string // it takes one of these as the rule's resourceNames
}

// API groups of the rows.
const (
	groupRBAC         = "rbac.authorization.k8s.io"
	groupCertificates = "certificates.k8s.io"
	groupAdmission    = "admissionregistration.k8s.io"

	groupAuthentication = "authentication.k8s.io"
)

var (
	writing = []string{"create", "update", "patch"}
	// removing what defends is as good as changing it.
	changing  = []string{"create", "update", "patch", "delete", "deletecollection"}
	reading   = []string{"get", "list", "watch"}
	admission = []string{
		"mutatingwebhookconfigurations", "validatingwebhookconfigurations", "mutatingadmissionpolicies",
		"mutatingadmissionpolicybindings", "validatingadmissionpolicies", "validatingadmissionpolicybindings",
	}
	// logins are the signers of Kubernetes whose certificates the API server takes for anybody's name, alone or all of them. See
	// https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#kubernetes-signers.
	logins = []string{"kubernetes.io/kube-apiserver-client", "kubernetes.io/*"}
)

// powers are what RBAC's good practices warn of, and what is as grave by the documentation of its own project. As of 2026-11.
var powers = []power{
	{name: "read-secrets", resources: []string{"secrets"}, verbs: reading},
	{name: "create-tokens", resources: []string{"serviceaccounts/token"}, verbs: []string{"create"}},

	{name: "escalate", group: groupRBAC, resources: []string{"clusterroles"}, verbs: []string{"escalate"}, clusterScoped: true, verbTells: true},
	{name: "escalate", group: groupRBAC, resources: []string{"roles"}, verbs: []string{"escalate"}, verbTells: true},
	// A RoleBinding to a ClusterRole asks for the verb in its own namespace.
	{name: "bind", group: groupRBAC, resources: []string{"clusterroles"}, verbs: []string{"bind"}, verbTells: true},
	{name: "bind-roles", group: groupRBAC, resources: []string{"roles"}, verbs: []string{"bind"}, verbTells: true},
	// EKS reads from it who is who: https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html.
	{name: "map-identities", resources: []string{"configmaps"}, verbs: []string{"update", "patch"}, only: []string{"aws-auth"}},

	{name: "impersonate", resources: []string{"users", "groups"}, verbs: []string{"impersonate"}, clusterScoped: true, verbTells: true},
	{
		name: "impersonate-masters", resources: []string{"groups"}, verbs: []string{"impersonate"},
		clusterScoped: true, verbTells: true, only: []string{"system:masters"},
	},
	{name: "impersonate-accounts", resources: []string{"serviceaccounts"}, verbs: []string{"impersonate"}, verbTells: true},
	{
		name: "impersonate-extras", group: groupAuthentication, resources: []string{"userextras/…", "uids"},
		verbs: []string{"impersonate"}, clusterScoped: true, verbTells: true,
	},

	// Constrained impersonation: what is done in the other's name takes a verb of its own besides. See
	// https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/.
	{
		name: "impersonate-for", group: groupAuthentication, resources: []string{"users", "groups"},
		verbs: []string{"impersonate:user-info"}, clusterScoped: true, verbTells: true,
	},
	{
		name: "impersonate-for", group: groupAuthentication, resources: []string{"nodes"},
		verbs: []string{"impersonate:arbitrary-node"}, clusterScoped: true, verbTells: true,
	},
	{
		name: "impersonate-for", group: groupAuthentication, resources: []string{"serviceaccounts"},
		verbs: []string{"impersonate:serviceaccount"}, verbTells: true,
	},

	{name: "create-pods", resources: []string{"pods"}, verbs: []string{"create"}},
	{name: "create-pods", resources: []string{"replicationcontrollers"}, verbs: writing},
	{name: "create-pods", group: "apps", resources: []string{"deployments", "daemonsets", "statefulsets", "replicasets"}, verbs: writing},
	{name: "create-pods", group: "extensions", resources: []string{"deployments", "daemonsets", "replicasets"}, verbs: writing},
	{name: "create-pods", group: "batch", resources: []string{"cronjobs"}, verbs: writing},
	{name: "create-pods", group: "batch", resources: []string{"jobs"}, verbs: []string{"create"}}, // its template cannot be changed

	{name: "enter-pods", resources: []string{"pods/exec", "pods/attach"}, verbs: []string{"create"}},
	{name: "enter-pods", resources: []string{"pods/ephemeralcontainers"}, verbs: []string{"update", "patch"}},
	// A WebSocket is opened by GET. The API server asks for create as well as of Kubernetes 1.35, the kubelet does not.
	{name: "enter-pods-by-get", resources: []string{"pods/exec", "pods/attach"}, verbs: []string{"get"}},
	{name: "forward-ports", resources: []string{"pods/portforward"}, verbs: []string{"create"}},

	{name: "proxy-nodes", resources: []string{"nodes/proxy"}, verbs: append(changing[:4:4], "get"), clusterScoped: true},
	{name: "proxy-services", resources: []string{"services/proxy", "pods/proxy"}, verbs: append(changing[:4:4], "get")},

	{name: "approve-certificates", group: groupCertificates, resources: []string{"signers"}, verbs: []string{"approve"}, clusterScoped: true, verbTells: true},
	{
		name: "approve-logins", group: groupCertificates, resources: []string{"signers"}, verbs: []string{"approve"},
		clusterScoped: true, verbTells: true, only: logins,
	},
	{name: "sign-certificates", group: groupCertificates, resources: []string{"signers"}, verbs: []string{"sign"}, clusterScoped: true, verbTells: true},

	{
		name: "change-requests", group: groupAdmission, clusterScoped: true, verbs: writing,
		resources: []string{"mutatingwebhookconfigurations", "mutatingadmissionpolicies", "mutatingadmissionpolicybindings"},
	},
	{
		name: "see-requests", group: groupAdmission, clusterScoped: true, verbs: writing,
		resources: []string{"validatingwebhookconfigurations"},
	},
	// Whoever creates a policy that validates only forbids more.
	{
		name: "drop-admission", group: groupAdmission, clusterScoped: true, verbs: []string{"update", "patch"},
		resources: []string{"validatingadmissionpolicies", "validatingadmissionpolicybindings"},
	},
	{
		name: "drop-admission", group: groupAdmission, clusterScoped: true, verbs: []string{"delete", "deletecollection"}, resources: admission,
	},
	// Pod Security and many policies go by the labels of a namespace, which is in itself for the authorizer.
	{name: "label-namespaces", resources: []string{"namespaces"}, verbs: []string{"update", "patch"}},
	{
		name: "change-priorities", group: "flowcontrol.apiserver.k8s.io", clusterScoped: true, verbs: changing,
		resources: []string{"flowschemas", "prioritylevelconfigurations"},
	},
	{name: "serve-apis", group: "apiregistration.k8s.io", resources: []string{"apiservices"}, verbs: writing, clusterScoped: true},

	{name: "create-volumes", resources: []string{"persistentvolumes"}, verbs: []string{"create"}, clusterScoped: true},
	{name: "change-nodes", resources: []string{"nodes", "nodes/status"}, verbs: []string{"update", "patch"}, clusterScoped: true},

	{name: "deploy", group: "argoproj.io", resources: []string{"applications", "applicationsets", "appprojects"}, verbs: writing},
	{
		name: "deploy", group: "source.toolkit.fluxcd.io", verbs: writing,
		resources: []string{"gitrepositories", "ocirepositories", "helmrepositories", "helmcharts", "buckets"},
	},
	{name: "deploy", group: "kustomize.toolkit.fluxcd.io", resources: []string{"kustomizations"}, verbs: writing},
	{name: "deploy", group: "helm.toolkit.fluxcd.io", resources: []string{"helmreleases"}, verbs: writing},
	{name: "deploy", group: "pkg.crossplane.io", resources: []string{"providers", "configurations", "functions"}, verbs: writing, clusterScoped: true},
	{
		name: "deploy", group: "apiextensions.crossplane.io", verbs: writing, clusterScoped: true,
		resources: []string{"compositions", "compositeresourcedefinitions"},
	},
	{name: "deploy", group: "kubernetes.crossplane.io", resources: []string{"objects"}, verbs: writing, clusterScoped: true},
	{
		name: "change-policies", group: "kyverno.io", verbs: changing, clusterScoped: true,
		resources: []string{"clusterpolicies"},
	},
	{name: "change-policies", group: "kyverno.io", resources: []string{"policies", "policyexceptions"}, verbs: changing},
	{name: "change-policies", group: "policies.kyverno.io", resources: []string{"…"}, verbs: changing},
	{name: "change-policies", group: "templates.gatekeeper.sh", resources: []string{"constrainttemplates"}, verbs: changing, clusterScoped: true},
	{name: "change-policies", group: "constraints.gatekeeper.sh", resources: []string{"…"}, verbs: changing, clusterScoped: true},
	{name: "change-policies", group: "config.gatekeeper.sh", resources: []string{"configs"}, verbs: changing},
	{
		name: "fetch-secrets", group: "external-secrets.io", verbs: writing, clusterScoped: true,
		resources: []string{"clustersecretstores", "clusterexternalsecrets"},
	},
	{name: "fetch-secrets", group: "external-secrets.io", resources: []string{"secretstores", "externalsecrets", "pushsecrets"}, verbs: writing},
}
