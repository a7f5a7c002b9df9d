#!/usr/bin/env bash
# Pushes dist's image under its version and writes its digest to GITHUB_OUTPUT. The archive is copied as it is, so the digest is
# that of the inventory.
set -euo pipefail

readonly image=ghcr.io/plimsoll-dev/plimsoll:${VERSION#v}

skopeo login --username "$ACTOR" --password-stdin ghcr.io <<<"$GH_TOKEN"
skopeo copy --all --preserve-digests --digestfile digest "oci-archive:dist/plimsoll_${VERSION#v}_image.tar" "docker://$image"
printf 'digest=%s\n' "$(<digest)" >>"$GITHUB_OUTPUT"
