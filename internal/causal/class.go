package causal

import (
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Class is what a rendered field is about.
type Class string

// The classes, in the order of the table.
const (
	Image         Class = "image"
	SecurityBool  Class = "security, boolean"
	SecurityOther Class = "security, other"
	RBAC          Class = "RBAC"
	Number        Class = "numbers"
	Name          Class = "names and labels"
	Setting       Class = "env, args, config"
	Checksum      Class = "checksums"
	Other         Class = "other"
)

// Classes lists the classes.
func Classes() []Class {
	return []Class{Image, SecurityBool, SecurityOther, RBAC, Number, Name, Setting, Checksum, Other}
}

// Grave reports whether a class is one where no claim may be wrong.
func (c Class) Grave() bool {
	return c == Image || c == SecurityBool || c == SecurityOther || c == RBAC
}

var (
	securityFields = []string{
		"privileged", "hostNetwork", "hostPID", "hostIPC", "hostPort", "hostUsers", "runAsNonRoot", "runAsUser", "runAsGroup", "allowPrivilegeEscalation",
		"readOnlyRootFilesystem", "automountServiceAccountToken", "serviceAccountName", "shareProcessNamespace", "procMount", "seLinuxOptions",
	}
	securityParents = []string{"securityContext", "capabilities", "hostPath", "seccompProfile", "appArmorProfile"}
	ruleFields      = []string{"verbs", "resources", "apiGroups", "nonResourceURLs", "resourceNames"}
	nameFields      = []string{"name", "namespace", "labels", "annotations", "matchLabels", "selector"}
	settingFields   = []string{"env", "envFrom", "data", "stringData", "args", "command", "binaryData"}
	digestText      = regexp.MustCompile(`^[0-9a-f]{32,64}$`)
)

// ClassOf tells the class of a scalar of an object.
func ClassOf(object source.Object, path source.Path, value any) Class {
	var keys []string
	for _, step := range path {
		if key, ok := step.(string); ok {
			keys = append(keys, key)
		}
	}
	last := ""
	if len(keys) > 0 {
		last = keys[len(keys)-1]
	}
	has := func(names []string) bool {
		return slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(names, k) })
	}
	text, isText := value.(string)
	_, isBool := value.(bool)
	switch {
	case isText && (strings.Contains(last, "checksum") || digestText.MatchString(text)):
		return Checksum
	case has(settingFields[2:4]) && !has([]string{"template"}):
		return Setting
	case last == "image" && isText:
		return Image
	case (slices.Contains(securityFields, last) || has(securityParents)) && isBool:
		return SecurityBool
	case slices.Contains(securityFields, last) || has(securityParents):
		return SecurityOther
	case strings.HasSuffix(object.Kind, "Role") && has(ruleFields):
		return RBAC
	case has(settingFields):
		return Setting
	case !isText && !isBool && value != nil:
		return Number
	case has(nameFields):
		return Name
	}
	return Other
}
