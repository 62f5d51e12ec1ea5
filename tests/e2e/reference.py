"""``mem0-mcp-server`` from PyPI as a running server, asking a REST server of ours."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection, socket

from tests.e2e.clients import environment

DRIVER = Path(__file__).parent / "mem0_mcp_driver.py"
DEFAULT_USER = "the-servers-default"


def variables(home: Path, key: str) -> dict[str, str]:
    """What it runs with."""
    return environment(home, MEM0_API_KEY=key, MEM0_DEFAULT_USER_ID=DEFAULT_USER)


@contextmanager
def reference_server(binaries: Path, home: Path, rest_url: str, key: str) -> Iterator[str]:
    """Its URL while the block runs; *rest_url* is what it asks instead of api.mem0.ai."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(binaries / "python"), str(DRIVER), rest_url, str(port)]
    with (home / "said").open("wb") as said:
        process = subprocess.Popen(
            command,
            env=variables(home, key),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
        try:
            _wait(process, port, home / "said")
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], port: int, said: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, said.read_text(encoding="utf-8", errors="replace")
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("mem0-mcp-server did not start")
