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
	// standIn matches what somebody is to put a secret in the place of, and what opens nothing.
	standIn = regexp.MustCompile(`(?i)^(?:<.*>|\{.*\}|x{3,}|(?:your|insert)[-_ ].*|(?:dummy|placeholder|replace).*)$`)
	// variable matches the use of one: its name, and what stands for it where it has no value.
	variable = regexp.MustCompile(`\$(?:(\w+)|\{(\w+)(?:(:?[-+?])([^}]*))?\})`)
)

// given are the names that have a value where an instruction stands.
type given struct {
	arguments map[string]bool // of the stage
	variables map[string]bool // of this stage and those before it, whether or not it is built upon them
}

// secretsOf finds the arguments and variables that are named like secrets. A variable that is empty, or that names a place
// where the secret lies, is none.
func secretsOf(stages []stage, final []bool) []Secret {
	var found []Secret
	known := given{variables: map[string]bool{}}
	for i, s := range stages {
		known.arguments = map[string]bool{}
		for _, in := range s.instructions {
			switch in.cmd {
			case "arg":
				found = append(found, known.readArguments(in, final[i])...)
			case "env":
				found = append(found, known.readVariables(in, final[i])...)
			}
		}
	}
	return found
}

func (g given) readArguments(in instruction, final bool) []Secret {
	var found []Secret
	for i, arg := range in.args {
		name, value, _ := strings.Cut(arg, "=")
		g.arguments[name] = true // who builds may give it
		value = strings.Trim(value, `"'`)
		if !isSecret(name) || isPlace(value) {
			continue
		}
		written := value != "" && !variable.MatchString(value) && !standIn.MatchString(value)
		found = append(found, Secret{Name: name, Cmd: "arg", Value: written, Final: final, Path: in.path.Append("args", i)})
	}
	return found
}

func (g given) readVariables(in instruction, final bool) []Secret {
	var found []Secret
	for i := 0; i+1 < len(in.args); i += 2 {
		name, value := in.args[i], strings.Trim(in.args[i+1], `"'`)
		if isSecret(name) && g.fills(value) && !isPlace(value) && !standIn.MatchString(value) {
			found = append(found, Secret{
				Name: name, Cmd: "env", Value: !variable.MatchString(value), Final: final, Path: in.path.Append("args", i+1),
			})
		}
	}
	for i := 0; i+1 < len(in.args); i += 2 { // the variables of one instruction do not see each other
		g.variables[in.args[i]] = g.fills(in.args[i+1])
	}
	return found
}

// fills reports whether anything is left of a value when each variable is what it was given; what was given nothing is empty.
// See https://docs.docker.com/reference/dockerfile/#environment-replacement.
func (g given) fills(value string) bool {
	left := variable.ReplaceAllStringFunc(value, func(use string) string {
		m := variable.FindStringSubmatch(use)
		name, operator, otherwise := m[1]+m[2], m[3], m[4]
		switch {
		case g.arguments[name] || g.variables[name]:
			return name
		case strings.HasSuffix(operator, "-"):
			return otherwise
		}
		return ""
	})
	return strings.Trim(left, `"' `) != ""
}

func isSecret(name string) bool { return secretName.MatchString(name) && !publicName.MatchString(name) }

// isPlace reports whether a value is a path, a URL or a switch, and no secret.
func isPlace(value string) bool {
	value = strings.ToLower(strings.Trim(value, `"'`))
	return strings.HasPrefix(value, "/") || strings.Contains(value, "://") || value == "true" || value == "false"
}
