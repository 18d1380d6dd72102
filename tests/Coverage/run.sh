#!/usr/bin/env bash
# Runs a built test project with coverage: run.sh FOLDER RESULT ARGUMENT... FOLDER holds its assemblies, RESULT.json gets the coverage.
# The tests run in a copy of FOLDER, as coverage is counted by code that is put into the assemblies.
set -euo pipefail

folder=$1 result=$(readlink -f "$(dirname "$2")")/$(basename "$2")
name=$(basename "$2")
shift 2
copy=$result.coverage
here=$(dirname "$0")

# coverlet 6 gives up a whole assembly for a class with a [LibraryImport]: these classes are left out.
excluded() {
    echo "[Testing*]*,[*.Tests]*"
    grep -rlF '[LibraryImport(' --include='*.cs' --exclude-dir=obj agent cli operator | sed 's#.*/#[*]*.#; s#\.cs$##'
}

run_instrumented() {
    TestExclude=$(excluded | paste -sd ,) TestAssembly=$copy/$name.dll TestCoverage=$result.json \
        TestCommand="$(printf '%q ' dotnet exec "$copy/$name.dll" "$@") >'$result.out' 2>&1; echo \$? >'$result.code'" \
        dotnet msbuild "$here/coverage.proj" -t:Run -nologo -warnaserror >"$result.coverage.txt" 2>&1
}

cp -r "$folder" "$copy"
covered=0
run_instrumented "$@" || covered=$?
[[ ! -f $result.out ]] || cat "$result.out"
if ((covered)); then
    echo "The coverage of $name could not be measured:"
    cat "$result.coverage.txt"
    exit 1
fi
rm -rf "$copy" "$result.out"
exit "$(<"$result.code")"
