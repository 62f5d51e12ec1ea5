#!/usr/bin/env bash
# mem0-cli 0.2.13 (PyPI): `list` as JSON leaves out whose a memory is, and its metadata.
#
# `mem0 --json list` and `mem0 list --output json` print rows without metadata, user_id
# and app_id, although the server sent them. `mem0 search --output json` prints the same rows whole. So a dump made with `list`, which is what people keep as a backup,
# cannot say whose a memory was, and `mem0 import` of it makes untyped memories of one user.
#
# Seen on 2026-11-30, keys of the one row that the server sent with nine:
#   list --output json    categories created_at expiration_date id memory
#   search --output json  app_id categories created_at expiration_date id memory metadata score user_id
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

PING = {"status": "ok", "org_id": "o", "project_id": "p", "user_email": "kim@example.com"}
ROW = {
    "id": "4d5f3c1e-9a76-4d0e-8f8c-2f7b8a1c0001",
    "memory": "Use pnpm in this repository.",
    "user_id": "kim",
    "app_id": "shop",
    "metadata": {"type": "decision"},
    "categories": ["tooling"],
    "created_at": "2026-01-02T03:04:05Z",
    "expiration_date": "2030-01-01",
    "score": 0.9,
}


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        body = json.dumps(PING | {"results": [ROW], "count": 1, "next": None, "previous": None})
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

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

export HOME="$work" MEM0_TELEMETRY=False MEM0_API_KEY=m0-made-up-key
MEM0_BASE_URL="http://127.0.0.1:$(cat "$work/port")"
export MEM0_BASE_URL

keys() {
  python3 -c '
import json
import sys

found = json.load(sys.stdin)
while not (isinstance(found, list)):
    found = found.get("data", found.get("results"))
print(*sorted(found[0]))'
}
{
  echo "list $("$work/venv/bin/mem0" list --user-id kim --output json | keys)"
  echo "search $("$work/venv/bin/mem0" search pnpm --user-id kim --output json | keys)"
} | tee "$work/seen"
diff - "$work/seen" << 'SEEN'
list categories created_at expiration_date id memory
search app_id categories created_at expiration_date id memory metadata score user_id
SEEN
echo "as described: list leaves out what search prints"
