#!/usr/bin/env bash
# Commits dist/checksums.txt to the table that the action is held to, and pushes the tag VERSION of that commit. No branch
# moves. A tag that is there is never moved: Git refuses the push.
set -euo pipefail

readonly table=.github/release/checksums.txt

{
  echo '# SHA-256 of each file of the release that this tree is, as sha256sum writes them:'
  echo '#   <64 hex digits>  plimsoll_<version>_<os>_<arch>'
  cat dist/checksums.txt
} >"$table"

git add -- "$table"
git -c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com' \
  commit --quiet --message "release: $VERSION"
git tag -- "$VERSION"
gh auth setup-git
git push --quiet "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY.git" "refs/tags/$VERSION"
