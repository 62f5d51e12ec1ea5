from __future__ import annotations

import asyncio
import socket
from typing import cast

import pytest

from mem0_tui.server.runner import bind

pytestmark = pytest.mark.anyio


async def test_an_answer_does_not_wait_for_more_to_send() -> None:
    """asyncio switches Nagle's algorithm off only on sockets that say they are TCP's; with it,
    every answer comes 40 ms late where there is no uvloop, which always does."""
    accepted: asyncio.Queue[int] = asyncio.Queue()

    class Connection(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            end: socket.socket = transport.get_extra_info("socket")
            accepted.put_nowait(end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            cast("asyncio.Transport", transport).close()

    listener = bind("127.0.0.1", 0)
    server = await asyncio.get_running_loop().create_server(Connection, sock=listener)
    async with server:
        with socket.create_connection(listener.getsockname()):
            assert await accepted.get()
