#!/usr/bin/env bash
# Finds, builds or downloads the plimsoll binary and writes its path to GITHUB_OUTPUT as `binary`.
#
# In order: the binary that the workflow names; in this repository's own workflows the tree itself, built with Go; the
# release that .github/release/checksums.txt lists, refused unless its SHA-256 is the one in this tree; at a commit between
# releases the tree again. Nothing is ever looked up as "latest".
set -euo pipefail

readonly releases=https://github.com/plimsoll-dev/plimsoll/releases/download
readonly table=$PLIMSOLL_ACTION_PATH/.github/release/checksums.txt

fail() {
  printf '::error title=plimsoll::%s\n' "$1"
  exit 2
}

use() {
  case $1 in
    *$'\n'*) fail 'the path of the binary has a line break' ;;
  esac
  printf 'binary=%s\n' "$1" >>"$GITHUB_OUTPUT"
  exit 0
}

case ${RUNNER_OS:-$(uname -s)} in
  Linux) os=linux suffix= ;;
  macOS | Darwin) os=darwin suffix= ;;
  Windows) os=windows suffix=.exe ;;
  *) fail 'this operating system has no plimsoll binary; name one with binary-path' ;;
esac
case ${RUNNER_ARCH:-$(uname -m)} in
  X64 | x86_64) arch=amd64 ;;
  ARM64 | arm64 | aarch64) arch=arm64 ;;
  *) fail 'this processor has no plimsoll binary; name one with binary-path' ;;
esac
readonly os suffix arch
readonly dir=$RUNNER_TEMP/plimsoll
readonly binary=$dir/plimsoll$suffix

# build WHY
build() {
  echo "Building plimsoll from $PLIMSOLL_ACTION_PATH: $1"
  mkdir -p "$dir"
  (cd "$PLIMSOLL_ACTION_PATH" && CGO_ENABLED=0 GOWORK=off go build -trimpath -buildvcs=false -o "$binary" ./cmd/plimsoll) ||
    fail 'plimsoll could not be built; pin the commit of a release, or name a binary with binary-path'
  use "$binary"
}

sha256() {
  if command -v sha256sum >/dev/null; then
    sha256sum "$1"
  else
    shasum -a 256 "$1"
  fi | cut -d ' ' -f 1
}

# download SUM FILE
download() {
  local sum=$1 file=$2 version=${2#plimsoll_}
  version=${version%%_*}
  command -v curl >/dev/null || fail 'curl is needed to download plimsoll; or name a binary with binary-path'
  command -v sha256sum shasum >/dev/null || fail 'sha256sum or shasum is needed to hold plimsoll to its checksum; or name a binary with binary-path'
  echo "Downloading $file"
  mkdir -p "$dir"
  curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --retry 3 --max-time 300 \
    --output "$binary.part" "${PLIMSOLL_MIRROR:-$releases}/v$version/$file" ||
    fail "$file could not be downloaded; for a runner without access, see the inputs mirror and binary-path"
  if [[ $(sha256 "$binary.part") != "$sum" ]]; then
    rm -f "$binary.part"
    fail "$file does not have the SHA-256 of the release; it was not run"
  fi
  chmod +x "$binary.part"
  mv "$binary.part" "$binary"
  use "$binary"
}

if [[ -n ${PLIMSOLL_BINARY_PATH:-} ]]; then
  [[ -f $PLIMSOLL_BINARY_PATH && -x $PLIMSOLL_BINARY_PATH ]] || fail 'binary-path is not a program'
  use "$(cd "$(dirname "$PLIMSOLL_BINARY_PATH")" && pwd)/$(basename "$PLIMSOLL_BINARY_PATH")"
fi

go=$(command -v go || true)
if [[ -n $go && $PLIMSOLL_ACTION_PATH/ == "${GITHUB_WORKSPACE:-/nowhere}"/* ]]; then
  build 'it is a part of this workspace'
fi
while read -r sum file; do
  if [[ $sum =~ ^[0-9a-f]{64}$ && $file == plimsoll_*_"${os}_$arch$suffix" ]]; then
    download "$sum" "$file"
  fi
done <"$table"
if [[ -n $go ]]; then
  printf '::notice title=plimsoll::%s\n' "the commit of the action that is pinned has no release for $os/$arch, so plimsoll is built \
from source, which takes a minute or more; to download it instead, pin the commit of a release, or name a binary with binary-path"
  build 'there is no release'
fi
fail "this version of the action has no release for $os/$arch yet and Go is not there to build it; pin a released version, or name a binary with binary-path"
