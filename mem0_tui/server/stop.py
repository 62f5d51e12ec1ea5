"""A wish to stop that is kept from the moment it can be made, so that one signal is always enough.

uvicorn handles signals once it runs; until then opening the store and importing it take a second.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn


class Stop:
    """Whether somebody asked this process to stop; a signal handler."""

    def __init__(self) -> None:
        self._asked: tuple[int, FrameType | None] | None = None
        self._server: uvicorn.Server | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal."""
        self._asked = number, frame
        if self._server is not None:
            self._server.handle_exit(number, frame)

    def pass_to(self, server: uvicorn.Server) -> None:
        """Have *server* stop, now if that was asked for already."""
        self._server = server
        if self._asked is not None:
            server.handle_exit(*self._asked)


@contextmanager
def stopping() -> Iterator[Stop]:
    """Take SIGTERM and SIGINT as a wish to stop, from the beginning of the block to its end.

    uvicorn at its end raises the signal that stopped it again, which then means nothing more.
    """
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    stops = [signal.SIGTERM, signal.SIGINT]
    if hasattr(signal, "SIGBREAK"):
        stops.append(signal.SIGBREAK)
    before = {number: signal.signal(number, stop) for number in stops}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
