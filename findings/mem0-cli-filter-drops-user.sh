#!/usr/bin/env bash
# mem0-cli 0.2.13 (PyPI): a filter takes the place of the user instead of narrowing it.
#
# `mem0 search QUERY --user-id alice --filter '{"AND": [{"app_id": "shop"}]}'` reads like "of
# alice's memories, those of the app shop". What is sent holds the filter alone: alice is gone, so
# everybody's memories of the app are searched. Without --filter the same options do send the user.
#
# Seen on 2026-11-30:
#   with --filter     {"AND":[{"app_id":"shop"}]}
#   without --filter  {"user_id":"alice"}
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
                print(json.dumps(json.loads(sent)["filters"]), file=log)
        body = json.dumps(PING | {"results": []}).encode()
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
python3 "$work/server.py" "$work/filters" > "$work/port" &
server=$!
until [ -s "$work/port" ]; do sleep 0.1; done

export HOME="$work" MEM0_TELEMETRY=False MEM0_API_KEY=m0-made-up-key
MEM0_BASE_URL="http://127.0.0.1:$(cat "$work/port")"
export MEM0_BASE_URL

"$work/venv/bin/mem0" search deploy --user-id alice --filter '{"AND": [{"app_id": "shop"}]}' > /dev/null
"$work/venv/bin/mem0" search deploy --user-id alice > /dev/null
printf '%s\n' '{"AND": [{"app_id": "shop"}]}' '{"user_id": "alice"}' | diff - "$work/filters"
echo "as described: with --filter the user is not sent"
