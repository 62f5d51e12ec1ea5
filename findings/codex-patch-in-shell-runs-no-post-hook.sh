#!/usr/bin/env bash
# codex 0.171.0 (npm): after a patch that the model applies in the shell, no PostToolUse hook is run.
#
# A model whose metadata give it no tool for patches (any that Codex does not know) calls
# `apply_patch` in the shell. Codex takes such a command out of the shell and applies the patch
# itself: PreToolUse is run for it, PostToolUse is not, while any other command runs both, and so does
# a patch that is applied by the tool. A hook that notes what was edited misses it; Mem0's Codex
# plugin 0.3, for one, does not learn which files such a session changed.
#
# Seen on 2026-11-30, hooks that were run for a patch and for `echo` in the same turn:
#   PreToolUse apply_patch <<'EOF'
#   PreToolUse echo hello
#   PostToolUse echo hello
#
# A stand-in model on the loopback answers; no account is used.
set -euo pipefail
work=$(mktemp -d)
trap 'kill "$model" 2> /dev/null || true; rm -rf "$work"' EXIT
model=

npm install --silent --no-audit --no-fund --prefix "$work" @openai/codex@0.171.0

cat > "$work/model.py" << 'PY'
import http.server
import json

PATCH = "*** Begin Patch\n*** Add File: orders.sql\n+select 1;\n*** End Patch"
COMMANDS = [f"apply_patch <<'EOF'\n{PATCH}\nEOF", "echo hello"]
DONE = {"type": "output_text", "text": "done", "annotations": []}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        if COMMANDS:
            item = {"type": "function_call", "name": "exec_command"}
            item["id"] = item["call_id"] = f"call_{len(COMMANDS)}"
            item["arguments"] = json.dumps({"cmd": COMMANDS.pop(0)})
        else:
            item = {"type": "message", "role": "assistant", "id": "m", "content": [DONE]}
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        events = [
            {"type": "response.created", "response": {"id": "r"}},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {
                "type": "response.completed",
                "response": {"id": "r", "output": [item], "usage": usage},
            },
        ]
        lines = [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events]
        body = "".join(lines).encode()
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.send_error(404)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 "$work/model.py" > "$work/port" &
model=$!
until [ -s "$work/port" ]; do sleep 0.1; done

mkdir -p "$work/home/.codex" "$work/project"
cat > "$work/home/hook.py" << 'PY'
import json
import sys

said = json.load(sys.stdin)
command = said["tool_input"]["command"].splitlines()[0]
with open(sys.argv[1], "a") as log:
    print(said["hook_event_name"], command, file=log)
PY
cat > "$work/home/.codex/hooks.json" << JSON
{
  "hooks": {
    "PreToolUse": [
      {"matcher": ".*", "hooks": [{"type": "command", "command": "python3 $work/home/hook.py $work/seen"}]}
    ],
    "PostToolUse": [
      {"matcher": ".*", "hooks": [{"type": "command", "command": "python3 $work/home/hook.py $work/seen"}]}
    ]
  }
}
JSON
cat > "$work/home/.codex/config.toml" << TOML
model = "standin"
model_provider = "standin"

[model_providers.standin]
name = "standin"
base_url = "http://127.0.0.1:$(cat "$work/port")/v1"
wire_api = "responses"
requires_openai_auth = false
TOML

export HOME="$work/home" HTTPS_PROXY=http://127.0.0.1:9 NO_PROXY=127.0.0.1
unset CODEX_HOME
"$work/node_modules/.bin/codex" exec --skip-git-repo-check --cd "$work/project" \
  --dangerously-bypass-approvals-and-sandbox --dangerously-bypass-hook-trust \
  "Add the orders." < /dev/null > "$work/said" 2>&1 || { cat "$work/said"; exit 1; }

grep -q '^select 1;$' "$work/project/orders.sql"
cat "$work/seen"
diff - "$work/seen" << 'SEEN'
PreToolUse apply_patch <<'EOF'
PreToolUse echo hello
PostToolUse echo hello
SEEN
echo "as described: the patch was applied, and no PostToolUse hook was run for it"
