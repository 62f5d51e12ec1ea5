#!/usr/bin/env bash
# mem0-cli 0.2.13 (PyPI): a dry run that deletes.
#
# `mem0 delete --all --project --dry-run` is documented as "Show what would be deleted without
# deleting". With --force beside it, which only skips the question, the dry run is ignored: the
# command sends DELETE /v1/memories/ with all four ids set to "*", which is how the whole project is
# wiped. `mem0 delete --entity --dry-run --force` does stop, so the two forms disagree.
#
# Seen on 2026-11-30:
#   DELETE /v1/memories/?source=CLI&user_id=%2A&agent_id=%2A&app_id=%2A&run_id=%2A
# and no request but the ping for the --entity form.
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
        self.rfile.read(int(self.headers.get("content-length") or 0))
        with open(sys.argv[1], "a") as log:
            print(self.command, self.path, file=log)
        body = json.dumps(PING | {"message": "ok", "results": [], "count": 0}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_DELETE = answer

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 "$work/server.py" "$work/requests" > "$work/port" &
server=$!
until [ -s "$work/port" ]; do sleep 0.1; done

export HOME="$work" MEM0_TELEMETRY=False MEM0_API_KEY=m0-made-up-key
MEM0_BASE_URL="http://127.0.0.1:$(cat "$work/port")"
export MEM0_BASE_URL

"$work/venv/bin/mem0" delete --all --project --dry-run --force
grep -c '^DELETE /v1/memories/?source=CLI&user_id=%2A&agent_id=%2A&app_id=%2A&run_id=%2A$' \
  "$work/requests" | grep -qx 1

: > "$work/requests"
"$work/venv/bin/mem0" delete --entity --user-id kim --dry-run --force
if grep -q '^DELETE' "$work/requests"; then
  echo "changed: the dry run of --entity deletes now" >&2
  exit 1
fi
echo "as described: the dry run of --all --project deleted, that of --entity did not"
