#!/usr/bin/env bash
# The main job in one go: it builds the two programs; then a real audit log, written live and rotated twice, becomes a sealed archive, and the archive is read.
# It needs the .NET 10 SDK, bash and gzip on Linux; with openssl, zstd and jq it shows more. It works in .demo/ and leaves nothing running.
#   ./demo.sh            exit code 0: everything was as it must be
set -uo pipefail
cd "$(dirname "$0")"

demo=$PWD/.demo
log=$demo/log/audit.log
archive=$demo/archive
agent=
agent_dll=agent/Agent/bin/Release/net10.0/clustertrail-agent.dll
trail_dll=cli/KubectlTrail/bin/Release/net10.0/kubectl-trail.dll

main() {
  trap stop_agent EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  build
  prepare
  start_agent
  write_live
  await_delivery
  show_telemetry
  show_findings
  stop_cleanly
  count_everything
  show_who_did_what
  show_a_record
  show_a_finding
  show_openssl
  show_proof
  show_the_way_on
}

title() { printf '\n\033[1m== %s\033[0m\n' "$1"; }
fail() { printf '\ndemo.sh: %s\n' "$1" >&2; exit 1; }
has() { command -v "$1" >/dev/null; }
trail() { dotnet exec "$trail_dll" "$@"; }
check() { if [ "$2" = "$3" ]; then printf '  %-52s %8s  ok\n' "$1" "$2"; else fail "$1: $2, but $3 is right"; fi; }

build() {
  title "Build"
  has dotnet || fail "dotnet is missing; install the .NET 10 SDK."
  has gzip || fail "gzip is missing; install it."
  echo "clustertrail-agent and kubectl-trail are built first. The first time this takes some minutes; the demo itself takes less than one."
  for project in agent/Agent cli/KubectlTrail; do
    said=$(dotnet build "$project" -c Release -v quiet -nologo 2>&1) || { echo "$said" >&2; fail "$project does not build."; }
  done
  echo "Both are built."
}

prepare() {
  title "A key pair, a configuration, selectors and detections"
  rm -rf "$demo"
  mkdir -p "$demo/log" "$demo/pieces"
  trail keys generate --out "$demo/auditor" || fail "no keys"
  write_selectors > "$demo/selectors.json"
  echo '{ "packs": ["baseline"] }' > "$demo/detections.json"
  write_configuration > "$demo/agent.json"
  dotnet exec "$agent_dll" check --config "$demo/agent.json" || fail "the configuration was refused."
  gzip -dc tests/data/audit-kubernetes-1.36.log.gz | split -l 400 -a 3 - "$demo/pieces/"
  written=$(cat "$demo"/pieces/* | wc -l)
}

write_configuration() {
  cat <<JSON
{
  "clusterName": "demo",
  "nodeName": "control-plane-1",
  "trail": "main",
  "stateDirectory": "$demo/state",
  "sources": [{ "name": "apiserver", "type": "LogFile", "logFile": { "path": "$log" } }],
  "selectors": "selectors.json",
  "detections": "detections.json",
  "batch": { "maxBytes": 2097152, "maxAgeSeconds": 2 },
  "encryption": { "type": "Envelope", "envelope": { "recipientPaths": ["auditor.pub.pem"] } },
  "sink": { "type": "Directory", "directory": { "path": "$archive" } },
  "telemetry": { "listen": "127.0.0.1:0" }
}
JSON
}

write_selectors() {
  cat <<'JSON'
{
  "ruleSets": [
    {
      "name": "main",
      "rules": [
        // That secrets were touched, never what they say.
        { "level": "Metadata", "resources": [{ "group": "", "resources": ["secrets", "configmaps", "serviceaccounts/token"] }] },
        // Whatever was denied, whole.
        { "level": "RequestResponse", "fields": [{ "path": "responseStatus.code", "operator": "Equals", "values": ["403"] }] },
        // What machines write all the time.
        { "level": "None", "resources": [{ "group": "", "resources": ["events"] }, { "group": "events.k8s.io" }, { "group": "coordination.k8s.io" }] },
        { "level": "None", "userGroups": ["system:nodes", "system:serviceaccounts:kube-system"], "resources": [{ "group": "*", "resources": ["*/status"] }] },
        { "level": "None", "users": ["system:apiserver", "system:kube-controller-manager", "system:kube-scheduler"], "verbs": ["get", "list", "watch"] },
        { "level": "RequestResponse", "resources": [{ "group": "rbac.authorization.k8s.io" }] },
        { "level": "Request", "verbs": ["create", "update", "patch", "delete", "deletecollection"] },
        { "level": "Metadata" }
      ]
    }
  ]
}
JSON
}

start_agent() {
  title "The agent starts before there is a log"
  dotnet exec "$agent_dll" run --config "$demo/agent.json" > "$demo/agent.log" 2>&1 &
  agent=$!
  port=
  for _ in $(seq 300); do
    port=$(sed -n 's|.*telemetry at http://127.0.0.1:\([0-9]*\)/\.$|\1|p' "$demo/agent.log")
    [ -z "$port" ] || break
    kill -0 "$agent" 2>/dev/null || { cat "$demo/agent.log" >&2; fail "the agent ended."; }
    sleep 0.1
  done
  [ -n "$port" ] || fail "the agent did not start within 30 s, see $demo/agent.log"
  echo "It runs as process $agent and tells of itself at http://127.0.0.1:$port/status"
}

write_live() {
  title "kube-apiserver's log is written, $written events, and rotated twice"
  local pieces=("$demo"/pieces/*) at
  for at in "${!pieces[@]}"; do
    case $at in $((${#pieces[@]} / 3)) | $((2 * ${#pieces[@]} / 3))) rotate ;; esac
    cat "${pieces[$at]}" >> "$log"
    sleep 0.1
  done
  echo "log/audit.log: $(wc -l < "$log") events"
  rm -rf "$demo/pieces"
}

# As lumberjack does for kube-apiserver: rename, then make a new file.
rotate() {
  local name
  name=audit-$(date -u +%Y-%m-%dT%H-%M-%S.%3N).log
  mv "$log" "$demo/log/$name"
  echo "log/$name: $(wc -l < "$demo/log/$name") events, renamed while the agent reads it"
}

# Without curl: a body of a page of the agent.
page() {
  exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$1" >&3
  sed '1,/^\r$/d' <&3
  exec 3>&-
}

metric() { page /metrics | sed -n "s/^clustertrail_$1{[^}]*} //p"; }

await_delivery() {
  for _ in $(seq 600); do
    read_events=$(metric source_read_events_total)
    selected=$(metric selected_events_total)
    insights=$(metric insight_records_total)
    delivered=$(metric delivered_events_total)
    [ "$read_events" = "$written" ] && [ "$delivered" = $((selected + insights)) ] && return
    kill -0 "$agent" 2>/dev/null || fail "the agent ended, see $demo/agent.log"
    sleep 0.1
  done
  fail "not all was delivered within a minute: written $written, read $read_events, selected $selected, records of findings $insights, delivered $delivered; see $demo/agent.log"
}

show_telemetry() {
  title "What the agent tells: /metrics"
  page /metrics | grep -E '^clustertrail_(source_(read_events|read_bytes|gaps)|selected_events|insight_records|delivered_(events|bytes|batches)|unparsable_events)_total' | sed 's/^/  /'
  title "What the agent tells: /status"
  if has jq; then page /status | jq '{sources, spool, sinks}' | sed 's/^/  /'; else page /status; echo; fi
}

show_findings() {
  title "What detections found: clustertrail_detections_total, ready for Prometheus"
  page /metrics | sed -nE 's/^clustertrail_detections_total\{(.*)\} ([1-9][0-9]*)$/\2 \1/p' | sort -rn > "$demo/findings.txt"
  findings=$(awk '{ all += $1 } END { print all + 0 }' "$demo/findings.txt")
  [ "$findings" -gt 0 ] || fail "no rule fired on a log with impersonation, role bindings and deleted namespaces."
  head -n 6 "$demo/findings.txt" | sed 's/^/  /'
}

stop_cleanly() {
  kill -TERM "$agent"
  wait "$agent"
  local code=$?
  agent=
  [ "$code" -eq 0 ] || fail "the agent ended with exit code $code, see $demo/agent.log"
}

count_everything() {
  title "Nothing is lost, nothing is there twice"
  trail cat "$archive" --key "$demo/auditor.key.pem" > "$demo/records.ndjson" || fail "the archive cannot be read."
  local records ids cut
  records=$(wc -l < "$demo/records.ndjson")
  # Every record begins {"eventVersion":"1.0","eventID":"…"
  ids=$(cut -d '"' -f 8 "$demo/records.ndjson" | sort -u | wc -l)
  cut=$(grep -v '"eventCategory":"Insight"' "$demo/records.ndjson" | grep -c '"recordedLevel":')
  check "events written" "$written" "$(cat "$demo"/log/*.log | wc -l)"
  check "events read" "$read_events" "$written"
  check "events selected and findings (not selected: $((read_events - selected)))" "$((selected + insights))" "$((selected + findings))"
  check "of them delivered" "$delivered" "$((selected + insights))"
  check "records in the archive" "$records" "$delivered"
  check "different eventIDs in it" "$ids" "$records"
  [ "$cut" -gt 0 ] && [ "$selected" -lt "$written" ] || fail "the selectors did nothing"
  printf '  %-52s %8s\n' "records with a body left out by a rule" "$cut"
  check "findings among them (eventCategory Insight)" "$(grep -c '"eventCategory":"Insight"' "$demo/records.ndjson")" "$findings"
  printf '  %-52s %8s\n' "sealed objects" "$(find "$archive" -name '*.cms' | wc -l)"
  printf '  %-52s %8s\n' "bytes of audit log" "$(cat "$demo"/log/*.log | wc -c)"
  printf '  %-52s %8s\n' "bytes of archive, compressed and encrypted" "$(find "$archive" -type f -exec cat {} + | wc -c)"
}

show_who_did_what() {
  title "Who did what: kubectl trail cat .demo/archive --key .demo/auditor.key.pem -o table"
  trail cat "$archive" --key "$demo/auditor.key.pem" -o table > "$demo/table.txt" || fail "the archive cannot be read."
  excerpt "Somebody acts as a service account and reaches for secrets" ' as system:serviceaccount:.* list secrets '
  excerpt "Secrets" '^[^ ]+ +kubernetes-admin +create secrets '
  excerpt "Who may do what is changed" '^[^ ]+ +kubernetes-(super-)?admin +create (cluster)?rolebindings '
  excerpt "Denied to a node" '^[^ ]+ +system:node:[^ ]+ .* Forbidden'
  excerpt "Namespaces are deleted" '^[^ ]+ +kubernetes-admin +delete namespaces '
  excerpt "What detections found, beside the events that are their evidence" '^[^ ]+ +[^ ].* finding: '
}

excerpt() {
  local found
  found=$(grep -E -c -- "$2" "$demo/table.txt")
  [ "$found" -gt 0 ] || fail "the archive has nothing for: $1"
  printf '\n%s (%s)\n' "$1" "$found"
  { head -n 1 "$demo/table.txt"; grep -E -m 4 -- "$2" "$demo/table.txt"; } | sed -E 's/  +/\t/g' | columns
}

columns() {
  awk -F'\t' '{ for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } }
    END { for (row = 1; row <= NR; row++) { line = "  "; for (i = 1; i <= NF; i++) line = line sprintf("%-" width[i] "s  ", cell[row, i]); sub(/ +$/, "", line); print line } }'
}

show_a_record() {
  title "One record"
  record=$(grep -m 1 '"eventName":"create secrets"' "$demo/records.ndjson")
  [ -n "$record" ] || fail "no secret was created."
  case $record in *'"requestObject"'* | *'"responseObject"'*) fail "a secret's body is in the archive." ;; esac
  if has jq; then jq . <<<"$record"; else echo "$record"; fi
}

show_a_finding() {
  title "One finding, and the event that is its evidence"
  local finding evidence
  finding=$(grep -m 1 '"rule":"impersonation-used"' "$demo/records.ndjson")
  [ -n "$finding" ] || fail "there is no finding that somebody acted as another."
  evidence=$(sed -E 's/.*"eventIDs":\["([^"]+)".*/\1/' <<<"$finding")
  grep -q "\"eventID\":\"$evidence\"" "$demo/records.ndjson" || fail "the finding's evidence $evidence is not in the archive."
  if has jq; then jq '{eventID, eventTime, eventCategory, eventName, userIdentity, insightDetails}' <<<"$finding"; else echo "$finding"; fi
}

show_openssl() {
  title "Without ClusterTrail"
  local batch line
  batch=$(find "$archive" -name '*.cms' | sort | head -n 1)
  line="openssl cms -decrypt -binary -inform DER -in \"\$BATCH\" -inkey \"\$KEY\" | zstd -dc | jq -r .eventName | sort | uniq -c | sort -rn | head -n 5"
  echo "KEY=.demo/auditor.key.pem"
  echo "BATCH=.demo/${batch#"$demo"/}"
  echo "$line"
  if has openssl && has zstd && has jq; then
    (set -o pipefail; openssl cms -decrypt -binary -inform DER -in "$batch" -inkey "$demo/auditor.key.pem" | zstd -dc | jq -r .eventName > "$demo/names.txt") \
      || fail "openssl does not open the batch."
    sort "$demo/names.txt" | uniq -c | sort -rn | head -n 5
  else
    echo "(openssl, zstd or jq is not installed here, so the line was not run.)"
  fi
}

show_proof() {
  title "Proof that nothing was changed or removed"
  if ! has openssl; then
    echo "(openssl is not installed here, so the agent's public key was not taken from its key.)"
    return
  fi
  local removed missing=45
  openssl pkey -in "$demo/state/integrity/key.pem" -pubout -out "$demo/agent.pub.pem" || fail "the agent has no key."
  trail verify "$archive" --agent-keys "$demo/agent.pub.pem" || fail "the archive is not what its digests say."
  printf '\nThe same without one batch:\n'
  removed=$(find "$archive/events" -name '*.cms' | sort | head -n 1)
  mv "$removed" "$demo/removed.cms"
  trail verify "$archive" --agent-keys "$demo/agent.pub.pem"
  [ $? = $missing ] || fail "a batch is missing, and kubectl trail verify did not end with $missing."
  mv "$demo/removed.cms" "$removed"
}

show_the_way_on() {
  rm -f "$demo/records.ndjson" "$demo/table.txt" "$demo/names.txt" "$demo/findings.txt"
  title "Go on alone"
  cat <<TEXT
archive      .demo/archive
private key  .demo/auditor.key.pem
agent's log  .demo/agent.log

Put the plugin on your PATH, and it is \`kubectl trail\`:
  dotnet publish cli/KubectlTrail -c Release -o ~/.local/lib/kubectl-trail
  mkdir -p ~/.local/bin && ln -sf ~/.local/lib/kubectl-trail/kubectl-trail ~/.local/bin/kubectl-trail
  kubectl trail cat .demo/archive --key .demo/auditor.key.pem -o table

Or run it from here:
  dotnet exec $trail_dll cat .demo/archive --key .demo/auditor.key.pem

The agent again, on the same log (nothing is read twice; it ends with Ctrl-C):
  dotnet exec $agent_dll run --config .demo/agent.json
TEXT
}

# However the demo ends.
stop_agent() {
  [ -n "$agent" ] || return 0
  kill -TERM "$agent" 2>/dev/null
  for _ in $(seq 100); do
    kill -0 "$agent" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$agent" 2>/dev/null
}

main "$@"
