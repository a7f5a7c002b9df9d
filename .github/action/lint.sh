#!/usr/bin/env bash
# Runs `plimsoll lint` with the action's inputs, or `plimsoll audit`, or `plimsoll report` on what another run wrote. Its exit code is the step's; the outputs and the
# job's summary are written by the program itself.
set -euo pipefail

fail() {
  printf '::error title=plimsoll::%s\n' "$1"
  exit 2
}

# A token that did not come from GitHub itself is masked before anything else can print it.
if [[ $PLIMSOLL_TOKEN == ?* && $PLIMSOLL_TOKEN != *$'\n'* ]]; then
  printf '::add-mask::%s\n' "$PLIMSOLL_TOKEN"
fi

# is_on NAME VALUE tells true from false, and accepts nothing else.
is_on() {
  case $2 in
    true) return 0 ;;
    false) return 1 ;;
    *) fail "$1 is true or false" ;;
  esac
}

args=(lint --github-output)
needs_token=false
if is_on audit "$PLIMSOLL_AUDIT"; then
  [[ -z $PLIMSOLL_REPORT_FROM ]] || fail 'audit lints, and report-from posts what another run linted: choose one'
  args=(audit --github-output)
  needs_token=true
elif [[ -n $PLIMSOLL_REPORT_FROM ]]; then
  args=(report --github-output "--from=$PLIMSOLL_REPORT_FROM")
fi

# flag NAME VALUE adds a flag, unless the value is empty.
flag() {
  if [[ -n $2 ]]; then
    args+=("$1=$2")
  fi
}

# lines VALUE prints the lines of a value that hold anything, without the space around them.
lines() {
  sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' -e '/^$/d' <<<"$1"
}

# flags NAME VALUE adds a flag for each line of the value.
flags() {
  while IFS= read -r line; do
    flag "$1" "$line"
  done < <(lines "$2")
}

flag --config "$PLIMSOLL_CONFIG"
flag --fail-on "$PLIMSOLL_FAIL_ON"
flag --persona "$PLIMSOLL_PERSONA"
flag --baseline "$PLIMSOLL_BASELINE"
flags --policy "$PLIMSOLL_POLICY"
if [[ -z $PLIMSOLL_REPORT_FROM ]]; then
  flag --since "$PLIMSOLL_SINCE"
  flag --scope "$PLIMSOLL_SCOPE"
  flags --rule "$PLIMSOLL_RULE"
  flags --skip-rule "$PLIMSOLL_SKIP_RULE"
fi
flags --format "$PLIMSOLL_FORMAT"
flag --format "${PLIMSOLL_SARIF_FILE:+sarif=$PLIMSOLL_SARIF_FILE}"
flag --format "${PLIMSOLL_REPORT_FILE:+json=$PLIMSOLL_REPORT_FILE}"

flag --category "$PLIMSOLL_CATEGORY"
if [[ -z $PLIMSOLL_REPORT_FROM || $PLIMSOLL_CHECK_NAME != plimsoll ]]; then
  flag --check-name "$PLIMSOLL_CHECK_NAME" # a stranger's report has another name by default
fi
if is_on strict-reporting "$PLIMSOLL_STRICT_REPORTING"; then
  args+=(--strict-reporting)
fi

# The token is for what is asked of GitHub or posted alone: no other run of the program can see it.
unset GITHUB_TOKEN
if is_on check-run "$PLIMSOLL_CHECK_RUN"; then
  args+=(--check-run)
  needs_token=true
elif is_on annotations "$PLIMSOLL_ANNOTATIONS" && [[ -z $PLIMSOLL_REPORT_FROM ]]; then
  args+=(--format=github)
fi
if is_on review "$PLIMSOLL_REVIEW"; then
  args+=(--review)
  needs_token=true
fi
if is_on comment "$PLIMSOLL_COMMENT"; then
  args+=(--comment)
  needs_token=true
fi
if is_on tracking-issue "$PLIMSOLL_TRACKING_ISSUE"; then
  args+=(--tracking-issue)
  flags --issue-label "$PLIMSOLL_ISSUE_LABELS"
  needs_token=true
fi
if [[ $PLIMSOLL_UPLOAD_SARIF != never ]]; then
  flag --upload-sarif "$PLIMSOLL_UPLOAD_SARIF"
  needs_token=true
fi
if [[ $needs_token == true ]]; then
  export GITHUB_TOKEN=$PLIMSOLL_TOKEN
fi
unset PLIMSOLL_TOKEN
if ! is_on summary "$PLIMSOLL_SUMMARY"; then
  unset GITHUB_STEP_SUMMARY
fi

if [[ -z $PLIMSOLL_REPORT_FROM ]]; then
  args+=(--)
  while IFS= read -r path; do
    args+=("$path")
  done < <(lines "$PLIMSOLL_PATH")
fi

cd -- "$PLIMSOLL_WORKING_DIRECTORY" || fail 'working-directory is not a directory'
exec "$PLIMSOLL_BINARY" "${args[@]}"
