# METADATA
# title: Workflow is not valid, or does not do what it says
# description: >-
#   GitHub will refuse the workflow, or will run it otherwise than it reads: an unknown key or event, an expression
#   that does not parse or names what is not there, a job that needs one that does not exist, a wrong glob. A check
#   that does not run protects nothing. Found by actionlint, without what it gets wrong about syntax that is newer
#   than it is.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
#     description: Workflow syntax
#   - ref: https://github.com/rhysd/actionlint/blob/main/docs/checks.md
#     description: What actionlint checks
# custom:
#   severity: medium
#   confidence: high
#   kinds: [workflow]
#   since: 0.1.0
#   remediation: >-
#     Correct what the message names. Labels of self-hosted runners and configuration variables are declared in
#     .github/actionlint.yaml, which is honoured.
#   evaluator: actionlint
package rules.workflow.syntax
