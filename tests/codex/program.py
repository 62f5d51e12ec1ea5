"""Runs this program as the owner of a home does."""

from __future__ import annotations

import subprocess
import sys

from tests.codex.homes import Home


def program(home: Home, *words: str) -> str:
    """What ``mem0-tui WORDS`` prints in the working folder of *home*; it has to succeed."""
    done = subprocess.run(
        [sys.executable, "-m", "mem0_tui", *words],
        env=home.environ,
        cwd=home.cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
