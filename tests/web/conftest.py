"""The server of tabs in this process, without a tab."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from aiohttp import web

from mem0_tui.web.admission import Admission
from mem0_tui.web.app import BrowserTabs, TabProgram
from mem0_tui.web.runner import bind


@contextmanager
def serving_tabs(module: str = "mem0_tui.cli.tab") -> Iterator[Admission]:
    """A server that would start *module* for each tab."""
    listener = bind(0)
    admission = Admission(*listener.getsockname()[:2])
    tabs = BrowserTabs(TabProgram(module, ("--read-only",), write=False), admission)
    loop, ready = asyncio.new_event_loop(), threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        runner = web.AppRunner(tabs.application(), access_log=None)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        ready.set()
        await stop.wait()
        await tabs.close()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(60)
        yield admission
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
        listener.close()


@pytest.fixture
def admission() -> Iterator[Admission]:
    """Who is let into a server that runs."""
    with serving_tabs() as admission:
        yield admission
