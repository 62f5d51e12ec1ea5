"""Runs the server: bound before it is announced, stopped by a signal, leaving no process."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import socket
from collections.abc import Callable

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from mem0_tui.model.errors import NetworkError
from mem0_tui.web.admission import Admission
from mem0_tui.web.app import BrowserTabs, TabProgram

HOST = "127.0.0.1"
"""The only address that is bound: nobody on another machine is served."""


def bind(port: int) -> socket.socket:
    """A listening socket on *port* of this machine, 0 for any free one.

    Raises:
        NetworkError: the port is taken or not allowed.
    """
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        in_use = error.errno == errno.EADDRINUSE
        reason = "is in use" if in_use else f"cannot be used: {error.strerror or error}"
        raise NetworkError(
            f"port {port} {reason}", hint="pass another --port, or leave it out"
        ) from error


def serve(listener: socket.socket, program: TabProgram, *, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP comes; *listener* is closed afterwards.

    *ready* is called with the address to open, which works once, when requests are answered.
    """
    asyncio.run(_serve(listener, program, ready))


async def _serve(
    listener: socket.socket, program: TabProgram, ready: Callable[[str], None]
) -> None:
    stop = _stop_asked()
    host, port = listener.getsockname()[:2]
    admission = Admission(host, port)
    tabs = BrowserTabs(program, admission)
    # No log: the first line of a request holds the token.
    runner = web.AppRunner(tabs.application(), access_log=None, logger=_log(), handle_signals=False)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        ready(admission.address)
        await stop.wait()
        await tabs.close()
    finally:
        await runner.cleanup()


def _stop_asked() -> asyncio.Event:
    """Set once a signal asks for the end."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    asks = [signal.SIGINT, signal.SIGTERM]
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up is not None and signal.getsignal(hang_up) is not signal.SIG_IGN:  # as under nohup
        asks.append(hang_up)
    for number in asks:
        if os.name == "nt":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
        else:
            loop.add_signal_handler(number, stop.set)
    return stop


def _log() -> logging.Logger:
    """Logs defects to stderr by their kind, without anything of the request."""
    logger = logging.getLogger("mem0_tui.web")
    logger.propagate = False
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.addFilter(without_request)
        logger.addHandler(handler)
    return logger


def without_request(record: logging.LogRecord) -> bool:
    """Whether *record* reports a defect; reduces it to the kind of exception."""
    kind = record.exc_info[0] if record.exc_info else None
    if kind is None or issubclass(kind, HttpProcessingError):  # the client's fault, not a defect
        return False
    record.msg, record.args = f"mem0-tui: a request failed: {kind.__name__}", ()
    record.exc_info = None
    return True
