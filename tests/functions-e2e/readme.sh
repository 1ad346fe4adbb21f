#!/usr/bin/env bash
# Runs the commands of the README's section on dropping messages, as they stand, against the pipeline that is up.
set -euo pipefail
cd "$(dirname "$0")/../.."
export AZURE_STORAGE_CONNECTION_STRING="UseDevelopmentStorage=true"
az storage container create --name inbox --output none
az storage blob upload --container-name inbox --name orders.csv --file samples/data/airports.csv --overwrite --output none --only-show-errors
blocks=$(mktemp -d)
trap 'rm -rf "$blocks"' EXIT
awk -v folder="$blocks" '
  /^## / { inside = ($0 == "## Drop a message") }
  inside && /^```sh$/ { file = folder "/" ++count ".sh"; next }
  /^```$/ { file = "" }
  file { print > file }
' README.md
ls "$blocks"/*.sh > /dev/null
for block in "$blocks"/*.sh; do
  cat "$block"
  bash -euo pipefail "$block"
done
