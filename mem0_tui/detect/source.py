"""Where memories come from: a library that tells what has changed, or a backend page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from mem0_tui.backends.base import Backend
from mem0_tui.backends.library.library import Library
from mem0_tui.detect.detector import PIECE
from mem0_tui.model.capability import Capability
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Page, Sort


@dataclass(frozen=True, slots=True)
class Portion:
    """Some of all memories."""

    memories: Sequence[Memory]
    total: int | None
    """How many there are in all, where that is known."""


class MemorySource(Protocol):
    """Memories to look through."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Why there may be more than was read so far, as short clauses."""
        ...

    async def state(self) -> object | None:
        """What differs once anything has changed; None where nobody can tell."""
        ...

    async def changed(self, since: object) -> Collection[str] | None:
        """The ids of what was added, changed or removed since that state; None where all is to be
        read."""
        ...

    async def read(self, memory_ids: Sequence[str]) -> Sequence[Memory]:
        """These memories as they are now; those that are gone are missing from it."""
        ...

    def pieces(self) -> AsyncIterator[Portion]:
        """All memories, also expired ones where the backend shows them."""
        ...


class LibrarySource:
    """What a screen's library holds."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @property
    def missing(self) -> tuple[str, ...]:
        return ("not all memories have been read",) if self._library.partial else ()

    async def state(self) -> tuple[int, bool]:
        return await self._library.revision(), self._library.partial

    async def changed(self, since: object) -> Collection[str] | None:
        assert isinstance(since, tuple), "a state of this source"
        return await self._library.changed_since(since[0])

    async def read(self, memory_ids: Sequence[str]) -> Sequence[Memory]:
        keys = await self._library.keys_of(memory_ids)
        return list((await self._library.memories(list(keys.values()))).values())

    async def pieces(self) -> AsyncIterator[Portion]:
        keys = await self._library.keys(sort=Sort.NEWEST, include_expired=True)
        total = len(keys)
        for start in range(0, total, PIECE):
            found = await self._library.memories(keys[start : start + PIECE])
            yield Portion(list(found.values()), total)


class BackendSource:
    """What a backend lists."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._missing: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        return self._missing

    async def state(self) -> None:
        return None

    async def changed(self, since: object) -> None:  # noqa: ARG002 – it cannot tell
        return None

    async def read(self, memory_ids: Sequence[str]) -> Sequence[Memory]:
        return list((await self._backend.get_many(memory_ids)).values())

    async def pieces(self) -> AsyncIterator[Portion]:
        cursor: str | None = None
        came = 0
        while True:
            page = await self._backend.list(
                cursor=cursor,
                limit=self._backend.capabilities.page_size,
                include_expired=Capability.SHOW_EXPIRED in self._backend.capabilities,
            )
            came += len(page.items)
            cursor = page.next
            if cursor is None:
                self._missing = _missing(page, came)
            yield Portion(page.items, page.total)
            if cursor is None:
                return


def _missing(last: Page[Memory], came: int) -> tuple[str, ...]:
    """Why there may be more than the *came* memories that came up to the *last* page."""
    if last.total is None:
        return last.missing or ("the server does not say how many there are",)
    if came < last.total:
        return (*last.missing, f"only {came:,} of {last.total:,} came")
    return last.missing
