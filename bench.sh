#!/usr/bin/env bash
# Measures, and prints a line `name value unit` for each figure:
# ./bench.sh pipeline [MEGABYTES] | select | aggregates | compress | detections [MEGABYTES] | detect [PACK …] | insights [SEEDS] | insights cost | insights agent [MEGABYTES] | upload | webhook [SECONDS] | trails [MEGABYTES] | processes | containers [MEGABYTES] | verify [MEGABYTES] | integrity [MEGABYTES] | integrity cost | lookup [MEGABYTES] | query [MEGABYTES] | console [RECORDS] | operator [selectors | --nodes [NODES]]
set -euo pipefail
cd "$(dirname "$0")"

# As the Dockerfiles build it: compiled ahead of time. The runtime is named, as its packages are fetched only then.
publish() {
    local machine
    machine=$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
    # A second publish into the same folder takes away what the first put there, DuckDB's library too.
    rm -rf "$2"
    dotnet publish "$1" --configuration Release --runtime "linux-$machine" --self-contained --artifacts-path artifacts/bench --output "$2" \
        -p:PublishSingleFile=true -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=false -p:NuGetLockFilePath=obj/publish.lock.json -v quiet -nologo >&2
}

case "${1:-}" in
pipeline | integrity | insights | detections | processes | containers | trails | webhook | lookup | query)
    [[ ${2:-} == cost || $1 == insights && ${2:-} != agent ]] || publish agent/Agent artifacts/bench/agent
    while read -r setting; do export "${setting?}"; done < <(sed -n 's/^ENV //p' Dockerfile.agent)
    export CLUSTERTRAIL_AGENT=$PWD/artifacts/bench/agent/clustertrail-agent
    if [[ $1 == lookup || $1 == query ]]; then
        publish cli/KubectlTrail artifacts/bench/kubectl
        export CLUSTERTRAIL_KUBECTL=$PWD/artifacts/bench/kubectl/kubectl-trail
    fi
    ;;
operator)
    publish operator/Operator artifacts/bench/operator
    export CLUSTERTRAIL_OPERATOR=$PWD/artifacts/bench/operator/clustertrail-operator
    ;;
esac
dotnet build tests/Benchmarks -c Release -v quiet -nologo >&2
exec dotnet exec tests/Benchmarks/bin/Release/net10.0/Benchmarks.dll "$@"
