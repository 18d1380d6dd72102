# A line or branch is covered when any of the test projects ran it.
def counts: {run: (map(select(. > 0)) | length), all: length};
def row($name): [$name, .lines.run, .lines.all, .branches.run, .branches.all] | @tsv;

reduce (inputs | .[] | to_entries[] | .key as $path | select($path | startswith($root)) | {file: $path[($root | length):], classes: .value}) as $it
  ({};
   if $it.file | test("^(agent|cli|operator)/") then
     ($it.file | split("/")[:2] | join("/")) as $project
     | reduce ($it.classes[] | to_entries[]) as $method (.;
         reduce ($method.value.Lines | to_entries[]) as $line (.;
           .[$project].lines["\($it.file):\($line.key)"] |= ([., $line.value] | max))
         | reduce $method.value.Branches[] as $branch (.;
           .[$project].branches["\($it.file) \($method.key) \($branch.Line) \($branch.Offset) \($branch.Path)"] |= ([., $branch.Hits] | max)))
   else . end)
| map_values({lines: (.lines // {} | [.[]] | counts), branches: (.branches // {} | [.[]] | counts)})
| (to_entries | sort_by(.key)[] | .key as $project | .value | row($project)),
  ({lines: {run: ([.[].lines.run] | add), all: ([.[].lines.all] | add)}, branches: {run: ([.[].branches.run] | add), all: ([.[].branches.all] | add)}} | row("all"))
