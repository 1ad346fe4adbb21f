#!/usr/bin/env bash
# Tests the running pipeline from outside with public tools only: Azure CLI, curl, jq.
# Usage: run.sh [address of the API]; storage: AZURE_STORAGE_CONNECTION_STRING, by default the emulator.
set -euo pipefail
api="${1:-http://127.0.0.1:7071}"
export AZURE_STORAGE_CONNECTION_STRING="${AZURE_STORAGE_CONNECTION_STRING:-UseDevelopmentStorage=true}"
run="e2e-$(date +%s)"

fail() { echo "FAILED: $*" >&2; exit 1; }

put() { az storage message put --queue-name "$1" --content "$2" --time-to-live -1 --output none; }

post() { curl -sS -X POST -H 'Content-Type: application/json' "$@"; }

# await <path> <jq filter> <what>: waits until the filter matches the response of the API.
await() {
  for _ in $(seq 120); do
    if curl -sS "$api/$1" | jq -e "$2" > /dev/null 2>&1; then echo "ok: $3"; return; fi
    sleep 1
  done
  curl -sS "$api/$1" >&2 || true
  fail "$3"
}

# Generates a version 7 UUID of the current time.
job_id() {
  local ms random
  ms=$(printf '%012x' "$(date +%s%3N)")
  random=$(od -An -N10 -tx1 /dev/urandom | tr -d ' \n')
  echo "${ms:0:8}-${ms:8:4}-7${random:0:3}-8${random:3:3}-${random:6:12}"
}

curl -sSf "$api/health/live" > /dev/null || fail "the API does not respond"
curl -sSf "$api/health/ready" > /dev/null || fail "the pipeline is not ready"

az storage container create --name inbox --output none
printf 'hello' > "$run.txt"
trap 'rm -f "$run.txt"' EXIT
az storage blob upload --container-name inbox --name "$run.txt" --file "$run.txt" --output none --only-show-errors
payload="{\"blob\":\"inbox/$run.txt\"}"

# Drop: the message's job is found by its unique key, of which a second submission is a duplicate.
put jobs "{\"type\":\"blob.checksum\",\"payload\":$payload,\"key\":\"$run\"}"
for _ in $(seq 60); do
  [ "$(az storage message peek --queue-name jobs --query 'length(@)' --output tsv)" = 0 ] && break
  sleep 1
done
dropped=$(post -H "Idempotency-Key: $run" -d "$payload" "$api/api/jobs/blob.checksum")
[ "$(jq -r .isDuplicate <<< "$dropped")" = true ] || fail "the dropped message was not received: $dropped"
await "api/jobs/$(jq -r .id <<< "$dropped")" '.state == "succeeded"' "a dropped message succeeds"

# Submit.
submitted=$(post -d "$payload" "$api/api/jobs/blob.checksum?queue=jobs-high&tag=e2e")
await "api/jobs/$(jq -r .id <<< "$submitted")" '.state == "succeeded" and .queue == "jobs-high"' "a submitted job succeeds"

# Cancel.
later=$(post -d "$payload" "$api/api/jobs/blob.checksum?delay=01:00:00" | jq -r .id)
post "$api/api/jobs/$later/cancel" > /dev/null
await "api/jobs/$later" '.state == "cancelled"' "a job that waits is cancelled"

# Poison: an unknown message becomes a dead letter; the message of a live job is re-sent.
stranger=$(job_id)
put jobs-poison "{\"v\":1,\"jobId\":\"$stranger\",\"attempt\":1,\"type\":\"blob.checksum\",\"enqueuedAt\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\",\"payload\":$payload}"
await "api/dead-letters/$stranger" '.reason == "poison"' "a poison message of an unknown job is a dead letter"
alive=$(post -d "$payload" "$api/api/jobs/blob.checksum?delay=00:00:20")
id=$(jq -r .id <<< "$alive")
put jobs-poison "{\"v\":1,\"jobId\":\"$id\",\"attempt\":1,\"type\":\"blob.checksum\",\"enqueuedAt\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\",\"payload\":$payload}"
await "api/jobs/$id" '.state == "succeeded"' "a poison copy of a live job is harmless"
echo "All passed"
