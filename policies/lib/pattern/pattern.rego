# METADATA
# title: Patterns of actions and images
# description: >-
#   A pattern is held against a whole name, so that nothing passes that merely begins or ends like what was meant. In it
#   * stays within one segment and ** spans segments.
package lib.pattern

# fits reports whether a pattern means an action of the given name, in any case of letters. A /* at its end means all
# that lies below, and what it lies below of, as in GitHub's own lists; so does * alone.
fits(pattern, name) if {
	some whole in [name, sprintf("%s/", [name])]
	glob.match(wide(lower(pattern)), ["/"], lower(whole))
}

wide(pattern) := sprintf("%s*", [pattern]) if {
	regex.match(`(^|/)\*$`, pattern)
} else := pattern

# misspelt are patterns that can mean no action.
misspelt(patterns) := {msg |
	some pattern in patterns
	not regex.match(`^(\*\*?|[\w.*-]+(/[\w.*-]+)+)$`, pattern)
	msg := sprintf(
		concat(" ", [
			"%s means no action: write owner/repo or owner/repo/folder without a ref,",
			"with * for any part of a name and ** for any path",
		]),
		[pattern],
	)
}

# unnamed are patterns that can mean no image.
unnamed(patterns) := {msg |
	some pattern in patterns
	not names_images(pattern)
	msg := sprintf(
		concat(" ", [
			"%s means no image: write registry, path and name without tag and digest, as docker.io/library/nginx,",
			"with * for any part of a segment and ** for any path",
		]),
		[pattern],
	)
}

names_images("**")

names_images(pattern) if {
	regex.match(`^(\*\*|localhost|[^/@]*[.:*?{\[][^/@]*)/([^@:]*)$`, pattern)
	is_boolean(glob.match(pattern, ["/"], ""))
}
