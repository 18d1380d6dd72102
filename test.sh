#!/usr/bin/env bash
# Runs all tests and closes with `N passed, N failed, N skipped`.
#   ./test.sh            everything; what it needs and apt has is installed
#   ./test.sh --fast     only what needs no other process or server
#   ./test.sh --strict   a skipped test is a failure
#   ./test.sh PROJECT    only that project, such as Agent.Tests
set -uo pipefail
cd "$(dirname "$0")"
fast= strict= only=
for argument in "$@"; do
  case "$argument" in
    --fast) fast=1 ;;
    --strict) strict=1 ;;
    -*) echo "test.sh: unknown option $argument; allowed: --fast, --strict" >&2; exit 2 ;;
    *) only=$argument ;;
  esac
done

[ -n "$fast" ] || tools/test-tools.sh || exit 1
dotnet build Operator.sln -nologo -v quiet || exit 1

passed=0 failed=0 skipped=0
for project in Fixtures.Tests Contract.Tests Archive.Tests Agent.Tests KubectlTrail.Tests EndToEnd; do
  [ -z "$only" ] || [ "$only" = "$project" ] || continue
  [ -z "$fast" ] || [[ $project != EndToEnd && $project != Fixtures.Tests ]] || continue
  log=$(mktemp)
  echo "== $project"
  dotnet exec "tests/$project/bin/Debug/net10.0/$project.dll" -noLogo -noColor ${fast:+-trait- "Requires=*"} | tee "$log"
  code=${PIPESTATUS[0]}
  summary=$(sed -n 's/.*Total: \([0-9]*\), Errors: \([0-9]*\), Failed: \([0-9]*\), Skipped: \([0-9]*\), Not Run: \([0-9]*\).*/\1 \2 \3 \4 \5/p' "$log" | tail -n 1)
  rm -f "$log"
  if [ -z "$summary" ]; then
    echo "$project ended with code $code and without a summary." >&2
    failed=$((failed + 1))
    continue
  fi
  read -r total errors fails skips notrun <<<"$summary"
  failed=$((failed + errors + fails))
  skipped=$((skipped + skips))
  passed=$((passed + total - fails - skips - notrun))
  # A run that died half way, or found nothing, is no pass.
  [ "$code" -eq 0 ] || [ $((errors + fails)) -gt 0 ] || failed=$((failed + 1))
  [ "$total" -gt 0 ] || failed=$((failed + 1))
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && { [ -z "$strict" ] || [ "$skipped" -eq 0 ]; }
