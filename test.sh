#!/usr/bin/env bash
# Builds, runs the tests and closes with `N passed, N failed, N skipped`. docs/testing.md tells more.
#
#   ./test.sh                           all of them; parts they need are installed where they can be
#   ./test.sh --fast                    those that need no other process or server, with fewer random sequences: under a minute
#   ./test.sh --strict                  a skipped test is a failure
#   ./test.sh --coverage                also tells how much of each project the tests ran
#   ./test.sh PROJECT...                only these, such as Agent.Tests
#   ./test.sh PROJECT... -- FILTER...   of these only what the filter selects: -class '*.KillTests', -method '*.AMethod'
#
# Exit codes: 0 all passed, 1 something failed, 2 wrong usage.
set -euo pipefail
cd "$(dirname "$0")"

configuration=Release
results=artifacts/tests
fast='' strict='' coverage=''
chosen=() filter=()
declare -A running=() began=()
passed=0 failed=0 skipped=0

main() {
    parse "$@"
    [[ -n $fast ]] || tools/test-tools.sh
    stage build build
    rm -rf "$results"
    mkdir -p "$results"
    set -m # each project is a process group, so that nothing of it is left when we are stopped
    trap 'stop_all; exit 130' INT TERM
    stage tests run_all
    conclude
}

stage() {
    local since=$SECONDS
    "${@:2}"
    echo "-- $1: $((SECONDS - since)) s"
}

usage() {
    echo "test.sh: $1" >&2
    sed -n '4,9s/^# *//p' test.sh >&2
    exit 2
}

parse() {
    local known
    known=" $(projects | tr '\n' ' ')"
    while (($#)); do
        case $1 in
            --fast) fast=1 ;;
            --strict) strict=1 ;;
            --coverage) coverage=1 ;;
            --) filter=("${@:2}"); break ;;
            -*) usage "unknown option $1" ;;
            *)
                [[ $known == *" $1 "* ]] || usage "there is no test project $1; there are:$known"
                chosen+=("$1")
                ;;
        esac
        shift
    done
    if [[ -n $fast ]]; then
        export CLUSTERTRAIL_TEST_FAST=1
        filter+=(-trait- "Requires=*")
    fi
    ((${#chosen[@]})) || mapfile -t chosen < <(projects)
}

# The end-to-end tests first: they take longest, and mostly wait.
projects() {
    local folder name
    for folder in tests/EndToEnd tests/*.Tests; do
        name=${folder#tests/}
        if [[ ! -f $folder/$name.csproj ]]; then continue; fi
        if [[ -n $fast ]] && is_about_processes "$name"; then continue; fi
        echo "$name"
    done
}

is_about_processes() { [[ $1 == EndToEnd || $1 == Fixtures.Tests ]]; }

build() {
    local what=Operator.sln
    ((${#chosen[@]} > 1)) || what=tests/${chosen[0]}
    # One compiler for all projects; it would outlive us and hold our output open.
    local code=0
    dotnet build "$what" -c "$configuration" -nologo -v quiet -p:UseSharedCompilation=true || code=$?
    dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1 || true
    return "$code"
}

run_all() {
    local project
    for project in "${chosen[@]}"; do
        ((${#running[@]} < $(nproc))) || finish_one
        start "$project"
    done
    while ((${#running[@]})); do finish_one; done
}

# Output is shown when a project is through, as two at a time would be unreadable; of a single one at once.
start() {
    local log=$results/$1.log
    began[$1]=$SECONDS
    if ((${#chosen[@]} == 1)); then
        echo "== $1"
        { execute "$1" 2>&1 | tee "$log"; } </dev/null &
    else
        execute "$1" >"$log" 2>&1 </dev/null &
    fi
    running[$!]=$1
}

execute() {
    local folder=tests/$1/bin/$configuration/net10.0
    if [[ -z $coverage ]] || is_about_processes "$1"; then
        exec dotnet exec "$folder/$1.dll" -noLogo -noColor "${filter[@]}"
    fi
    tests/Coverage/run.sh "$folder" "$results/$1" -noLogo -noColor "${filter[@]}"
}

finish_one() {
    local id code=0
    wait -n -p id "${!running[@]}" || code=$?
    local project=${running[$id]}
    unset "running[$id]"
    if ((${#chosen[@]} > 1)); then
        echo "== $project ($((SECONDS - began[$project])) s)"
        cat "$results/$project.log"
    fi
    count "$project" "$code"
}

# A run that died half way is a failure, whatever it counted before.
count() {
    local project=$1 code=$2 summary
    summary=$(grep -aE '^ +[^ ]+ +Total: [0-9]+' "$results/$project.log" | tail -n 1) || true
    if [[ -z $summary ]]; then
        echo "$project ended with code $code and without a summary: it counts as one failure."
        failed=$((failed + 1))
        return
    fi
    local fails skips
    fails=$(($(number Errors "$summary") + $(number Failed "$summary")))
    skips=$(number Skipped "$summary")
    passed=$((passed + $(number Total "$summary") - $(number Failed "$summary") - skips - $(number 'Not Run' "$summary")))
    skipped=$((skipped + skips))
    if ((code != 0 && fails == 0)); then
        echo "$project ended with code $code though no test failed: it counts as one failure."
        fails=1
    fi
    failed=$((failed + fails))
}

# Where nothing was selected, only the total is there.
number() {
    local value
    value=$(sed -n "s/.*$1: \([0-9]*\).*/\1/p" <<<"$2")
    echo "${value:-0}"
}

conclude() {
    [[ -z $coverage ]] || stage coverage tests/Coverage/report.sh "$results"
    if ((skipped)); then
        echo "Skipped:"
        sed -n '/\[SKIP\]$/ {N; s/\n */: /; s/ \[SKIP\]//; p}' "$results"/*.log
    fi
    if ((passed + failed + skipped == 0)); then
        echo "No test ran: nothing matches ${filter[*]}."
        failed=1
    fi
    echo "$passed passed, $failed failed, $skipped skipped"
    ((failed == 0)) && [[ -z $strict || $skipped == 0 ]]
}

stop_all() {
    local id
    for id in "${!running[@]}"; do
        kill -TERM -- "-$id" 2>/dev/null || true
        echo "== ${running[$id]} was stopped; its last lines:" >&2
        tail -n 20 "$results/${running[$id]}.log" >&2
    done
}

main "$@"
