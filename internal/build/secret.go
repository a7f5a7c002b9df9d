package build

import (
	"regexp"
	"strings"
)

var (
	// secretName matches names that end in what a secret is called. A KEY alone is too often one of no secrecy.
	secretName = regexp.MustCompile(`(?i)(?:^|_)(?:password|passwd|passphrase|secret|token|credentials?|apikey|` +
		`(?:api|access|private|secret|signing|encryption|license|account)_?key)$`)
	// publicName matches what is named after a secret and is none.
	publicName = regexp.MustCompile(`(?i)public|(?:^|_)(?:key_?id|access_key_id)$|_(?:required|enabled|disabled|length|ttl|type|name)$`)
	variable   = regexp.MustCompile(`\$\{?\w+`)
)

// secrets finds the arguments and variables that are named like secrets. A variable that is empty, or that names a place
// where the secret lies, is none.
func (s stage) secrets(final bool) []Secret {
	var found []Secret
	for _, in := range s.instructions {
		switch in.cmd {
		case "arg":
			for i, arg := range in.args {
				name, value, _ := strings.Cut(arg, "=")
				if isSecret(name) && !isPlace(value) {
					found = append(found, Secret{
						Name: name, Cmd: "arg", Value: strings.Trim(value, `"'`) != "" && !variable.MatchString(value), Final: final,
						Path: in.path.Append("args", i),
					})
				}
			}
		case "env":
			for i := 0; i+1 < len(in.args); i += 2 {
				name, value := in.args[i], strings.Trim(in.args[i+1], `"'`)
				if isSecret(name) && value != "" && !isPlace(value) {
					found = append(found, Secret{
						Name: name, Cmd: "env", Value: !variable.MatchString(value), Final: final, Path: in.path.Append("args", i+1),
					})
				}
			}
		}
	}
	return found
}

func isSecret(name string) bool { return secretName.MatchString(name) && !publicName.MatchString(name) }

// isPlace reports whether a value is a path, a URL or a switch, and no secret.
func isPlace(value string) bool {
	value = strings.ToLower(strings.Trim(value, `"'`))
	return strings.HasPrefix(value, "/") || strings.Contains(value, "://") || value == "true" || value == "false"
}
