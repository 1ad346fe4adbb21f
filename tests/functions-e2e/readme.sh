#!/usr/bin/env bash
# Runs the snippets of the README's section on dropping messages, as they stand, against the pipeline that is up.
# Needs az, python3 with pip, node with npm, and the .NET SDK.
set -euo pipefail
cd "$(dirname "$0")/../.."
# The emulator's published account, written out for the SDKs that do not know its short name.
export AZURE_STORAGE_CONNECTION_STRING="DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;QueueEndpoint=http://127.0.0.1:10001/devstoreaccount1;TableEndpoint=http://127.0.0.1:10002/devstoreaccount1;"
az storage container create --name inbox --output none
az storage blob upload --container-name inbox --name orders.csv --file samples/data/airports.csv --overwrite --output none --only-show-errors
snippets=$(mktemp -d)
trap 'rm -rf "$snippets"' EXIT
awk -v folder="$snippets" '
  /^## / { inside = ($0 == "## Drop a message") }
  inside && /^```(sh|python|js|csharp)$/ { file = sprintf("%s/%02d.%s", folder, ++count, substr($0, 4)); next }
  /^```$/ { file = "" }
  file { print > file }
' README.md
python3 -m venv "$snippets/python" && "$snippets/python/bin/pip" install --quiet azure-storage-queue
npm install --silent --prefix "$snippets" @azure/storage-queue
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
