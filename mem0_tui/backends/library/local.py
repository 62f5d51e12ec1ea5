"""The library of the embedded store: its own rows, counted anew only where something changed."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from mem0_tui.backends.library.entities import EntityList
from mem0_tui.backends.library.library import Overview, RowOrder
from mem0_tui.model.entity import EntityKind
from mem0_tui.model.filter import EVERYTHING, Filter
from mem0_tui.model.memory import Memory
from mem0_tui.model.page import Sort
from mem0_tui.model.tally import Tallies
from mem0_tui.store import entities, facets, history, memories, tallies
from mem0_tui.store.facets import Carried
from mem0_tui.store.memories import Selection
from mem0_tui.store.query import row_ids as positions
from mem0_tui.store.query.conditions import SqlCondition
from mem0_tui.store.store import MemoryStore

if TYPE_CHECKING:
    from sqlite3 import Connection

S = TypeVar("S")
T = TypeVar("T")

_Counted: TypeAlias = tuple[int, Mapping[str | None, int]]
"""Counts, and the revision that they are of."""
_Listed: TypeAlias = tuple[entities.State, EntityList]
"""Entities, and the state that they are of."""
_COUNTS = 8
"""For how many conditions counts are remembered."""
_MANY_CHANGES = 2000
"""Changes above which everything is read again."""
_FEW = 100
"""Memories that are read where they are wanted. SQLite lets go of Python's lock with each row, and
a reader thread that wants it back from a busy loop waits for longer than reading takes."""


class LocalLibrary:
    """The library of the embedded store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._entities: _Listed | None = None
        self._counts: dict[SqlCondition, _Counted] = {}

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

    def order(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        include_expired: bool = False,
        limit: int | None = None,
        since: int | None = None,
    ) -> asyncio.Future[RowOrder]:
        selection = self._store.selection(condition, include_expired=include_expired)

        def read(connection: Connection) -> RowOrder:
            # In this order: what is written meanwhile is read again, and not missed.
            revision, changed = history.last_seq(connection), _changed(connection, since)
            keys = positions.keys(connection, selection, sort=sort, limit=limit)
            return RowOrder(keys, revision, changed)

        return asyncio.wrap_future(self._store.database.read(read))

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
        known = self._counts.get(selection.where)
        counted = await self._store.database.aread(
            lambda c: _kinds(c, selection, known, lambda: tallies.serve(c))
        )
        self._remember(selection, counted)
        return counted[1]

    def _remember(self, selection: Selection, counted: _Counted) -> None:
        self._counts.pop(selection.where, None)
        self._counts[selection.where] = counted
        if len(self._counts) > _COUNTS:
            del self._counts[next(iter(self._counts))]

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

    async def tallies(
        self, condition: Filter = EVERYTHING, *, include_expired: bool = False
    ) -> Tallies:
        return await tallies.asked(self._store, condition, include_expired=include_expired)

    async def entities(self) -> EntityList:
        known = self._entities
        self._entities = await self._store.database.aread(
            lambda c: _entities(c, known, lambda: tallies.serve(c))
        )
        return self._entities[1]

    async def overview(
        self,
        condition: Filter = EVERYTHING,
        *,
        include_expired: bool = False,
        all_runs: bool = True,
    ) -> Overview:
        store = self._store
        selection = store.selection(condition, include_expired=include_expired)
        everything = store.selection(EVERYTHING, include_expired=True)
        counted, listed = self._counts.get(selection.where), self._entities

        def read(connection: Connection) -> tuple[_Counted, _Listed, int, int]:
            kept = cache(lambda: tallies.serve(connection))
            return (
                _kinds(connection, selection, counted, kept),
                _entities(connection, listed, kept, all_runs=all_runs),
                store.counted(connection, everything),
                tallies.uncounted(connection),
            )

        kinds, found, total, added = await store.database.aread(read)
        if added >= tallies.MANY and not store.database.frozen:
            store.database.write(tallies.count_in)  # for the next time; nobody waits for it
        self._remember(selection, kinds)
        self._entities = found
        return Overview(kinds[1], found[1], total, kinds[0])

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
        return await self._store.database.aread(lambda c: _changed(c, revision))

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


def _changed(connection: Connection, since: int | None) -> Collection[str] | None:
    return None if since is None else history.changed_since(connection, since, _MANY_CHANGES)


def _kinds(
    connection: Connection, selection: Selection, known: _Counted | None, kept: Callable[[], bool]
) -> _Counted:
    """Counts; *kept* says whether those that are kept serve."""

    def count() -> Mapping[str | None, int]:
        if selection.unconditional and kept():
            return tallies.kinds(connection, selection)
        return memories.kind_counts(connection, selection)

    return _unless_known(known, history.last_seq(connection), count)


def _entities(
    connection: Connection,
    known: _Listed | None,
    kept: Callable[[], bool],
    *,
    all_runs: bool = True,
) -> _Listed:
    if known is not None and known[1].lacks_runs and all_runs:
        known = None

    def read() -> EntityList:
        lacking = not all_runs and entities.has_many_runs(connection)
        kinds = [kind for kind in EntityKind if kind is not EntityKind.RUN or not lacking]
        found = entities.rows(connection, kinds, kept=kept())
        parts = entities.parts(connection, kept=kept())
        return EntityList(found, parts, lacks_runs=lacking)

    return _unless_known(known, entities.state(connection), read)


def _unless_known(known: tuple[S, T] | None, state: S, read: Callable[[], T]) -> tuple[S, T]:
    """What is *known* if it is of the same *state*, else what *read* finds now."""
    return known if known is not None and known[0] == state else (state, read())
