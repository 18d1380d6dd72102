#!/usr/bin/env bash
# Prints how much of each product project the tests ran, from the *.json files in FOLDER that run.sh wrote: report.sh FOLDER
set -euo pipefail

here=$(dirname "$0")

table() {
    awk -F '\t' '
        function share(run, all) { return sprintf("%d of %d", run, all) sprintf("%8s", all ? sprintf("%.1f %%", 100 * run / all) : "-") }
        BEGIN { printf "%-26s %24s %24s\n", "coverage", "lines", "branches" }
        { printf "%-26s %24s %24s\n", $1, share($2, $3), share($4, $5) }'
}

shopt -s nullglob
reports=("$1"/*.json)
if ((${#reports[@]} == 0)); then
    echo "No coverage: none of these tests is measured."
elif ! command -v jq >/dev/null; then
    echo "No coverage: jq is not installed."
else
    jq -rn --arg root "$PWD/" -f "$here/report.jq" "${reports[@]}" | table
fi
