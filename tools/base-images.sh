#!/usr/bin/env bash
# The base images of the Dockerfiles, by digest: a tag can mean something else tomorrow.
#
#   base-images.sh check    says which have no digest
#   base-images.sh pin      asks the registry for the digest of each tag now, and writes it behind the tag; needs docker with buildx
#
# Exit codes: 0 all have one, 1 some have none, 2 wrong usage, 3 the registry cannot be asked from here.
set -euo pipefail
cd "$(dirname "$0")/.."

files=(Dockerfile.agent Dockerfile.operator Dockerfile.verifier)

images() { sed -nE 's/^FROM (--platform=[^ ]+ )?([^ ]+).*/\2/p' "${files[@]}" | sort -u; }

check() {
    local image code=0
    while read -r image; do
        if [[ $image =~ @sha256:[0-9a-f]{64}$ ]]; then continue; fi
        echo "$image has no digest." >&2
        code=1
    done < <(images)
    return "$code"
}

pin() {
    local image tag digest
    while read -r image; do
        tag=${image%@*}
        if ! digest=$(docker buildx imagetools inspect "$tag" --format '{{.Manifest.Digest}}' 2>/dev/null) ||
            [[ ! $digest =~ ^sha256:[0-9a-f]{64}$ ]]; then
            echo "The digest of $tag cannot be looked up: docker with buildx, and access to its registry, are needed." >&2
            exit 3
        fi
        sed -i "s|$image|$tag@$digest|" "${files[@]}"
        echo "$tag@$digest"
    done < <(images)
}

case ${1-} in
    check | pin) "$1" ;;
    *) sed -n '4,5s/^# *//p' "$0" >&2; exit 2 ;;
esac
