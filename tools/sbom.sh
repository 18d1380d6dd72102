#!/usr/bin/env bash
# A bill of materials (CycloneDX 1.6, JSON) of the three programs: each package of their lock files, and the runtime that they bring along.
# It has no time and no random number: the same lock files give the same bytes.
# docs/decisions/0023-own-bill-of-materials.md says why it is ours.
set -euo pipefail
cd "$(dirname "$0")/.."

programs=(agent/Agent operator/Operator cli/KubectlTrail)

version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
runtime=$(dotnet msbuild cli/KubectlTrail -getProperty:BundledNETCoreAppPackageVersion)

name_of() { sed -n 's:.*<AssemblyName>\(.*\)</AssemblyName>.*:\1:p' "$1"/*.csproj; }

for program in "${programs[@]}"; do
    jq --arg name "$(name_of "$program")" '{name: $name, packages: .dependencies["net10.0"]}' "$program/packages.lock.json"
done | jq --slurp --sort-keys --arg version "$version" --arg runtime "$runtime" '
    def purl($name; $version): "pkg:nuget/\($name)@\($version)";
    def is_package: .value.type != "Project";
    # Names of packages are spelled in more than one way.
    def refs($packages; $names):
        ($packages | to_entries
            | map(select(is_package) | {key: (.key | ascii_downcase), value: purl(.key; .value.resolved)})
            | from_entries) as $known
        | [$names[] | $known[ascii_downcase] // empty] | unique;
    def direct($packages):
        [$packages | to_entries[]
            | if is_package then select(.value.type == "Direct").key else (.value.dependencies // {} | keys[]) end];
    ["Microsoft.NETCore.App.Runtime", "Microsoft.AspNetCore.App.Runtime"] as $frameworks
    | . as $programs
    | {
        bomFormat: "CycloneDX", specVersion: "1.6", version: 1,
        metadata: {
            component: {type: "application", "bom-ref": "clustertrail", name: "clustertrail", version: $version,
                licenses: [{license: {id: "Apache-2.0"}}]}
        },
        components: (
            [$programs[] | {type: "application", "bom-ref": .name, name, version: $version, licenses: [{license: {id: "Apache-2.0"}}]}]
            + [$frameworks[] | {type: "framework", "bom-ref": purl(.; $runtime), name: ., version: $runtime, purl: purl(.; $runtime)}]
            + ([$programs[].packages | to_entries[] | select(is_package)
                | {type: "library", "bom-ref": purl(.key; .value.resolved), name: .key, version: .value.resolved,
                    purl: purl(.key; .value.resolved),
                    # NuGet hashes the content without the signature, so this is not the hash of a file.
                    properties: [{name: "nuget:contentHash", value: .value.contentHash}]}] | unique_by(."bom-ref"))),
        dependencies: (
            [{ref: "clustertrail", dependsOn: [$programs[].name]}]
            + [$programs[] | {ref: .name,
                dependsOn: (refs(.packages; direct(.packages))
                    + (if .name == "kubectl-trail" then $frameworks[:1] else $frameworks end | map(purl(.; $runtime))))}]
            + ([$programs[] | .packages as $packages | $packages | to_entries[] | select(is_package)
                | {ref: purl(.key; .value.resolved), dependsOn: refs($packages; (.value.dependencies // {} | keys))}]
                | group_by(.ref) | map({ref: .[0].ref, dependsOn: ([.[].dependsOn[]] | unique)})))
    }'
