#!/usr/bin/env bash
# Makes sure that what the tests run beside us is there: openssl, jq, zstd. Quick when nothing is to do.
# The servers are no matter of this script: the test that first uses one installs it.
# What cannot be installed here is said; the tests that need it skip with a sentence.
set -uo pipefail

declare -A package=([openssl]=openssl [jq]=jq [zstd]=zstd)
missing=()
for program in "${!package[@]}"; do
  command -v "$program" >/dev/null || missing+=("${package[$program]}")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo "test-tools: not installed, and only root on Debian can: ${missing[*]}. Tests that need them are skipped." >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1; then
  echo "test-tools: apt-get could not install ${missing[*]}. Tests that need them are skipped." >&2
fi
exit 0
