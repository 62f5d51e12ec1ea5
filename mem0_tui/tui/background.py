"""Long work in a thread that does not keep the app from ending."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

R = TypeVar("R")


async def in_background(work: Callable[[], R]) -> R:
    """The result of *work*, done in a thread of its own that dies with the process.

    The loop's own threads are waited for at the end, and a server that does not answer would then
    hold a user who only wants to leave.
    """
    future: Future[R] = Future()

    def run() -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = work()
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)

    Thread(target=run, daemon=True, name="mem0-tui-background").start()
    return await asyncio.wrap_future(future)
