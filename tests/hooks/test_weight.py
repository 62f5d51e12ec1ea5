"""Codex waits for a hook: what one loads is what it costs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.hooks.conftest import Machine

SLOW = {"argparse", "collections", "dataclasses", "enum", "http", "httpx", "inspect", "json"}
SLOW |= {"pathlib", "re", "socket", "ssl", "tomllib", "typing", "urllib"}


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="needs json's half in C")
def test_recalling_loads_next_to_nothing(machine: Machine) -> None:
    machine.add("We use PostgreSQL for orders")
    given = {"session_id": "s1", "cwd": str(machine.cwd), "prompt": "which database for orders?"}
    code = (
        "import sys; before = set(sys.modules)\n"
        "from mem0_tui.hooks import run; run.BUDGET['UserPromptSubmit'] = 30\n"
        "run.run(['UserPromptSubmit'])\n"
        "sys.stderr.write(' '.join(set(sys.modules) - before))"
    )
    del machine.environ["HOOK_SECONDS"]
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(given),
        env=machine.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "PostgreSQL" in done.stdout
    loaded = set(done.stderr.split()) - {"io"}  # which Python loads itself before 3.14
    assert not loaded & SLOW
    assert len(loaded) < 22, sorted(loaded)
