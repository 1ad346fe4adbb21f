#!/usr/bin/env bash
# Runs the unmodified snippets of the README and docs/producers.md that enqueue jobs, against the running pipeline.
# Needs az, python3 with pip, node with npm, and the .NET SDK.
set -euo pipefail
cd "$(dirname "$0")/../.."
# The emulator's published account in full, for SDKs that do not support its short name.
export AZURE_STORAGE_CONNECTION_STRING="DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;QueueEndpoint=http://127.0.0.1:10001/devstoreaccount1;TableEndpoint=http://127.0.0.1:10002/devstoreaccount1;"
az storage container create --name inbox --output none
az storage blob upload --container-name inbox --name orders.csv --file samples/data/airports.csv --overwrite --output none --only-show-errors
snippets=$(mktemp -d)
trap 'rm -rf "$snippets"' EXIT
awk -v folder="$snippets" '
  /^## / { inside = ($0 == "## Enqueue a job" || $0 == "## Drop a message" || $0 == "## Call the API") }
  inside && /^```(sh|python|js|csharp)$/ { file = sprintf("%s/%02d.%s", folder, ++count, substr($0, 4)); next }
  /^```$/ { file = "" }
  file { print > file }
' README.md docs/producers.md
python3 -m venv "$snippets/python" && "$snippets/python/bin/pip" install --quiet azure-storage-queue
npm install --silent --prefix "$snippets" @azure/storage-queue
test "$(find "$snippets" -maxdepth 1 -name '[0-9]*' | wc -l)" -ge 6 || { echo 'Snippets are missing: were headings of README.md or docs/producers.md renamed?' >&2; exit 1; }
for snippet in "$snippets"/[0-9]*; do
  echo "--- ${snippet##*/}"
  cat "$snippet"
  case $snippet in
    *.sh) bash -euo pipefail "$snippet" ;;
    *.python) "$snippets/python/bin/python" "$snippet" ;;
    *.js) node "$snippet" ;;
    *.csharp) mv "$snippet" "$snippet.cs" && (cd "$snippets" && dotnet run "$snippet.cs") ;;
  esac
done
