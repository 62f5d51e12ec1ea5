"""The library of a remote backend: a private copy in a temporary store, read page by page.

The copy is only for looking; writes go to the backend, and what they touched is then read again.
It is gone when the app ends.
"""

from __future__ import annotations

import asyncio
import tempfile
from array import array
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mem0_tui.backends.base import Backend
from mem0_tui.backends.entity_list import EntityList
from mem0_tui.backends.library import LocalLibrary
from mem0_tui.model.capability import Capability
from mem0_tui.model.clock import Clock
from mem0_tui.model.filter import EVERYTHING, Filter
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Sort
from mem0_tui.store.store import open_store


class MirrorLibrary:
    """Shows what has been read so far; :attr:`partial` until that is everything."""

    def __init__(self, backend: Backend, clock: Clock) -> None:
        self._backend = backend
        self._folder = tempfile.TemporaryDirectory(prefix="mem0-tui-")
        path = Path(self._folder.name) / "mirror.db"
        self._store = open_store(path, clock, durable=False)
        self._local = LocalLibrary(self._store)
        self._entities: EntityList | None = None
        self._announced: int | None = None
        self._complete = False
        self._refreshing = asyncio.Lock()

    async def refresh(
        self,
        memory_ids: Sequence[str] | None = None,
        *,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> None:
        """Read everything again, or only *memory_ids*; *progress* gets (read, of how many)."""
        async with self._refreshing:
            if memory_ids is not None:
                found = await self._backend.get_many(memory_ids)
                await self._take(list(found.values()))
                await self._drop([each for each in memory_ids if each not in found])
                self._entities = EntityList.of(await self._backend.entities())
                return
            self._entities = EntityList.of(await self._backend.entities())
            await self._read_all(progress)

    async def _read_all(self, progress: Callable[[int, int | None], None] | None) -> None:
        expired = Capability.SHOW_EXPIRED in self._backend.capabilities
        seen: set[str] = set()
        cursor: str | None = None
        while True:
            page = await self._backend.list(
                cursor=cursor,
                limit=self._backend.capabilities.page_size,
                include_expired=expired,
            )
            await self._take(page.items)
            seen.update(memory.id for memory in page.items)
            self._announced = page.total
            if progress is not None:
                progress(len(seen), page.total)
            cursor = page.next
            if cursor is None:
                break
        known = await self._store.database.aread(
            lambda c: [row[0] for row in c.execute("SELECT id FROM memories")]
        )
        await self._drop([each for each in known if each not in seen])
        self._complete = page.complete and len(seen) >= (page.total or 0)

    async def _take(self, memories: Sequence[Memory]) -> None:
        """Put *memories* into the copy, in place of what it had under their ids."""
        have = await self._copies([memory.id for memory in memories])
        stale = [m.id for m in memories if m.id in have and have[m.id] != m]
        await self._drop(stale)
        fresh = [m for m in memories if m.id not in have or m.id in stale]
        if fresh:
            await self._store.restore(fresh)

    async def _copies(self, memory_ids: Sequence[str]) -> Mapping[str, Memory]:
        keys = await self._local.keys_of(memory_ids)
        return {m.id: m for m in (await self._local.memories(list(keys.values()))).values()}

    async def _drop(self, memory_ids: Sequence[str]) -> None:
        if memory_ids:
            await self._store.delete(memory_ids)

    def keys(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        include_expired: bool = False,
        limit: int | None = None,
    ) -> asyncio.Future[array[int]]:
        return self._local.keys(condition, sort=sort, include_expired=include_expired, limit=limit)

    async def memories(self, keys: Sequence[int]) -> Mapping[int, Memory]:
        return await self._local.memories(keys)

    async def keys_of(self, memory_ids: Sequence[str]) -> Mapping[str, int]:
        return await self._local.keys_of(memory_ids)

    async def type_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Mapping[str | None, int]:
        return await self._local.type_counts(condition, include_expired=include_expired)

    async def entities(self) -> EntityList:
        return self._entities if self._entities is not None else await self._local.entities()

    async def total(self) -> int | None:
        return await self._local.total() if self._complete else self._announced

    @property
    def partial(self) -> bool:
        return not self._complete

    async def revision(self) -> int:
        return await self._local.revision()

    async def aclose(self) -> None:
        self._store.close()
        self._folder.cleanup()
