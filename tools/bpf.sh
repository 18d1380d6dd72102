#!/bin/bash
# Compiles the agent's kernel program and compares it with the object in the tree.
#   tools/bpf.sh check    fails when the object is not what the source compiles to
#   tools/bpf.sh update   writes the object
# It needs clang 14, Debian 12's: other versions compile the same source to other bytes.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=agent/Agent/Sources/Processes/Kernel
compiler=clang-14

if ! command -v "$compiler" >/dev/null; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "bpf.sh: $compiler is missing. Install Debian 12's package clang-14." >&2
    exit 3
  fi
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends clang-14; } >/dev/null 2>&1 ||
    { echo "bpf.sh: the package clang-14 could not be installed." >&2; exit 3; }
fi

compile() {
  # mcpu=v2: what kernels since 4.14 know, on every architecture.
  "$compiler" -target bpfel -mcpu=v2 -O2 -Wall -Wextra -Werror -nostdinc -c "$folder/processes.bpf.c" -o "$1"
}

case "${1:-}" in
  check)
    object=$(mktemp)
    trap 'rm -f "$object"' EXIT
    compile "$object"
    cmp "$object" "$folder/processes.bpf.o" && echo "The object in the tree is what the source compiles to."
    ;;
  update)
    compile "$folder/processes.bpf.o"
    ;;
  *)
    echo "usage: tools/bpf.sh check|update" >&2
    exit 2
    ;;
esac
