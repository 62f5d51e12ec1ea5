"""One signal ends ``serve``, from the moment on that it begins."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.serving import serve_command

pytestmark = pytest.mark.slow

_SIGNALLED = """
import os, signal, sys
at, seen, number = int(os.environ["STOP_AT"]), 0, int(os.environ["STOP_BY"])
def hook(event, arguments):
    global seen
    if event == "import" and arguments[0] == "mem0_tui.server.stop" and not seen:
        seen = 1
    elif seen:
        seen += 1
        if seen == at:
            os.kill(os.getpid(), number)
sys.addaudithook(hook)
from mem0_tui.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
"""Sends the signal to itself at a step of the start: a file opened, a module imported, a lock."""
_STEPS = (60, 120, 250, 500, 900, 1_300, 1_800, 2_300, 2_800, 3_300, 3_800, 4_300)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize("step", _STEPS)
def test_one_signal_is_enough_at_any_moment_of_the_start(tmp_path: Path, step: int) -> None:
    number = [signal.SIGTERM, signal.SIGINT][_STEPS.index(step) % 2]
    process = subprocess.Popen(
        [sys.executable, "-c", _SIGNALLED, *serve_command(tmp_path / "memories.db")[3:]],
        env={**os.environ, "STOP_AT": str(step), "STOP_BY": str(int(number))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _, said = process.communicate(timeout=300)
    finally:
        process.kill()
    assert (process.returncode, "Traceback" in said) == (0, False), said
    assert said.endswith("stopped\n")
