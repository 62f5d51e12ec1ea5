#!/usr/bin/env bash
# mem0-cli 0.2.13 (PyPI): an import that loses what the file says, and ends with success.
#
# `mem0 import FILE` takes rows as `mem0 --json list` prints them, but sends only the text and the
# metadata of each: created_at and expiration_date of a row are dropped without a word, so old
# memories become new and memories that were to expire never do. With --user-id, the user_id of the
# row is replaced. A row that cannot be imported is counted in a line that begins with "Error", and
# the exit code is still 0. All rows go through extraction again (infer is not switched off).
#
# Seen on 2026-11-30:
#   POST /v3/memories/add/ {"messages":[…],"user_id":"bob","metadata":{"type":"decision"},"source":"CLI"}
#   Imported 1 memories … Error: 1 memories failed to import.   exit code 0
#
# A stand-in server on the loopback answers; no Mem0 account is used.
set -euo pipefail
work=$(mktemp -d)
trap 'kill "$server" 2> /dev/null || true; rm -rf "$work"' EXIT
server=

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet mem0-cli==0.2.13

cat > "$work/server.py" << 'PY'
import http.server
import json
import sys

PING = {"status": "ok", "org_id": "o", "project_id": "p", "user_email": "kim@example.com"}


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        sent = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.command == "POST":
            with open(sys.argv[1], "a") as log:
                print(json.dumps(json.loads(sent), sort_keys=True), file=log)
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
python3 "$work/server.py" "$work/adds" > "$work/port" &
server=$!
until [ -s "$work/port" ]; do sleep 0.1; done

cat > "$work/rows.json" << 'JSON'
[
  {
    "memory": "Use pnpm in this repository.",
    "metadata": {"type": "decision"},
    "user_id": "kim",
    "created_at": "2025-01-02T03:04:05Z",
    "expiration_date": "2030-01-01"
  },
  {"memory": ""}
]
JSON

export HOME="$work" MEM0_TELEMETRY=False MEM0_API_KEY=m0-made-up-key
MEM0_BASE_URL="http://127.0.0.1:$(cat "$work/port")"
export MEM0_BASE_URL

"$work/venv/bin/mem0" import "$work/rows.json" --user-id bob > "$work/said" 2>&1
code=$?
grep -q 'Error: 1 memories failed to import' "$work/said"
[ "$code" -eq 0 ]
python3 - "$work/adds" << 'PY'
import json
import sys

(sent,) = map(json.loads, open(sys.argv[1]))
assert set(sent) == {"messages", "metadata", "source", "user_id"}, sent
assert sent["user_id"] == "bob", sent
PY
echo "as described: dates and owner are lost, one row failed, and the exit code was 0"
