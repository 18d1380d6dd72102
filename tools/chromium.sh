#!/usr/bin/env bash
# Chromium for tests of the console, from Debian's package, with a font to see something.
#
#   chromium.sh install    makes sure that it is there; prints the folder of chromium
#
# Exit codes: 0 done, 1 failed, 2 wrong usage, 3 it is missing and cannot be installed here.
set -euo pipefail
. "$(dirname "$0")/lib/parts.sh"

packages=(chromium fonts-dejavu-core)

# One at a time, as several test projects may find the packages missing at once.
apt_install() (
    exec 9>/var/lock/clustertrail-chromium.lock
    flock 9
    if command -v chromium >/dev/null; then exit 0; fi
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && apt-get install -y --no-install-recommends "${packages[@]}"; } >&2
)

if [[ $* != install ]]; then sed -n '4s/^# *//p' "$0" >&2; exit 2; fi
if ! command -v chromium >/dev/null; then
    if ! command -v apt-get >/dev/null || [[ $(id -u) != 0 ]]; then
        missing_part "missing: chromium. Install the Debian packages ${packages[*]}, or run this as root on Debian."
    fi
    apt_install || missing_part "missing: chromium; apt-get could not install ${packages[*]}."
fi
dirname "$(command -v chromium)"
