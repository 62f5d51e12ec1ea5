"""Memories that hold something spelt much like the words of a query."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from mem0_tui.model.memory import Memory
from mem0_tui.review.order import listing_order
from mem0_tui.review.view import BrowseState

if TYPE_CHECKING:
    from mem0_tui.backends.library.library import Library

_CANDIDATES = 3000
"""Memories, the first in the order of the list, that are compared with the words."""


async def spelt_alike(
    library: Library, view: BrowseState, now: datetime, found: Collection[int]
) -> dict[int, Memory]:
    """By row key, the likest first, what *view* shows if words need not be spelt as they are;
    without those *found* already, also given by row key."""
    wider = replace(view, query=view.query.conditions)
    keys = await library.keys(
        wider.condition(now),
        sort=listing_order(view.sort),
        include_expired=view.shows_expired,
        limit=_CANDIDATES,
    )
    near = await library.memories([key for key in keys if key not in found])

    def work() -> list[int]:
        # Imported here: the first time takes longer than a key may.
        from mem0_tui.review.fuzzy import Narrower, Rank

        order = list(near)
        matches = Narrower(list(near.values())).narrow(view.query.words)
        return [order[match.index] for match in matches if match.rank is Rank.ALIKE]

    return {key: near[key] for key in await asyncio.to_thread(work)}
