#!/usr/bin/env bash
# @mem0/cli 0.2.13 (npm): every command that asks the server stays for five seconds after it is done.
#
# Before anything else the command asks for /v1/ping/, and races the answer against a timer of five
# seconds. The answer comes first, the timer is never cleared, and Node.js ends only when it has run
# out. A script that lists memories twenty times waits a hundred seconds for answers that were there
# at once. mem0-cli 0.2.13 (PyPI), the same program in Python, does not wait. Telemetry is off here.
#
# Seen on 2026-11-30, with a server on this machine that answers within milliseconds (seconds until
# the last byte was printed / until the process ended):
#   npm     printed after 0.2   ended after 5.2
#   python  printed after 0.3   ended after 0.3
#
# No account is used.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm install --silent --no-audit --no-fund --prefix "$work/npm" @mem0/cli@0.2.13
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check mem0-cli==0.2.13

cat > "$work/ask.py" << 'PY'
import json
import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

work, npm, python = sys.argv[1:]


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        ping = {"status": "ok", "org_id": "o", "project_id": "p", "user_email": "kim@example.com"}
        page = {"count": 0, "next": None, "previous": None, "results": []}
        body = json.dumps(ping if "ping" in self.path else page).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()


def timed(name, program, silent):
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": os.path.join(work, f"home-{name}"),
        "MEM0_API_KEY": "m0-" + "x" * 40,
        "MEM0_BASE_URL": f"http://127.0.0.1:{server.server_port}",
        "MEM0_TELEMETRY": silent,
    }
    os.makedirs(environ["HOME"])
    begun = time.monotonic()
    process = subprocess.Popen(
        [program, "list", "-u", "kim", "--output", "json"],
        env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    printed = begun
    said = b""
    while part := process.stdout.read1(65536):
        printed = time.monotonic()
        said += part
    if process.wait():
        sys.exit(f"{name}: {said.decode()}")
    ended = time.monotonic()
    print(f"{name:<7} printed after {printed - begun:.1f}   ended after {ended - begun:.1f}")
    return ended - printed


late = timed("npm", npm, "false")
soon = timed("python", python, "False")
sys.exit(0 if late > 4 > soon else f"it has changed: {late:.1f} and {soon:.1f} seconds late")
PY
python3 "$work/ask.py" "$work" "$work/npm/node_modules/.bin/mem0" "$work/venv/bin/mem0"
