#!/usr/bin/env bash
# Runs one workload on a Functions host and prints the time from the creation of the first workflow to the end of the last, by
# the host's own clock. Usage: measure.sh plain|ours <address> chain <steps> | fan-out <items> | many <chains> <steps>
# FUNCTIONS_KEY: the key, where the host asks for one. JOB: the job type of ours; by default bench.no-op.
set -euo pipefail
side="$1" api="$2" shape="$3" size="$4" steps="${5:-5}"
job="${JOB:-bench.no-op}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

call() { curl -sSf -H "x-functions-key: ${FUNCTIONS_KEY:-none}" -H 'Content-Type: application/json' "$@"; }

# The bodies of our own API: the definition travels with the start.
chain() {
  jq -nc --argjson steps "$1" --arg job "$job" '{ definition: { name: "bench-chain", steps: ([range($steps) | {
    key: "s\(.)",
    value: ({ job: $job, payload: { number: (if . == 0 then 0 else "${{ steps.s\(. - 1).output }}" end) } }
      + if . == 0 then {} else { needs: ["s\(. - 1)"] } end) }] | from_entries) } }'
}

fan_out() {
  jq -nc --argjson items "$1" --arg job "$job" '{ input: [range($items)], definition: { name: "bench-fan-out", steps: {
    each: { forEach: { items: "${{ input }}", maxParallel: 256, job: $job, payload: { number: "${{ item }}" } } } } } }'
}

# Prints the ids of the started workflows, one a line. Both sides start many workflows by one request each, 16 at a time.
start() {
  case "$side $shape" in
    "plain chain") call -X POST "$api/api/chain/$size" | jq -r '.[]' ;;
    "plain fan-out") call -X POST "$api/api/fan-out/$size" | jq -r '.[]' ;;
    "plain many")
      export -f call
      seq "$size" | xargs -P 16 -I{} bash -c "call -X POST '$api/api/chain/$steps'" | jq -r '.[]' ;;
    "ours chain") chain "$size" > "$work/body"; call -d "@$work/body" "$api/api/workflows" | jq -r .id ;;
    "ours fan-out") fan_out "$size" > "$work/body"; call -d "@$work/body" "$api/api/workflows" | jq -r .id ;;
    "ours many")
      chain "$steps" > "$work/body"
      export -f call
      seq "$size" | xargs -P 16 -I{} bash -c "call -d '@$work/body' '$api/api/workflows'" | jq -r .id ;;
    *) echo "unknown: $side $shape" >&2; exit 64 ;;
  esac
}

start > "$work/ids"
while read -r id; do
  until call "$api/api/workflows/$id" > "$work/$id.json" && jq -e '.runtimeStatus == "Completed"' "$work/$id.json" > /dev/null; do
    if jq -e '.runtimeStatus | IN("Failed", "Terminated", "Canceled")' "$work/$id.json" > /dev/null; then
      echo "$id did not complete: $(cat "$work/$id.json")" >&2
      exit 1
    fi
    sleep 0.5
  done
done < "$work/ids"

# Times carry fractions, which jq's own parser refuses.
jq -s 'def seconds: capture("^(?<whole>[^.+Z]+)(?<part>[.][0-9]+)?") | (.whole + "Z" | fromdateiso8601) + ((.part // "0") | tonumber);
  (map(.lastUpdatedTime | seconds) | max) - (map(.createdTime | seconds) | min)' "$work"/*.json |
  xargs printf "$side, $shape of $size: %.2f s\n"
