#!/usr/bin/env bash
# Prometheus and Alertmanager for tests, from Debian's packages, in the user's cache folder.
#
#   prometheus.sh install    makes sure that they are there; prints the folder of prometheus, promtool, alertmanager, amtool
#
# alertmanager looks for its templates in the folder it runs in, which has to be this one.
# Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a part is missing and cannot be installed here.
set -euo pipefail
. "$(dirname "$0")/lib/parts.sh"

make() {
    debian_packages "" "$1" prometheus prometheus-alertmanager
    mv "$1"/usr/bin/{prometheus,promtool,amtool} "$1/"
    mv "$1/usr/bin/prometheus-alertmanager" "$1/alertmanager"
    mv "$1"/usr/share/prometheus/alertmanager/*.tmpl "$1/"
    # Debian's has a folder of the system compiled in, where only root could put them: another name of the same length for "here".
    LC_ALL=C sed -i 's#/usr/share/prometheus/alertmanager#./////////////////////////////////#g' "$1/alertmanager"
    rm -rf "$1"/{usr,etc,lib,var}
    local program
    for program in prometheus promtool alertmanager amtool; do "$1/$program" --version; done
}

if [[ $* != install ]]; then sed -n '4s/^# *//p' "$0" >&2; exit 2; fi
install_part prometheus "$(machine_suite)-$(cksum <"$0" | cut -d ' ' -f 1)" make
