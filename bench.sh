#!/usr/bin/env bash
# Measures, and prints a line `name value unit` for each figure: ./bench.sh pipeline [MEGABYTES] | select | detections [MEGABYTES] | detect [PACK …] | operator
set -euo pipefail
cd "$(dirname "$0")"
dotnet build tests/Benchmarks -c Release -v quiet -nologo >&2
exec dotnet exec tests/Benchmarks/bin/Release/net10.0/Benchmarks.dll "$@"
