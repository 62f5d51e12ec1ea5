"""Runs ``mem0-mcp-server`` in its own environment, unmodified but for one thing: it has no option
for the host and always asks api.mem0.ai, so its client is told another one here.

Arguments: the host, and ``stdio`` or a port for streamable HTTP on loopback, 0 for any.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any


def main() -> None:
    """Serve until standard input or the process ends."""
    host, transport = sys.argv[1:]
    if transport != "stdio":
        os.environ.update(HOST="127.0.0.1", PORT=transport)
    server: Any = import_module("mem0_mcp_server.server")
    client = server.MemoryClient
    server.MemoryClient = lambda **options: client(**{**options, "host": host})
    if transport == "stdio":
        server.main()
    else:
        server.create_server().run(transport="streamable-http")


if __name__ == "__main__":
    main()
