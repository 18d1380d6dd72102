#!/usr/bin/env bash
# Makes what a release consists of, in artifacts/release. docs/release.md tells more.
#
#   ./release.sh                      all of it
#   ./release.sh --url URL            the krew manifest says that the archives are below URL
#   ./release.sh --platforms LIST     the plugin only for these, such as "linux_amd64 darwin_arm64"; own: this machine's; none
#   ./release.sh --out FOLDER         into another folder, which is made anew
#
# It needs the .NET SDK, git, jq, GNU tar and the package sources, and no secret.
# Exit codes: 0 all is there, 1 something failed, 2 wrong usage, 3 something could not be made on this machine, as its last lines say.
set -euo pipefail
cd "$(dirname "$0")"

out=artifacts/release
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
url=https://clustertrail.io/releases/v$version
# .NET's name of a platform, and that of archives and krew.
platforms=(linux-x64:linux_amd64 linux-arm64:linux_arm64 osx-x64:darwin_amd64 osx-arm64:darwin_arm64)
missing=() untried=()

# The same commit gives the same bytes.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC

main() {
    parse "$@"
    clear_out
    mkdir -p "$out"
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT

    pack_chart
    tools/sbom.sh >"$out/clustertrail-$version.cdx.json"
    publish_plugin
    (cd "$out" && sha256sum -- * >"$scratch/sums" && mv "$scratch/sums" SHA256SUMS)
    conclude
}

parse() {
    while (($#)); do
        case $1 in
            --url) url=${2:?"--url needs a URL"}; shift ;;
            --out) out=${2:?"--out needs a folder"}; shift ;;
            --platforms) choose "${2:?"--platforms needs a list"}"; shift ;;
            *) usage "unknown option $1" ;;
        esac
        shift
    done
}

# A mistyped --out must not delete somebody's folder: only one that a release is in, or the default.
clear_out() {
    if [[ $out != artifacts/release && -e $out && ! -f $out/SHA256SUMS && ( ! -d $out || -n $(ls -A "$out") ) ]]; then
        usage "--out is $out, which is not empty and has no SHA256SUMS, so it is no release; allowed: a new folder, an empty one, or an earlier release's"
    fi
    rm -rf "$out"
}

usage() {
    echo "release.sh: $1" >&2
    sed -n '4,7s/^# *//p' release.sh >&2
    exit 2
}

choose() {
    local all=("${platforms[@]}") wanted=$1 platform
    platforms=()
    if [[ $wanted == none ]]; then return; fi
    for platform in "${all[@]}"; do
        if [[ " $wanted " == *" ${platform#*:} "* || ($wanted == own && ${platform%:*} == "$(own_rid)") ]]; then
            platforms+=("$platform")
        fi
    done
    ((${#platforms[@]} == $(wc -w <<<"$wanted"))) || usage "--platforms is $wanted; there are: ${all[*]#*:}, own, none"
}

# FOLDER NAME...: an archive that depends on nothing but the files' content, names and whether they are executable.
pack() {
    tar --create --directory "$1" --dereference --sort=name --format=gnu --owner=0 --group=0 --numeric-owner \
        --mode=u=rwX,go=rX --mtime="@$SOURCE_DATE_EPOCH" -- "${@:2}" | gzip --no-name --best
}

# Helm's own packing writes the time; of what git knows, the tests of rules and of the chart stay here, as .helmignore says.
pack_chart() {
    mkdir "$scratch/chart"
    git ls-files -z charts/clustertrail | grep -zvE '\.tests\.yaml$|^charts/clustertrail/ci/|/\.helmignore$' |
        xargs -0 cp --parents --dereference --target-directory "$scratch/chart"
    # Links of the repository are whole folders here.
    cp -r --dereference charts/clustertrail/files "$scratch/chart/charts/clustertrail/"
    pack "$scratch/chart/charts" clustertrail >"$out/clustertrail-$version.tgz"
}

publish_plugin() {
    local platform
    for platform in "${platforms[@]}"; do publish_for "${platform%:*}" "${platform#*:}"; done
    write_krew_manifest
}

# RID NAME
publish_for() {
    local into=$scratch/$1 archive=$out/kubectl-trail_${version}_$2.tar.gz
    if ! dotnet publish cli/KubectlTrail --configuration Release --runtime "$1" --self-contained --output "$into" -nologo -v quiet \
        -p:RestoreLockedMode=true -p:PublishSingleFile=true -p:DebugType=none -p:PathMap="$PWD=/source" >"$scratch/log" 2>&1; then
        # What a package source or the SDK does not have; anything else is a fault of ours.
        if grep -qE 'error (NU1[13]0[0-9]|NETSDK)' "$scratch/log"; then
            missing+=("the plugin for $2: $(grep -m 1 -oE 'error [^[]*' "$scratch/log")")
            return
        fi
        cat "$scratch/log" >&2
        exit 1
    fi
    cp LICENSE "$into/LICENSE"
    # DuckDB's library is found beside the program.
    pack "$into" LICENSE kubectl-trail "$(cd "$into" && echo libduckdb.*)" >"$archive"
    if [[ $1 == "$(own_rid)" ]]; then
        "$into/kubectl-trail" --version >/dev/null
    else
        untried+=("$2")
    fi
}
own_rid() {
    local system=linux processor=x64
    if [[ $(uname -s) == Darwin ]]; then system=osx; fi
    case $(uname -m) in aarch64 | arm64) processor=arm64 ;; esac
    echo "$system-$processor"
}

# https://krew.sigs.k8s.io: the name of the plugin is "trail", as kubectl-trail is "kubectl trail".
write_krew_manifest() {
    local platform name archive
    {
        cat <<END
apiVersion: krew.googlecontainertools.github.com/v1alpha2
kind: Plugin
metadata:
  name: trail
spec:
  version: v$version
  homepage: https://clustertrail.io
  shortDescription: Read and check the audit history of ClusterTrail
  description: |
    Shows the status of Trails, reads their archives (who did what in a
    Kubernetes cluster), and prints their objects and audit policy.
  platforms:
END
        for platform in "${platforms[@]}"; do
            name=${platform#*:} archive=kubectl-trail_${version}_$name.tar.gz
            if [[ ! -f $out/$archive ]]; then continue; fi
            cat <<END
  - selector:
      matchLabels:
        os: ${name%_*}
        arch: ${name#*_}
    uri: $url/$archive
    sha256: $(sha256sum "$out/$archive" | cut -d ' ' -f 1)
    bin: kubectl-trail
END
        done
    } >"$out/trail.yaml"
}

conclude() {
    ls -l "$out"
    if ((${#untried[@]})); then echo "Built and not run, as this machine cannot: ${untried[*]}"; fi
    tools/base-images.sh check || echo "Before you build the images, pin their base images: tools/base-images.sh pin"
    if ((${#missing[@]})); then
        printf 'Not made on this machine: %s\n' "${missing[@]}"
        exit 3
    fi
}

main "$@"
