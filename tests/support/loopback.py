"""An ASGI application on a real loopback port, in a thread of this process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._told_to_stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self.ready.set()

    async def main_loop(self) -> None:
        """Answer until told to stop, which uvicorn's own looks for ten times a second."""
        await self.on_tick(0)
        await self._told_to_stop.wait()

    def stop(self) -> None:
        """Have it stop, from another thread."""
        self.should_exit = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._told_to_stop.set)


@contextmanager
def loopback(app: ASGIApp, *, lifespan: bool = False) -> Iterator[str]:
    """The base URL of *app* while the block runs; with *lifespan*, it is told of begin and end."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen(256)
    config = uvicorn.Config(
        app,
        lifespan="on" if lifespan else "off",
        log_config=None,
        access_log=False,
        ws="none",
        # Longer than any client keeps an idle connection (httpx: five seconds): a server that
        # closes first meets the next request on its way.
        timeout_keep_alive=75,
    )
    server = _Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        assert server.ready.wait(300)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.force_exit = not lifespan
        server.stop()
        thread.join(300)
        listener.close()
