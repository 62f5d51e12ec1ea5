"""The library of a remote backend: a private copy in a temporary store, read page by page.

The copy is only for looking; writes go to the backend, and what they touched is then read again.
It is gone when the app ends.
"""

from __future__ import annotations

import asyncio
import tempfile
from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from mem0_tui.backends.base import Backend, MarkedRows, Paged
from mem0_tui.backends.library.entities import EntityList
from mem0_tui.backends.library.library import Overview, RowOrder
from mem0_tui.backends.library.local import LocalLibrary
from mem0_tui.model.capability import Capability
from mem0_tui.model.clock import Clock
from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.filter import EVERYTHING, Compare, Field, Filter, Op, belongs_to
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Page, Sort
from mem0_tui.model.tally import Tallies
from mem0_tui.store.facets import Carried
from mem0_tui.store.store import open_store

_FEW_CHANGED = 5
"""Entities that are read by themselves when they have changed; above, everything is read."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the server said when the copy was last like it."""

    total: int | None
    """Of the newest page; None where that says none."""
    marks: Mapping[EntityRef, object]


class MirrorLibrary:
    """Shows what has been read so far; :attr:`partial` until that is everything."""

    def __init__(self, backend: Backend, clock: Clock) -> None:
        self._backend = backend
        self._folder = tempfile.TemporaryDirectory(prefix="mem0-tui-")
        path = Path(self._folder.name) / "mirror.db"
        self._store = open_store(path, clock, durable=False)
        self._local = LocalLibrary(self._store)
        self._entities: EntityList | None = None
        self._joined: tuple[tuple[EntityList, EntityList, bool], EntityList] | None = None
        """What :meth:`entities` handed out last, and what it was made of."""
        self._announced: int | None = None
        self._complete = False
        self._seen: _Seen | None = None
        self._refreshing = asyncio.Lock()
        self._looks = 0
        """How often only what has changed was asked for since everything was read."""
        self._tells_edits = isinstance(backend, Paged)
        """Whether the server is known to tell what was edited since, or not known not to."""
        self._crowded: datetime | None = None
        """A date that more memories have than fit on a page: they have to be gone through."""
        self._older_page = 2
        """The next page to be compared where it does not."""

    async def refresh(
        self,
        memory_ids: Sequence[str] | None = None,
        *,
        changes_only: bool = False,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> None:
        """Read everything again, or only *memory_ids*; *progress* gets (read, of how many).

        With *changes_only*, one page (or where the server has them, the marks of its entities)
        is compared with what was read before: by turns the newest page, and what was edited since
        or, where a server cannot tell, one older page after the other (see :attr:`lag`). What
        differs is taken over; everything is read only where that does not explain the total.
        """
        async with self._refreshing:
            if memory_ids is not None:
                await self._read_these(memory_ids)
            elif not (changes_only and self._seen and await self._catch_up(self._seen)):
                self._seen = None
                marks = await self._marks()
                if not marks:
                    await self._read_entities()
                first = await self._read_all(progress)
                if marks:
                    await self._read_entities()
                self._seen = _Seen(first.total, marks)
                self._looks, self._crowded = 0, None

    async def _read_these(self, memory_ids: Sequence[str]) -> None:
        before = await self._local.total()
        found = await self._backend.get_many(memory_ids)
        await self._take(list(found.values()))
        await self._drop([each for each in memory_ids if each not in found])
        if self._seen and self._seen.total is not None:
            more = (await self._local.total() or 0) - (before or 0)
            self._seen = replace(self._seen, total=self._seen.total + more)
        await self._read_entities()

    async def _read_all(self, progress: Callable[[int, int | None], None] | None) -> Page[Memory]:
        """Read everything; the first page."""
        seen: set[str] = set()
        first = page = await self._page()
        while True:
            await self._take(page.items)
            seen.update(memory.id for memory in page.items)
            self._announced = page.total
            if progress is not None:
                progress(len(seen), page.total)
            if page.next is None:
                break
            page = await self._page(cursor=page.next)
        await self._drop([each for each in await self._known() if each not in seen])
        self._complete = page.complete and len(seen) >= (page.total or 0)
        return first

    async def _page(
        self, condition: Filter = EVERYTHING, *, cursor: str | None = None
    ) -> Page[Memory]:
        return await self._backend.list(
            condition,
            cursor=cursor,
            limit=self._backend.capabilities.page_size,
            include_expired=Capability.SHOW_EXPIRED in self._backend.capabilities,
        )

    async def _marks(self) -> Mapping[EntityRef, object]:
        return await self._backend.marks() if isinstance(self._backend, MarkedRows) else {}

    async def _read_entities(self) -> None:
        if self._complete and isinstance(self._backend, MarkedRows):
            self._entities = None  # There they are what the memories belong to, and all are here.
        else:
            self._entities = EntityList.of(await self._backend.entities())

    async def _catch_up(self, seen: _Seen) -> bool:
        """Take over what has changed since; False where everything is to be read."""
        marks = await self._marks()
        if not marks:
            self._looks += 1
            if self._looks % 2 or not isinstance(self._backend, Paged):
                return await self._compare_newest(seen)
            return await self._compare_older(seen, self._backend)
        changed = [ref for ref in {**seen.marks, **marks} if seen.marks.get(ref) != marks.get(ref)]
        if len(changed) > _FEW_CHANGED or not seen.marks:
            return False
        for ref in changed:
            if not await self._read_entity(ref):
                return False
        if changed:
            await self._read_entities()
        self._seen = _Seen(None, marks)
        return True

    async def _read_entity(self, ref: EntityRef) -> bool:
        """Take over all memories of one entity; False where not all of them come."""
        condition = belongs_to(ref)
        page = await self._page(condition)
        rows = list(page.items)
        while page.next is not None:
            page = await self._page(cursor=page.next)
            rows += page.items
        if not page.complete:
            return False
        await self._take(rows)
        there = {memory.id for memory in rows}
        await self._drop([each for each in await self._known(condition) if each not in there])
        return True

    async def _compare_newest(self, seen: _Seen) -> bool:
        """Take over what the newest page shows; False where it does not explain the total."""
        page = await self._page()
        rows = {memory.id: memory for memory in page.items}
        have = await self._copies(list(rows))
        oldest = min((m.created_at for m in page.items if m.created_at), default=None)
        covered = await self._known() if page.next is None else await self._newer(oldest)
        gone = [each for each in covered if each not in rows]
        more = len(rows.keys() - have.keys()) - len(gone)
        if page.next is not None and not have:
            return False  # So much is new that the pages before are not joined to it.
        if page.total != (None if seen.total is None else seen.total + more):
            return False
        if gone or any(have.get(id_) != memory for id_, memory in rows.items()):
            await self._take(page.items)
            await self._drop(gone)
            await self._read_entities()
        if self._complete:
            self._announced = page.total
        self._seen = replace(seen, total=page.total)
        return True

    async def _compare_older(self, seen: _Seen, backend: Paged) -> bool:
        """Take over edits of memories that the newest page does not show."""
        latest = await self._latest() if self._tells_edits else None
        if latest is None or latest == self._crowded:
            return await self._compare_next(seen, backend)
        page = await backend.changed_since(latest)
        self._tells_edits = page is not None
        if page is None:
            return True  # By the next look an older page has its turn.
        have = await self._copies([memory.id for memory in page.items])
        changed = any(have.get(memory.id) != memory for memory in page.items)
        if page.next is not None:  # More than a page was edited, or has this date.
            self._crowded = latest
            return not changed
        if changed:
            await self._take(page.items)
            await self._read_entities()
            more = len(page.items) - len(have)
            self._seen = replace(seen, total=None if seen.total is None else seen.total + more)
        return True

    async def _compare_next(self, seen: _Seen, backend: Paged) -> bool:
        """Compare the next of the older pages, which are gone through in turn."""
        if seen.total is None or seen.total <= self._backend.capabilities.page_size:
            return await self._compare_newest(seen)
        page = await backend.numbered(self._older_page)
        self._older_page = 2 if page.next is None else self._older_page + 1
        have = await self._copies([memory.id for memory in page.items])
        if page.total != seen.total or len(have) < len(page.items):
            return await self._compare_newest(seen)
        if any(have[memory.id] != memory for memory in page.items):
            await self._take(page.items)
            await self._read_entities()
        return True

    async def _latest(self) -> datetime | None:
        """When the last edit was that the copy knows of, by the server's clock."""
        keys = await self._local.keys(sort=Sort.UPDATED, include_expired=True, limit=1)
        found = await self._local.memories(keys)
        return next((memory.updated_at for memory in found.values()), None)

    async def _known(self, condition: Filter = EVERYTHING) -> list[str]:
        """The ids of the memories in the copy that pass *condition*."""
        if condition == EVERYTHING:
            return await self._store.database.aread(
                lambda c: [row[0] for row in c.execute("SELECT id FROM memories")]
            )
        keys = await self._local.keys(condition, include_expired=True)
        return [memory.id for memory in (await self._local.memories(list(keys))).values()]

    async def _newer(self, moment: datetime | None) -> list[str]:
        """The ids of the memories in the copy that are newer than *moment*."""
        if moment is None:
            return []
        return await self._known(Compare(Field.CREATED, Op.GT, moment))

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
            await self._store.erase(memory_ids)  # a copy needs no trash

    def keys(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        include_expired: bool = False,
        limit: int | None = None,
    ) -> asyncio.Future[array[int]]:
        return self._local.keys(condition, sort=sort, include_expired=include_expired, limit=limit)

    def order(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        include_expired: bool = False,
        limit: int | None = None,
        since: int | None = None,
    ) -> asyncio.Future[RowOrder]:
        return self._local.order(
            condition, sort=sort, include_expired=include_expired, limit=limit, since=since
        )

    async def memories(self, keys: Sequence[int]) -> Mapping[int, Memory]:
        return await self._local.memories(keys)

    async def keys_of(self, memory_ids: Sequence[str]) -> Mapping[str, int]:
        return await self._local.keys_of(memory_ids)

    async def kind_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Mapping[str | None, int]:
        return await self._local.kind_counts(condition, include_expired=include_expired)

    async def entity_counts(
        self, kind: EntityKind, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Mapping[str, int]:
        return await self._local.entity_counts(kind, condition, include_expired=include_expired)

    async def carried_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Mapping[Carried, int]:
        return await self._local.carried_counts(condition, include_expired=include_expired)

    async def tallies(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Tallies:
        found = await self._local.tallies(condition, include_expired=include_expired)
        found.missing = () if self._complete else ("not all memories have been read",)
        return found

    async def entities(self) -> EntityList:
        """Those that the server names, with the parts of apps as far as memories have been read."""
        return self._joined_with(await self._local.entities())

    def _joined_with(self, copied: EntityList) -> EntityList:
        if self._entities is None:
            return copied
        made_of = (self._entities, copied, self._complete)
        if self._joined is None or any(
            a is not b for a, b in zip(self._joined[0], made_of, strict=True)
        ):
            known = copied.parts if self._complete else [(*p[:3], None) for p in copied.parts]
            self._joined = made_of, self._entities.with_parts(known)
        return self._joined[1]

    async def overview(
        self,
        condition: Filter = EVERYTHING,
        *,
        include_expired: bool = False,
        all_runs: bool = True,  # noqa: ARG002 - a server names all entities at once
    ) -> Overview:
        there = await self._local.overview(condition, include_expired=include_expired)
        return Overview(
            there.kinds,
            self._joined_with(there.entities),
            there.total if self._complete else self._announced,
            there.revision,
        )

    async def total(self) -> int | None:
        return await self._local.total() if self._complete else self._announced

    @property
    def partial(self) -> bool:
        return not self._complete

    @property
    def lag(self) -> int:
        """By the second look where the server tells what was edited since; else once all older
        pages have had their turn."""
        if self._seen is None or self._seen.marks or not isinstance(self._backend, Paged):
            return 1
        told = self._tells_edits and self._crowded is None
        if told or self._seen.total is None:
            return 2
        return max(1, 2 * (-(-self._seen.total // self._backend.capabilities.page_size) - 1))

    async def revision(self) -> int:
        return await self._local.revision()

    async def changed_since(self, revision: int) -> Collection[str] | None:
        return await self._local.changed_since(revision)

    async def aclose(self) -> None:
        self._store.close()
        self._folder.cleanup()
