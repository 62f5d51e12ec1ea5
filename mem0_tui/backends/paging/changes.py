"""Asking a server with one request for one page of what was changed since, or for any page."""

from __future__ import annotations

from datetime import datetime, timedelta

from mem0_tui.backends.paging.listing import Fetch
from mem0_tui.model.errors import InvalidRequestError
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Page
from mem0_tui.wire.memory import moment_to_wire
from mem0_tui.wire.tofilters import EVERY_ENTITY, FilterJson

_COARSE = timedelta(seconds=1)
"""A server may compare moments by whole seconds."""


def since(moment: datetime) -> FilterJson:
    """The filter for what was added or edited at *moment* or later."""
    return {"AND": [EVERY_ENTITY, {"updated_at": {"gte": moment_to_wire(moment)}}]}


async def changed_page(fetch: Fetch, moment: datetime) -> Page[Memory] | None:
    """The page that *fetch*, asked with :func:`since`, gives; None where the server does not heed
    the filter: it refuses it, or sends what was changed before."""
    try:
        chunk = await fetch(1)
    except InvalidRequestError:
        return None
    earliest = moment - _COARSE
    if any(row.updated_at is not None and row.updated_at < earliest for row in chunk.rows):
        return None
    return Page(tuple(chunk.rows), total=chunk.count, next=None if chunk.last else "2")


async def numbered_page(fetch: Fetch, number: int) -> Page[Memory]:
    """The *number*-th page, counted from 1, that *fetch* gives."""
    chunk = await fetch(number)
    following = None if chunk.last else str(number + 1)
    return Page(tuple(chunk.rows), total=chunk.count, next=following)
