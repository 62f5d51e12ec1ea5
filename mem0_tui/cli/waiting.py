"""Waiting for a server: what is said meanwhile, and how long one command may take to read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.model.errors import NetworkError

if TYPE_CHECKING:
    from mem0_tui.backends.paging.waits import Waits

PATIENCE: Final = 20
"""A command may read for as many times the settings' ``timeout``: ten minutes by default."""
_LOOKS: Final = 0.5
_SILENT: Final = 1.5
"""Seconds of waiting of which nothing is said."""
_SPOKEN_AT: Final = (_SILENT, 10.0, 30.0, 60.0)
"""Seconds after which a line is written where lines stay, as in a file."""


@asynccontextmanager
async def narrated(output: Output, waits: Waits) -> AsyncIterator[None]:
    """Say on stderr what is waited for, and for how long, while the block runs."""
    telling = asyncio.get_running_loop().create_task(_tell(output, waits))
    try:
        yield
    finally:
        telling.cancel()
        await asyncio.wait([telling])


async def _tell(output: Output, waits: Waits) -> None:
    before = 0.0
    while True:
        await asyncio.sleep(_LOOKS)
        waiting = waits.longest
        if waiting is None or waiting.seconds < _SILENT:
            before = 0.0
            continue
        text = f"still {safe(waiting)}; Ctrl+C gives up"
        output.progress(text)
        if not output.stderr.isatty() and any(before < s <= waiting.seconds for s in _SPOKEN_AT):
            output.note(text)
        before = waiting.seconds


class Deadline:
    """How long one command may read; applying a plan lifts it, for that may take its time."""

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = seconds
        self._timeout: asyncio.Timeout | None = None

    @asynccontextmanager
    async def limit(self) -> AsyncIterator[None]:
        """Let the block take so long.

        Raises:
            NetworkError: it took longer.
        """
        self._timeout = asyncio.timeout(self._seconds)
        try:
            async with self._timeout:
                yield
        except TimeoutError:
            if not self._timeout.expired():
                raise
            raise NetworkError(
                f"the command was not done within {self._seconds:,.0f} s, and was given up",
                hint="ask for less, or set a longer timeout in the settings",
            ) from None

    def lift(self) -> None:
        """Let the rest of the command take as long as it takes."""
        if self._timeout is not None and not self._timeout.expired():
            self._timeout.reschedule(None)
