"""Where memories come from: a library that tells what has changed, or a backend page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from mem0_tui.backends.base import Backend
from mem0_tui.backends.library.local import Library
from mem0_tui.detect.detector import PIECE
from mem0_tui.model.capability import Capability
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Sort


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of all memories."""

    memories: Sequence[Memory]
    total: int | None
    """How many there are in all, where that is known."""
    missing: tuple[str, ...] = ()
    """After the last piece: why there may be more, as short clauses."""


class Source(Protocol):
    """Memories to look through."""

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

    def pieces(self) -> AsyncIterator[Piece]:
        """All memories, also expired ones where the backend shows them."""
        ...


class LibrarySource:
    """What a screen's library holds."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def state(self) -> tuple[int, bool]:
        return await self._library.revision(), self._library.partial

    async def changed(self, since: object) -> Collection[str] | None:
        assert isinstance(since, tuple), "a state of this source"
        return await self._library.changed_since(since[0])

    async def read(self, memory_ids: Sequence[str]) -> Sequence[Memory]:
        keys = await self._library.keys_of(memory_ids)
        return list((await self._library.memories(list(keys.values()))).values())

    async def pieces(self) -> AsyncIterator[Piece]:
        keys = await self._library.keys(sort=Sort.NEWEST, include_expired=True)
        total, missing = len(keys), self._missing()
        for start in range(0, total, PIECE):
            found = await self._library.memories(keys[start : start + PIECE])
            yield Piece(list(found.values()), total, missing)
        if not total:
            yield Piece((), 0, missing)

    def _missing(self) -> tuple[str, ...]:
        return ("not all memories have been read",) if self._library.partial else ()


class BackendSource:
    """What a backend lists."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def state(self) -> None:
        return None

    async def changed(self, since: object) -> None:  # noqa: ARG002 – it cannot tell
        return None

    async def read(self, memory_ids: Sequence[str]) -> Sequence[Memory]:
        return list((await self._backend.get_many(memory_ids)).values())

    async def pieces(self) -> AsyncIterator[Piece]:
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
            missing = page.missing if cursor is None else ()
            if cursor is None and page.total is None and not missing:
                missing = ("the server does not say how many there are",)
            elif cursor is None and page.total is not None and came < page.total:
                missing = (*missing, f"only {came:,} of {page.total:,} came")
            yield Piece(page.items, page.total, missing)
            if cursor is None:
                return
