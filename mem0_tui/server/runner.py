"""Runs the application with uvicorn: bound before it is announced, stopped without losing work.

A port that is taken is an error before anything is opened; SIGTERM and SIGINT let the requests that
have begun come to their end.
"""

from __future__ import annotations

import errno
import logging
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from mem0_tui.model.errors import NetworkError, ServerError
from mem0_tui.server.stop import Stop

BACKLOG = 2048
"""Connections that may wait to be accepted; Mem0's async clients open dozens at once."""

_GRACE = 30
"""Seconds that requests have to end after a stop was asked for."""


def bind(host: str, port: int) -> socket.socket:
    """A listening socket on *host* and *port* (0 lets the system choose).

    Raises:
        NetworkError: the address is taken, unknown or not allowed.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise NetworkError(f"no address for the host {host}", hint="see --host") from error
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _refused(error, host, port) from error
    return listener


def url_of(listener: socket.socket) -> str:
    """``http://HOST:PORT`` of a bound socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: ASGIApp, listener: socket.socket, stop: Stop, *, ready: Callable[[], None]) -> None:
    """Serve *app* on *listener*, which is closed afterwards, until *stop* says so.

    *ready* is called once requests are answered.

    Raises:
        ServerError: what the application needs could not be opened.
    """
    config = uvicorn.Config(
        app,
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE,
        ws="none",
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    server = _Server(config, ready)
    stop.pass_to(server)
    try:
        server.run(sockets=[listener])
    finally:
        listener.close()
    if not server.started:
        raise ServerError("the server did not start", hint="its log above says why")


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self._ready()


def _refused(error: OSError, host: str, port: int) -> NetworkError:
    if error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE)):
        return NetworkError(
            f"port {port} on {host} is in use", hint="stop what uses it, or pass another --port"
        )
    if error.errno == errno.EACCES:
        return NetworkError(
            f"port {port} on {host} is not allowed", hint="pass a --port above 1023"
        )
    reason = error.strerror or str(error)
    return NetworkError(f"cannot listen on {host} port {port}: {reason}", hint="see --host")
