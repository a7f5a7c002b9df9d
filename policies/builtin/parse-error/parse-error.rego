# METADATA
# title: File cannot be read
# description: >-
#   The file is of a kind that is linted, but its text is not valid: broken YAML or JSON, text that is not UTF-8, a
#   file too large, or aliases that grow without end. None of the rules has seen it, so nothing is known about what it
#   deploys or runs.
# custom:
#   severity: high
#   confidence: high
#   since: 0.1.0
#   remediation: >-
#     Mend the text at the line shown. If the file is not meant to be read as what it looks like, a test case of
#     broken input for one, exclude its path in the configuration.
package builtin["parse-error"]
