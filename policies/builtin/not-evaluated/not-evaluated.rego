# METADATA
# title: Something was not evaluated
# description: >-
#   A part of the repository was left out of the answer, for the reason that the message gives: a rule that failed to
#   evaluate, or content that only the network or a program could provide. A pass that says nothing about it would
#   promise more than was checked.
# custom:
#   severity: medium
#   confidence: high
#   since: 0.1.0
#   remediation: >-
#     Remove the reason that the message names, or accept the gap: exclude the path in the configuration, or ignore
#     the finding with a reason.
package builtin["not-evaluated"]
