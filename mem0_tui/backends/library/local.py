"""Random access to a long listing, for screens: the order of all rows first, memories as seen."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol, TypeVar

from mem0_tui.backends.library.entities import EntityList
from mem0_tui.model.entity import EntityKind
from mem0_tui.model.filter import EVERYTHING, Filter
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Sort
from mem0_tui.store import entities, facets, history, memories
from mem0_tui.store.facets import Carried
from mem0_tui.store.query import row_ids as positions
from mem0_tui.store.query.conditions import SqlCondition
from mem0_tui.store.store import MemoryStore

S = TypeVar("S")
T = TypeVar("T")

_COUNTS = 8
"""For how many conditions counts are remembered."""
_MANY_CHANGES = 2000
"""Changes above which everything is read again."""
_FEW = 100
"""Memories that are read where they are wanted. SQLite lets go of Python's lock with each row, and
a reader thread that wants it back from a busy loop waits for longer than reading takes."""


class Library(Protocol):
    """Memories by row key, a number that stays with a memory as long as it exists."""

    def keys(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        include_expired: bool = False,
        limit: int | None = None,
    ) -> asyncio.Future[array[int]]:
        """The row keys of the memories that pass *condition*, in order; the first *limit*.

        They are read from now on, not only once they are awaited.
        """
        ...

    async def memories(self, keys: Sequence[int]) -> Mapping[int, Memory]:
        """The memories of these keys; those that are gone are missing from it."""
        ...

    async def keys_of(self, memory_ids: Sequence[str]) -> Mapping[str, int]:
        """The row keys of memories by id; those that are gone are missing from it."""
        ...

    async def kind_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Mapping[str | None, int]:
        """How many memories of each kind pass *condition*; None counts those without one."""
        ...

    async def entity_counts(
        self, kind: EntityKind, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Mapping[str, int]:
        """How many memories of each entity of *kind* pass *condition*, of those that have any."""
        ...

    async def carried_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Mapping[Carried, int]:
        """How many memories that pass *condition* carry each category, folder and the like."""
        ...

    async def entities(self) -> EntityList:
        """All entities with their counts; the same list again as long as nothing has changed."""
        ...

    async def total(self) -> int | None:
        """How many memories there are in all, expired ones too; None where nobody knows."""
        ...

    @property
    def partial(self) -> bool:
        """Whether memories are known to be missing: still loading, or beyond a server's cap."""
        ...

    @property
    def lag(self) -> int:
        """After how many refreshes with *changes_only* any edit by somebody else is sure to be
        here; 1 is at once."""
        ...

    async def revision(self) -> int:
        """A number that changes whenever anybody, in any process, changed a memory."""
        ...

    async def changed_since(self, revision: int) -> Collection[str] | None:
        """The ids of the memories that were added, changed or removed since *revision*; None where
        those are many, or not known."""
        ...

    async def refresh(
        self,
        memory_ids: Sequence[str] | None = None,
        *,
        changes_only: bool = False,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> None:
        """Read everything again, or only *memory_ids*, where this is a copy of what is elsewhere.

        With *changes_only*, everything is read only where a page does not show what has changed.
        *progress* is told how many have been read, and of how many where that is known.
        """
        ...

    async def aclose(self) -> None:
        """Let go of files that are this library's own."""
        ...


class LocalLibrary:
    """The library of the embedded store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._entities: tuple[entities.State, EntityList] | None = None
        self._counts: dict[SqlCondition, tuple[int, Mapping[str | None, int]]] = {}

    def keys(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        include_expired: bool = False,
        limit: int | None = None,
    ) -> asyncio.Future[array[int]]:
        selection = self._store.selection(condition, include_expired=include_expired)
        read = self._store.database.read(
            lambda c: positions.keys(c, selection, sort=sort, limit=limit)
        )
        return asyncio.wrap_future(read)

    async def memories(self, keys: Sequence[int]) -> Mapping[int, Memory]:
        return await self._store.database.aread(
            lambda c: positions.by_keys(c, keys), short=len(keys) <= _FEW
        )

    async def keys_of(self, memory_ids: Sequence[str]) -> Mapping[str, int]:
        return await self._store.database.aread(lambda c: positions.keys_of(c, memory_ids))

    async def kind_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Mapping[str | None, int]:
        """Counted anew only when something has changed: each letter of a query asks for them."""
        selection = self._store.selection(condition, include_expired=include_expired)
        known = self._counts.pop(selection.where, None)
        counted = await self._store.database.aread(
            lambda c: _unless_known(
                known, history.last_seq(c), lambda: memories.kind_counts(c, selection)
            )
        )
        self._counts[selection.where] = counted
        if len(self._counts) > _COUNTS:
            del self._counts[next(iter(self._counts))]
        return counted[1]

    async def entity_counts(
        self, kind: EntityKind, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Mapping[str, int]:
        selection = self._store.selection(condition, include_expired=include_expired)
        return await self._store.database.aread(
            lambda c: memories.entity_counts(c, kind, selection)
        )

    async def carried_counts(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Mapping[Carried, int]:
        selection = self._store.selection(condition, include_expired=include_expired)
        return await self._store.database.aread(lambda c: facets.carried(c, selection))

    async def entities(self) -> EntityList:
        known = self._entities
        self._entities = await self._store.database.aread(
            lambda c: _unless_known(
                known, entities.state(c), lambda: EntityList(entities.rows(c), entities.parts(c))
            )
        )
        return self._entities[1]

    async def total(self) -> int | None:
        return await self._store.count(include_expired=True)

    @property
    def partial(self) -> bool:
        return False

    @property
    def lag(self) -> int:
        return 1

    async def revision(self) -> int:
        return await self._store.database.aread(history.last_seq)

    async def changed_since(self, revision: int) -> Collection[str] | None:
        return await self._store.database.aread(
            lambda c: history.changed_since(c, revision, _MANY_CHANGES)
        )

    async def refresh(
        self,
        memory_ids: Sequence[str] | None = None,
        *,
        changes_only: bool = False,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> None:
        """Nothing to do, and no *progress* to tell of: this is no copy."""

    async def aclose(self) -> None:
        """Nothing to do: the store is its backend's."""


def _unless_known(known: tuple[S, T] | None, state: S, read: Callable[[], T]) -> tuple[S, T]:
    """What is *known* if it is of the same *state*, else what *read* finds now."""
    return known if known is not None and known[0] == state else (state, read())
