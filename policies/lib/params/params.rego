# METADATA
# title: What is wrong with the parameters of a rule
# description: >-
#   A rule that takes parameters says in `misconfigured` what is wrong with those in input.params, and Plimsoll refuses
#   such a configuration. A parameter that is spelt wrong, or a list that is none, would leave the rule silent.
package lib.params

# unknown are the parameters that are none of the known.
unknown(params, known) := {msg |
	some name, _ in params
	not name in known
	msg := sprintf("there is no parameter %s: use %s", [name, concat(" or ", sort(known))])
}

# unlisted are those of the names that are set to something else than a list of texts.
unlisted(params, names) := {msg |
	some name in names
	value := params[name]
	not texts(value)
	msg := sprintf("%s is no list of texts", [name])
}

texts(value) if {
	is_array(value)
	every item in value {
		is_string(item)
	}
}
