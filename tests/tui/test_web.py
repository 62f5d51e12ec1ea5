"""The app in a browser: it starts as ``textual-serve`` starts it, with two pipes and a driver."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

DRIVER = {"TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver", "COLUMNS": "100", "ROWS": "30"}
"""What textual-serve 1.1.3 adds to the environment."""


def packet(kind: bytes, payload: bytes) -> bytes:
    return kind + len(payload).to_bytes(4, "big") + payload


def test_the_app_starts_under_textual_serve(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mem0_tui", "--store", str(tmp_path / "memories.db")]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **DRIVER},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        # The server takes the app for failed unless this is among its first ten lines.
        assert process.stdout.readline() == b"__GANGLION__\n"
        kind = process.stdout.read(1)
        assert kind == b"D"
        shown = b""
        while b"mem0-tui" not in shown:
            shown += process.stdout.read(int.from_bytes(process.stdout.read(4), "big"))
            assert process.stdout.read(1) in (b"D", b"M")
        process.stdin.write(packet(b"D", b"\x11"))
        process.stdin.write(packet(b"M", b'{"type": "exit"}'))
        process.stdin.flush()
        process.stdout.read()
        assert process.wait(60) == 0
