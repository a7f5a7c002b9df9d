# METADATA
# title: Chart or kustomization does not render
# description: >-
#   What would be deployed could not be computed: a template fails, a value is required and missing, a dependency is
#   not in the repository, a file outside the root is asked for, or rendering took more time or memory than it may. No
#   rule has seen the objects, so nothing is known about them.
# related_resources:
#   - ref: https://helm.sh/docs/chart_template_guide/debugging/
#     description: Debugging templates
#   - ref: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
#     description: The kustomization file
# custom:
#   severity: high
#   confidence: high
#   since: 0.1.0
#   remediation: >-
#     Mend what the message names. `helm template` or `kustomize build`, run in the same directory, shows the fault
#     too.
package builtin["render-error"]
