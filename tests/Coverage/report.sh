#!/usr/bin/env bash
# Prints how much of each product project the tests ran, from the *.json files in FOLDER that run.sh wrote: report.sh FOLDER
set -euo pipefail

here=$(dirname "$0")

# A line or branch is covered when any of the test projects ran it.
counts() {
    awk -F '\t' -v OFS='\t' '
        { which = $2 FS $3 }
        !(which in seen) { seen[which]; all[$1, $2]++; projects[$1] }
        $4 > 0 && !(which in ran) { ran[which]; run[$1, $2]++ }
        END { for (project in projects) print project, run[project, "line"] + 0, all[project, "line"] + 0, run[project, "branch"] + 0, all[project, "branch"] + 0 }'
}

table() {
    awk -F '\t' '
        function share(run, all) { return sprintf("%d of %d", run, all) sprintf("%8s", all ? sprintf("%.1f %%", 100 * run / all) : "-") }
        function row(name, lines, allLines, branches, allBranches) {
            printf "%-26s %24s %24s\n", name, share(lines, allLines), share(branches, allBranches)
        }
        BEGIN { printf "%-26s %24s %24s\n", "coverage", "lines", "branches" }
        { row($1, $2, $3, $4, $5); for (at = 2; at <= 5; at++) sum[at] += $at }
        END { row("all", sum[2], sum[3], sum[4], sum[5]) }'
}

shopt -s nullglob
reports=("$1"/*.json)
if ((${#reports[@]} == 0)); then
    echo "No coverage: none of these tests is measured."
elif ! command -v jq >/dev/null; then
    echo "No coverage: jq is not installed."
else
    jq -rn --arg root "$PWD/" -f "$here/report.jq" "${reports[@]}" | counts | LC_ALL=C sort | table
fi
