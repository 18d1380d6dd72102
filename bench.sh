#!/usr/bin/env bash
# Measures, and prints a line `name value unit` for each figure: ./bench.sh pipeline [MEGABYTES] | select | detections [MEGABYTES] | detect [PACK …] | operator
set -euo pipefail
cd "$(dirname "$0")"
case "${1:-}" in
pipeline | detections)
    # The agent as Dockerfile.agent builds it: compiled ahead of time.
    dotnet publish agent/Agent --configuration Release --use-current-runtime --self-contained --artifacts-path artifacts/bench --output artifacts/bench/agent \
        -p:PublishSingleFile=true -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=false -p:NuGetLockFilePath=obj/publish.lock.json -v quiet -nologo >&2
    export CLUSTERTRAIL_AGENT=$PWD/artifacts/bench/agent/clustertrail-agent
    ;;
esac
dotnet build tests/Benchmarks -c Release -v quiet -nologo >&2
exec dotnet exec tests/Benchmarks/bin/Release/net10.0/Benchmarks.dll "$@"
