"""Work in threads beside the loop: none keeps the app from ending, nor from answering a key."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread
from typing import TypeVar

R = TypeVar("R")

_TURN = 0.0001
"""Seconds for which Python lets one thread go on while another waits."""


def take_short_turns() -> None:
    """Make threads of Python give way sooner than after its usual five milliseconds.

    What is painted goes to the terminal through a thread of its own, and waits there while the
    loop goes on with what else a key has set off; the loop waits for threads that read.
    """
    sys.setswitchinterval(_TURN)


@contextmanager
def only_young_collected() -> Iterator[None]:
    """Have Python look for garbage among young objects only.

    A look at all objects holds every thread, for a tenth of a second where some ten thousand
    memories are being worked on.
    """
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, 1_000_000)
    try:
        yield
    finally:
        gc.set_threshold(young, middle, old)


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
