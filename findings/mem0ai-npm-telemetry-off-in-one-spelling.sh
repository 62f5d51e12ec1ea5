#!/usr/bin/env bash
# mem0ai 3.3.1 (npm): MEM0_TELEMETRY=False, FALSE, 0, no and off leave the telemetry on.
#
# Only the exact word `false` switches it off; to PyPI's mem0ai 2.2.1, False does as well. So one
# setting for both has to be `false`. With telemetry, each method that is called is told to
# us.i.posthog.com, with the host of the API and the names of the options.
#
# Seen on 2026-11-30, to how many addresses that are not the API's the client turned:
#   (unset) 1   False 1   FALSE 1   0 1   no 1   off 1   false 0
#
# A stand-in server on the loopback answers, and what would leave the machine is only counted.
set -euo pipefail
work=$(mktemp -d)
trap 'kill "$server" 2> /dev/null || true; rm -rf "$work"' EXIT
server=

npm install --silent --no-audit --no-fund --legacy-peer-deps --ignore-scripts \
  --prefix "$work" mem0ai@3.3.1

cat > "$work/server.py" << 'PY'
import http.server
import json

PING = {"status": "ok", "org_id": "o", "project_id": "p", "user_email": "kim@example.com"}


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        body = json.dumps(PING | {"results": [], "count": 0}).encode()
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

cat > "$work/client.cjs" << 'JS'
const host = `http://127.0.0.1:${process.argv[2]}`;
const strangers = new Set();
const fetched = globalThis.fetch;
globalThis.fetch = async (url, options) => {
  if (String(url).startsWith(host)) return fetched(url, options);
  strangers.add(new URL(url).host);
  return new Response("{}");
};
const { MemoryClient } = require("mem0ai");

(async () => {
  const client = new MemoryClient({ apiKey: "m0-made-up-key", host });
  await client.getAll({ filters: { user_id: "kim" } });
  await new Promise((resolve) => setTimeout(resolve, 300));
  console.log(strangers.size);
})();
JS

export HOME="$work"
unset MEM0_TELEMETRY
cd "$work"
{
  echo "(unset) $(node client.cjs "$(cat port)")"
  for word in False FALSE 0 no off false; do
    echo "$word $(MEM0_TELEMETRY=$word node client.cjs "$(cat port)")"
  done
} | tee "$work/seen"
diff - "$work/seen" << 'SEEN'
(unset) 1
False 1
FALSE 1
0 1
no 1
off 1
false 0
SEEN
echo "as described: only the word false, in small letters, switches the telemetry off"
