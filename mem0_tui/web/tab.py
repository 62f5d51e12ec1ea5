"""The app of one tab: a process that textual-serve's ``AppService`` speaks with.

This is the only file that knows textual-serve, of which version 1.1.3 was read and tested: its
static files, and four private parts of ``AppService``, which a test names. What is different here:

- no shell stands between, and the command line is in the environment, where nobody else reads it;
- a process that does not end when asked to is killed, and one that fails to start says why;
- files are not delivered, and only addresses of the web are opened;
- what the process writes to stderr does not reach the server's stdout.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import textual_serve
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from mem0_tui.model.secret import redact
from mem0_tui.model.text import visible
from mem0_tui.web.mode import MODE, READ_ONLY, WORDS, WRITE

STATIC: Final = Path(textual_serve.__file__).parent / "static"
"""The folder of the scripts, styles and fonts that the page needs."""
LARGEST: Final = (500, 200)
"""Columns and lines of the largest screen that is drawn."""
PATIENCE = 10.0
"""Seconds that a process has to end after it was asked to."""
_TOLD = 4_000
"""Bytes of stderr, the last ones, that are shown where a process fails."""

# What textual-serve would log is reported here, with the reason.
logging.getLogger("textual-serve").disabled = True


class TabProcess(AppService):
    """One process, from the first byte to its end."""

    def __init__(
        self,
        module: str,
        words: Sequence[str],
        *,
        write: bool,
        write_bytes: Callable[[bytes], Awaitable[None]],
        write_str: Callable[[str], Awaitable[None]],
        close: Callable[[], Awaitable[object]],
    ) -> None:
        """A process of *module*, which finds *words* in its environment; it may change memories
        where it may *write*. The others send to the browser, and end the connection to it."""

        async def closed() -> None:
            await close()

        super().__init__(
            module,
            write_bytes=write_bytes,
            write_str=write_str,
            close=closed,
            download_manager=DownloadManager(),
        )
        self._words, self._may_write = words, write
        self._said = bytearray()
        self._listener: asyncio.Task[None] | None = None
        self._stopped = False

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """*given*, which textual-serve has made, and what the app of a tab is told beside it."""
        return {
            "MEM0_TUI_ASCII": "0",  # a browser draws any sign, whatever the locale
            **given,
            MODE: WRITE if self._may_write else READ_ONLY,
            WORDS: json.dumps(list(self._words)),
        }

    async def start(self, width: int, height: int) -> None:
        """Start the process on a screen of *width* columns and *height* lines.

        Raises:
            OSError: it cannot be started.
        """
        await super().start(*_bounded(width, height))

    async def set_terminal_size(self, width: int, height: int) -> None:
        """Tell the process how large the screen is now."""
        await super().set_terminal_size(*_bounded(width, height))

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # never import from the working folder
            "-m",
            self.command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self.environment(self._build_environment(width, height)),
            start_new_session=os.name != "nt",  # Ctrl+C is for the server, which ends them in order
        )
        self._process, self._stdin = process, process.stdin
        stderr, process.stderr = process.stderr, asyncio.StreamReader()
        process.stderr.feed_eof()  # AppService would print what comes from it
        if stderr is not None:
            self._listener = asyncio.get_running_loop().create_task(self._listen(stderr))
        return process

    async def _listen(self, stderr: asyncio.StreamReader) -> None:
        while data := await stderr.read(4_096):
            self._said += data
            del self._said[:-_TOLD]

    async def run(self) -> None:
        """Pass on what the process draws until it ends; then say why it did, if it failed."""
        try:
            await super().run()
        except asyncio.CancelledError:
            # AppService cancels its reader of stderr and awaits it. Where the process had ended
            # before, that task never ran, and the cancellation is not ours.
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
        if self._stopped:
            return
        code = await self._ended()
        if code and self._said:
            text = redact(visible(self._said.decode("utf-8", "replace"))).replace("\n", "\r\n")
            await self.remote_write_bytes(b"\x1b[?1049l\x1b[0m\x1b[2J\x1b[H" + text.encode())
        await self.remote_close()

    async def on_meta(self, data: bytes) -> None:
        """Do only two of the things an app can ask of the browser: open a web address, and warn
        before the tab is closed."""
        match json.loads(data):
            case {"type": "open_url", "url": str(url)} if url.startswith(("https://", "http://")):
                await super().on_meta(data)
            case {"type": "unsaved", "value": bool(unsaved)}:
                await self.remote_write_str(json.dumps(["unsaved", unsaved]))

    async def on_packed(self, payload: bytes) -> None:
        """Ignore it: files are not delivered."""

    async def stop(self) -> None:
        """Ask the process to end, and kill it if it does not."""
        self._stopped = True
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(PATIENCE):
                await super().stop()
        await self._ended()

    async def _ended(self) -> int:
        """Wait for the end of the process, killing it where it does not come, and of stderr."""
        process = self._process
        if process is None:
            return 0
        try:
            async with asyncio.timeout(PATIENCE):
                code = await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            code = await process.wait()
        if self._listener is not None:
            # What the process has started may hold stderr open for longer.
            await asyncio.wait([self._listener], timeout=0.2)
            self._listener.cancel()
        return code


def _bounded(width: int, height: int) -> tuple[int, int]:
    most_wide, most_high = LARGEST
    return max(1, min(width, most_wide)), max(1, min(height, most_high))
