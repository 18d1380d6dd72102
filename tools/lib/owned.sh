#!/usr/bin/env bash
# Runs a server that ends when standard input does: when who holds the other end closes it or ends, however it ends.
#
#   owned.sh LOG COMMAND [ARGUMENT...]    the server has this script's process id; its output is appended to LOG
set -euo pipefail

log=$1
shift
exec 3<&0 </dev/null >>"$log" 2>&1
# Its process id may be another's by then: only who is still our parent is it.
setsid bash -c 'cat <&3 >/dev/null; if grep -q "^PPid:\s$1\$" /proc/$$/status; then kill -KILL "$1"; fi' watch $$ >/dev/null &
exec 3<&- "$@"
