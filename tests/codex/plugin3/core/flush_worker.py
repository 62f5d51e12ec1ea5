"""Sends one prepared part of a session and waits until Mem0 has taken it; runs on its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.codex.plugin3.core.evidence import Evidence
from tests.codex.plugin3.core.memory_core import Api, option
from tests.codex.plugin3.core.packet import bodies

MOST_ATTEMPTS = 5


def launch(evidence: Evidence, packet: str) -> None:
    """Have a process of its own send *packet*, or do it here where that was asked for."""
    pending = evidence.folder / "pending"
    pending.mkdir(exist_ok=True)
    file = pending / f"{packet}.json"
    file.write_text(json.dumps({"packet_id": packet}))
    start(evidence, file)


def start(evidence: Evidence, file: Path, delay: float = 0) -> None:
    if option("SYNC_FLUSH", "0") == "1":
        sys.stdout.write(json.dumps(run(evidence, file, delay)) + "\n")
        return
    with open(evidence.folder / "flush-worker.log", "ab") as log:
        subprocess.Popen(
            (sys.executable, __file__, str(evidence.folder), str(file), str(delay)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def run(evidence: Evidence, file: Path, delay: float = 0) -> dict[str, Any]:
    """Send what *file* names; what came of it, as the log has it."""
    running = file.with_suffix(".running")
    try:
        file.rename(running)
        asked = json.loads(running.read_text())
    except OSError:
        return {"status": "taken"}
    time.sleep(delay)
    packet = asked.get("packet_id") or _prepare(evidence, asked)
    if packet is None:
        running.unlink()
        return {"status": "empty"}
    if not Api(os.environ).key:
        running.rename(file)
        return {"reason": "no-api-key", "status": "local-only"}
    status, said = _send(evidence, packet)
    if status in ("semantic-succeeded", "gave-up"):
        running.unlink()
    else:
        running.rename(file)
    return {"packet_id": packet, "status": status, **({"error": said} if said else {})}


def _prepare(evidence: Evidence, asked: dict[str, Any]) -> str | None:
    """The flush of a session that has been idle since."""
    session = asked["session_id"]
    repository = evidence.pinned(session)
    return None if repository is None else evidence.prepare(session, repository, "idle")


def _send(evidence: Evidence, packet: str) -> tuple[str, str]:
    statement = "SELECT session_id, attempts FROM flushes WHERE packet_id = ?"
    session, attempts = evidence.rows(statement, packet)[0]
    if attempts >= MOST_ATTEMPTS:
        evidence.mark(packet, "gave-up")
        return "gave-up", ""
    repository = evidence.pinned(session)
    assert repository is not None
    api = Api(os.environ)
    status, error = "semantic-succeeded", ""
    try:
        adds = bodies(repository, session, evidence.events(session, of=packet), os.environ)
        ids = [api.add(body) for body in adds]
        if not all(ids):
            raise LookupError("semantic-missing")
        evidence.mark(packet, "semantic-queued", ids=ids)
        outcomes = [api.event(event_id)[0] for event_id in ids]
        if "FAILED" in outcomes:
            status = "semantic-failed"
        elif "" in outcomes:
            status = "semantic-timeout"
    except LookupError:
        status = "semantic-missing"
    except OSError as failure:
        status, error = "error", str(failure)
    evidence.mark(packet, status, error=error)
    return status, error


def main(folder: str, file: str, delay: str) -> None:
    said = run(Evidence(Path(folder)), Path(file), float(delay))
    sys.stdout.write(json.dumps(said, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
