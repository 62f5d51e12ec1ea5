"""Long loops that leave the event loop free: a plan may have thousands of items."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

T = TypeVar("T")

_FEW = 25
"""Items in a row; to hash them takes a few milliseconds."""


async def unhurried(items: Iterable[T]) -> AsyncIterator[T]:
    """*items*, with a chance for other tasks every few of them."""
    for number, item in enumerate(items, start=1):
        yield item
        if number % _FEW == 0:
            await asyncio.sleep(0)
