#!/usr/bin/env bash
# @mem0/cli 0.2.13 (npm): what `import --output json` prints is no JSON.
#
# The progress ("Importing memories... 2/2") goes to stdout, before the document, so that
# `mem0 import FILE -o json | jq` fails. PyPI's mem0-cli 0.2.13 prints the document alone.
#
# Seen on 2026-11-30, all of stdout for two rows:
#
#     Importing memories... 2/2
#   {
#     "status": "success",
#     …
#
# A stand-in server on the loopback answers; no Mem0 account is used.
set -euo pipefail
work=$(mktemp -d)
trap 'kill "$server" 2> /dev/null || true; rm -rf "$work"' EXIT
server=

npm install --silent --no-audit --no-fund --prefix "$work" @mem0/cli@0.2.13

cat > "$work/server.py" << 'PY'
import http.server
import json

PING = {"status": "ok", "org_id": "o", "project_id": "p", "user_email": "kim@example.com"}


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        body = json.dumps(PING | {"event_id": "e", "results": []}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 "$work/server.py" > "$work/port" &
server=$!
until [ -s "$work/port" ]; do sleep 0.1; done

echo '[{"memory": "Use pnpm in this repository."}, {"memory": "Releases are on Thursdays."}]' \
  > "$work/rows.json"

export HOME="$work" MEM0_TELEMETRY=false MEM0_API_KEY=m0-made-up-key
MEM0_BASE_URL="http://127.0.0.1:$(cat "$work/port")"
export MEM0_BASE_URL

node "$work/node_modules/@mem0/cli/dist/index.js" import "$work/rows.json" --user-id kim \
  --output json > "$work/said" 2> /dev/null
cat "$work/said"
if python3 -m json.tool "$work/said" > /dev/null 2>&1; then
  echo "not as described: it is JSON"
  exit 1
fi
grep -q 'Importing memories\.\.\. 2/2$' "$work/said"
tail -n +2 "$work/said" | python3 -m json.tool > /dev/null
echo "as described: the progress stands before the document"
