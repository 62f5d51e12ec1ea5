#!/usr/bin/env bash
# codex 0.171.0 (npm): taking one hook out of hooks.json takes the trust of those below it.
#
# Trust is kept under the place of a hook in its file (file, event, group, number in the group), with
# a hash of it. When a group is taken out, each one below moves up, meets the hash of its former
# neighbour and counts as modified: it is not run until somebody trusts it anew, and `codex exec`
# says nothing of it. Hooks above, and those of other events, stay trusted.
#
# Seen on 2026-11-30, of hooks a, b, c, d (Stop) and e (SessionStart), all trusted, after b was taken
# out:
#   a trusted   c modified   d modified   e trusted
#
# No model and no account are used.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm install --silent --no-audit --no-fund --prefix "$work" @openai/codex@0.171.0

mkdir -p "$work/home/.codex" "$work/project"
cat > "$work/ask.py" << 'PY'
import json
import os
import subprocess
import sys

codex, home, project = sys.argv[1:]
file = os.path.join(home, ".codex", "hooks.json")


def write(stop):
    def group(name):
        return {"hooks": [{"type": "command", "command": f"echo {name}"}]}

    events = {"Stop": [group(name) for name in stop], "SessionStart": [group("e")]}
    with open(file, "w") as out:
        json.dump({"hooks": events}, out)


class Server:
    def __init__(self):
        self.process = subprocess.Popen(
            [codex, "app-server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.number = 0
        about = {"name": "finding", "version": "0", "title": "finding"}
        self.ask("initialize", clientInfo=about, capabilities={"experimentalApi": True})
        self.send({"method": "initialized"})

    def send(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def ask(self, method, **params):
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        for line in self.process.stdout:
            answer = json.loads(line)
            if answer.get("id") == self.number and "method" not in answer:
                return answer["result"]
        raise SystemExit(f"app-server ended at {method}")

    def hooks(self):
        return self.ask("hooks/list", cwds=[project])["data"][0]["hooks"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


write("abcd")
server = Server()
trusted = {hook["key"]: {"trusted_hash": hook["currentHash"]} for hook in server.hooks()}
edit = {"keyPath": "hooks.state", "value": trusted, "mergeStrategy": "upsert"}
server.ask("config/batchWrite", edits=[edit])
assert {hook["trustStatus"] for hook in server.hooks()} == {"trusted"}
server.close()

write("acd")
server = Server()
status = {hook["command"].removeprefix("echo "): hook["trustStatus"] for hook in server.hooks()}
server.close()
print("   ".join(f"{name} {status[name]}" for name in sorted(status)))
PY

export HOME="$work/home" HTTPS_PROXY=http://127.0.0.1:9
unset CODEX_HOME
python3 "$work/ask.py" "$work/node_modules/.bin/codex" "$HOME" "$work/project" | tee "$work/seen"
diff - "$work/seen" << 'SEEN'
a trusted   c modified   d modified   e trusted
SEEN
echo "as described: the hooks below the one that was taken out have to be trusted anew"
