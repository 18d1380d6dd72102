#!/usr/bin/env bash
# A Kubernetes API server for tests (tests/Cluster/clusterlite), etcd and kubectl, in the user's cache folder. The API machinery and
# its compiler are Debian's packages; the first time takes a minute to fetch and 5 to 10 to compile, and 2.5 GB of disk meanwhile.
#
#   api-server.sh install    makes sure that they are there; prints the folder of clusterlite, etcd, kubectl
#
# Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a part is missing and cannot be installed here.
set -euo pipefail
. "$(dirname "$0")/lib/parts.sh"

sources=$(readlink -f "$(dirname "$0")/../tests/Cluster/clusterlite")
# The suite that has these packages moves; what was built is kept.
suite=sid
packages=(golang-k8s-apiextensions-apiserver-dev golang-any etcd-server kubectl)

make() {
    local root=$1/root
    mkdir "$root"
    debian_packages "$suite" --with '^(golang|etcd|kubectl)' "$root" "${packages[@]}"
    cp "$root"/usr/bin/{etcd,kubectl} "$1/"
    compile "$root" "$1"
    rm -rf "$root"
    local program
    for program in "$1"/{etcd,kubectl}; do [[ -x $program ]]; done
    "$1/clusterlite" --help >/dev/null 2>&1
}

# The packages' Go sources are a GOPATH. Nothing is fetched: module mode is off.
compile() {
    local root=$1 into=$2 version minor
    version=$(gzip -dc "$root/usr/share/doc/golang-k8s-apiserver-dev/changelog.Debian.gz" | sed -n '1s/.*(0\.\([0-9.]*\).*/1.\1/p')
    minor=${version#1.}
    GOROOT=$(find "$root/usr/lib" -maxdepth 1 -name 'go-1.*' | sort -V | tail -n 1)
    export GOROOT GOPATH=$root/gopath:$root/usr/share/gocode GOCACHE=$root/cache PATH=$GOROOT/bin:$PATH
    export GO111MODULE=off GOFLAGS='' GOTOOLCHAIN=local CGO_ENABLED=0
    export GOEXPERIMENT=nojsonv2 # the new encoding/json writes OpenAPI documents that the server then refuses
    mkdir -p "$root/gopath/src/clusterlite"
    cp "$sources"/*.go "$root/gopath/src/clusterlite/"
    cd "$root/gopath/src/clusterlite"
    local of=k8s.io/component-base/version
    if ! go build -o "$into/clusterlite" \
        -ldflags="-s -w -X $of.gitVersion=v$version -X $of.gitMajor=1 -X $of.gitMinor=${minor%%.*}" . 2>"$root/log"; then
        missing_part "missing: the API server; it does not compile against Kubernetes ${version:-of unknown version} in Debian $suite: $(tail -n 5 "$root/log" | tr '\n' ' ')"
    fi
}

if [[ $* != install ]]; then sed -n '5s/^# *//p' "$0" >&2; exit 2; fi
install_part api-server "$(cat "$sources"/*.go "$0" | sha256sum | cut -c1-16)" make
