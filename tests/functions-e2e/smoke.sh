#!/usr/bin/env bash
# Tests a deployed pipeline: a job, a workflow, a deliberate failure, and how operators see it.
# It needs only the API: the jobs call its public address.
# Usage: smoke.sh <address of the API>
#   FUNCTIONS_KEY  a function key, if the API requires one
#   MAKE_FAILURE   "no" skips the deliberate failure and the alert that it raises (production)
#   APP_INSIGHTS   resource id of the Application Insights of the app; the query of the alert must then find the failure (az)
#   PATIENCE       timeout for each expectation, in seconds; default 300
set -euo pipefail
api="${1:?usage: smoke.sh <address of the API>}"
api="${api%/}"
patience="${PATIENCE:-300}"
run="smoke-$(date +%s)-$$"
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT
{ echo 'Content-Type: application/json'; [ -z "${FUNCTIONS_KEY:-}" ] || echo "x-functions-key: $FUNCTIONS_KEY"; } > "$headers"

fail() { echo "FAILED: $*" >&2; exit 1; }

# call <method> <path> [curl options]: prints the body of the response; retries, because chaos may disturb the storage.
call() {
  curl -sS --fail-with-body --max-time 30 --retry 5 --retry-all-errors --retry-delay 2 -H "@$headers" -X "$1" "$api/$2" "${@:3}" ||
    fail "$1 $2"
}

# await <path> <jq filter> <what>: waits until the filter matches the response of the API.
await() {
  local answer=''
  for ((waited = 0; waited < patience; waited++)); do
    answer=$(curl -sS --max-time 30 -H "@$headers" "$api/$1" 2>&1) || true
    if jq -e "$2" <<< "$answer" > /dev/null 2>&1; then echo "ok: $3"; return; fi
    sleep 1
  done
  fail "$3: after $patience s $1 is $answer"
}

# fail_once <name>: runs a job that calls a blocked address; prints its error group.
fail_once() {
  local id
  id=$(call POST api/jobs/http.request -H "Idempotency-Key: $run-$1" -d '{ "url": "http://169.254.169.254/latest" }' | jq -r .id)
  await "api/dead-letters/$id" '.reason == "permanentFailure" and .errorGroup != null' "a deliberate failure is a dead letter ($1)" >&2
  call GET "api/dead-letters/$id" | jq -r .errorGroup
}

await health/ready '.status == "healthy"' "the pipeline is ready"

job=$(call POST api/jobs/http.request -H "Idempotency-Key: $run" -d "{ \"url\": \"$api/health/live\" }" | jq -r .id)
await "api/jobs/$job" '.state == "succeeded" and .result.status == 200' "a job succeeds ($job)"

workflow=$(call POST api/workflows -d "$(jq -n --arg url "$api/health/live" '{
  definition: { name: "smoke", steps: {
    first: { job: "http.request", payload: { url: "${{ input.url }}" }, retry: { maxAttempts: 5 } },
    both: { needs: ["first"], retry: { maxAttempts: 5 },
      forEach: { items: "${{ input.items }}", job: "http.request", payload: { url: "${{ input.url }}" } } } },
    output: "${{ steps.first.output.status }}" },
  input: { url: $url, items: [1, 2] } }')" | jq -r .id)
await "api/workflows/$workflow" '.runtimeStatus == "Completed" and .output == 200' "a workflow completes ($workflow)"

if [ "${MAKE_FAILURE:-yes}" = no ]; then echo "All passed"; exit; fi

# A group is new only once; a group that was resolved long ago regresses each time. So every run gets the same result.
group=$(fail_once first)
await "api/errors/$group" '.count >= 1' "its error group is known ($group)"
call POST "api/errors/$group/resolve" -d '{ "release": "0.0.0" }' > /dev/null
fail_once second > /dev/null
await "api/errors/$group" '.state == "open" and .isRegression' "its error group is open again, as a regression"

if [ -n "${APP_INSIGHTS:-}" ]; then
  name="${APP_INSIGHTS##*/appi-}"
  rule="${APP_INSIGHTS%/components/*}/scheduledQueryRules/regressed-error-group-$name"
  query=$(az resource show --ids "$rule" --query 'properties.criteria.allOf[0].query' --output tsv)
  echo "waiting for the alert's condition; telemetry takes some minutes:"
  echo "$query"
  rows=0
  for ((waited = 0; waited < 900 && rows == 0; waited += 20)); do
    sleep 20
    rows=$(az monitor app-insights query --app "$APP_INSIGHTS" --analytics-query "$query" --query 'length(tables[0].rows)' --output tsv) || rows=0
    echo "$((waited + 20)) s: $rows rows"
  done
  [ "$rows" != 0 ] || fail "the query of the alert regressed-error-group found nothing"
  echo "ok: the alert's condition holds in Application Insights"
fi

# Leaves no work for the person on duty.
call POST "api/errors/$group/resolve" > /dev/null
for id in $(call GET "api/errors/$group" | jq -r '.samples[].job'); do
  curl -sS -o /dev/null -H "@$headers" -X DELETE "$api/api/dead-letters/$id"
done
echo "All passed"
