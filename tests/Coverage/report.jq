# Each line and branch that a test project ran or did not: project, kind, which, and how often.
inputs | .[] | to_entries[] | .key as $path | select($path | startswith($root)) | $path[($root | length):] as $file
| select($file | test("^(agent|cli|operator)/")) | ($file | split("/")[:2] | join("/")) as $project
| .value[] | to_entries[] | .key as $method
| (.value.Lines | to_entries[] | [$project, "line", "\($file):\(.key)", .value]),
  (.value.Branches[] | [$project, "branch", "\($file) \($method) \(.Line) \(.Offset) \(.Path)", .Hits])
| @tsv
