package facts

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/internal/source"
)

// Guest is a role or a binding that says something of what stands in another directory.
type Guest struct {
	File   *source.File
	Object source.Object // without its APIVersion
}

// Bounds on what is read of a repository to find roles and bindings that belong together.
const (
	maxBondText  = 256 << 20 // bytes of all files
	maxBondFile  = 1 << 20   // bytes of one that is lent to another directory
	maxBondPiece = 256 << 10 // bytes of one document
	maxGuests    = 50        // of one directory
)

// aBond finds the documents that are worth reading.
var aBond = regexp.MustCompile(`\bkind"?:[ \t]*["']?(Cluster)?Role(Binding)?\b`)

// bond is a role, or a binding and the role that it names.
type bond struct {
	Guest
	role source.Object // of a binding
}

// Guests finds the roles and bindings that belong together though they stand in different directories: by directory,
// those to be read with what stands there. Files are all manifests of the repository, sorted; plain reports of a path
// whether it is deployed as it stands. Only what nothing else in the repository is called is joined, and what tests or
// examples bind says nothing of what is deployed.
func Guests(files []*source.File, plain func(path string) bool, repo *source.Repository) map[string][]Guest {
	var bonds []bond
	read, count := 0, map[source.Object]int{}
	for _, file := range files {
		if read += len(file.Data); read > maxBondText {
			return nil // another may be called the same
		}
		bonds = append(bonds, bondsOf(file)...)
	}
	roles := map[source.Object]bond{}
	for _, b := range bonds {
		count[b.Object]++
		roles[b.Object] = b
	}
	lent := func(b bond) bool {
		return count[b.Object] == 1 && !isBuiltIn(b.Object) && plain(b.File.Path) && len(b.File.Data) <= maxBondFile
	}
	guests := map[string][]Guest{}
	invite := func(dir string, g Guest) {
		if len(guests[dir]) < maxGuests {
			guests[dir] = append(guests[dir], g)
		}
	}
	for _, b := range bonds {
		role, known := roles[b.role]
		here, there := path.Dir(b.File.Path), path.Dir(role.path())
		if !known || here == there || !lent(b) || !lent(role) {
			continue
		}
		if use := folderUse(here, repo); use == "" || use == folderUse(there, repo) {
			invite(there, b.Guest)
			invite(here, role.Guest)
		}
	}
	return guests
}

// isBuiltIn reports whether every cluster has a role of that name, so that a binding in another directory may mean that one.
func isBuiltIn(o source.Object) bool {
	return o.Kind == "ClusterRole" &&
		(strings.HasPrefix(o.Name, "system:") || slices.Contains([]string{"admin", "cluster-admin", "edit", "view"}, o.Name))
}

// path is that of the file; "" of none.
func (b bond) path() string {
	if b.File == nil {
		return ""
	}
	return b.File.Path
}

// bondObject is the part of an object that names a role and who is called so; a List has items.
type bondObject struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Metadata   struct {
		Name      string `yaml:"name"`
		Namespace string `yaml:"namespace"`
	} `yaml:"metadata"`
	RoleRef struct {
		Kind string `yaml:"kind"`
		Name string `yaml:"name"`
	} `yaml:"roleRef"`
	Items []bondObject `yaml:"items"`
}

// bondsOf reads the roles and bindings of a file.
func bondsOf(file *source.File) []bond {
	if !bytes.Contains(file.Data, []byte("Role")) {
		return nil // most hold none, and this is the fast way to tell
	}
	var found []bond
	for text := range bytes.SplitSeq(file.Data, []byte("\n---")) {
		var object bondObject
		if len(text) > maxBondPiece || !aBond.Match(text) || yaml.Unmarshal(text, &object) != nil {
			continue
		}
		for _, o := range append(object.Items, object) {
			if b, ok := o.bond(); ok {
				b.File = file
				found = append(found, b)
			}
		}
	}
	return found
}

// bond is what the object is among roles and bindings; false where it is none, or where its name or namespace is left to
// whoever deploys it.
func (o bondObject) bond() (b bond, ok bool) {
	cluster := strings.HasPrefix(o.Kind, "Cluster")
	binding := strings.HasSuffix(o.Kind, "RoleBinding")
	known := binding || o.Kind == "Role" || o.Kind == "ClusterRole"
	if !known || !strings.HasPrefix(o.APIVersion, "rbac.authorization.k8s.io/") || o.Metadata.Name == "" {
		return bond{}, false
	}
	b.Object = source.Object{Kind: o.Kind, Namespace: o.Metadata.Namespace, Name: o.Metadata.Name}
	if cluster {
		b.Object.Namespace = ""
	}
	switch {
	case binding && o.RoleRef.Kind == "Role":
		b.role = source.Object{Kind: "Role", Namespace: o.Metadata.Namespace, Name: o.RoleRef.Name}
	case binding:
		b.role = source.Object{Kind: o.RoleRef.Kind, Name: o.RoleRef.Name}
	}
	return b, cluster || o.Metadata.Namespace != "" || binding && o.RoleRef.Kind == "ClusterRole"
}
