# METADATA
# title: shellcheck has something to say about a script
# description: >-
#   A script is not valid in its shell, or does not do what it says: a word that splits where a path has a space, a
#   condition that never holds, a failure that nothing notices. Found by the shellcheck that is installed, which runs
#   only when --shellcheck or the configuration asks for it, on the scripts that bash or sh runs. An expression counts
#   as a word that is not known, and a variable that the script does not set as one that the workflow does.
# related_resources:
#   - ref: https://www.shellcheck.net/wiki/
#     description: What each code of shellcheck's means
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
#     description: How GitHub runs a script
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow, action]
#   since: 0.1.0
#   remediation: >-
#     Look the code up in shellcheck's wiki and write the script as it says, or tell shellcheck why not with a comment
#     in the script, # shellcheck disable=SC2086.
#   evaluator: shellcheck
package rules.workflow.shellcheck
