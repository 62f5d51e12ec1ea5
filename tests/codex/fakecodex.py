"""Programs that pose as ``codex`` for what the real one cannot be made to do."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.codex.homes import Home

SILENT = "import time\ntime.sleep(600)"
ENDS = "raise SystemExit(3)"
CHATTERS = """
import sys, time
while True:
    print('{"method": "note", "params": {}}', flush=True)
    print("not json", flush=True)
    time.sleep(0.05)
"""
ANSWERS = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    if "id" not in asked:
        continue
    result = ANSWER.get(asked["method"])
    if result is None:
        reply = {"id": asked["id"], "error": {"code": -32600, "message": "unknown variant"}}
    else:
        reply = {"id": asked["id"], "result": result}
    print(json.dumps(reply), flush=True)
"""


def fake_codex(home: Home, body: str) -> None:
    """Put a ``codex`` that runs *body* on the PATH of *home*."""
    program = Path(home.environ["PATH"]) / "codex"
    program.write_text(f"#!{sys.executable}\n{body}\n")
    program.chmod(0o755)


def answering(home: Home, answers: dict[str, object]) -> None:
    """A ``codex`` that gives these answers by method, and knows no other."""
    fake_codex(home, f"ANSWER = { ({'initialize': {'userAgent': 'fake'}} | answers)!r}\n{ANSWERS}")
