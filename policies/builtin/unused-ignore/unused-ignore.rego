# METADATA
# title: Ignore comment suppresses nothing
# description: >-
#   The comment asks to ignore a finding that is not there: it was mended, it moved, the ignore has expired, or the
#   rule's name is misspelt. Left standing, the comment would silently hide the next such finding on that line.
# custom:
#   severity: low
#   confidence: high
#   since: 0.1.0
#   remediation: Delete the comment, or move it to the line of the finding or the line above it.
package builtin["unused-ignore"]
