"""``mem0-mcp-server`` from PyPI as a running server, asking a REST server of ours."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.clients import environment

DRIVER = Path(__file__).parent / "mem0_mcp_driver.py"
DEFAULT_USER = "the-servers-default"
_LISTENS = re.compile(r"Uvicorn running on (http://\S+)")


def variables(home: Path, key: str) -> dict[str, str]:
    """What it runs with."""
    return environment(home, MEM0_API_KEY=key, MEM0_DEFAULT_USER_ID=DEFAULT_USER)


@contextmanager
def reference_server(binaries: Path, home: Path, rest_url: str, key: str) -> Iterator[str]:
    """Its URL while the block runs; *rest_url* is what it asks instead of api.mem0.ai."""
    command = [str(binaries / "python"), str(DRIVER), rest_url, "0"]
    with (home / "said").open("wb") as said:
        process = subprocess.Popen(
            command,
            env=variables(home, key),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
        try:
            yield f"{_listens_at(process, home / 'said')}/mcp"
        finally:
            process.terminate()
            process.wait(timeout=60)


def _listens_at(process: subprocess.Popen[bytes], said: Path) -> str:
    """The URL that it says it listens at, once it does: of a port that the system chose."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        text = said.read_text(encoding="utf-8", errors="replace")
        if found := _LISTENS.search(text):
            return found[1]
        assert process.poll() is None, text
        time.sleep(0.1)
    raise AssertionError("mem0-mcp-server did not start")
