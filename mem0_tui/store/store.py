"""The embedded store as one object: its file, its clock, and who is writing.

Reads and writes are awaited; the ``…_now`` methods read in the calling thread, for few rows.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from mem0_tui.model.change import Edit
from mem0_tui.model.clock import Clock, SystemClock, today
from mem0_tui.model.entity import EntityRef, Scope
from mem0_tui.model.errors import Mem0TuiError, StoreAccessError, UnsafeScopeError
from mem0_tui.model.filter import EVERYTHING, Filter, all_of, belongs_to
from mem0_tui.model.memory import Draft, JsonObject, Memory
from mem0_tui.model.page import Page, Sort
from mem0_tui.model.retention import KEPT
from mem0_tui.store import changes, entities, history, integrity, memories, trash
from mem0_tui.store.history import Author, Recorded
from mem0_tui.store.memories import Selection
from mem0_tui.store.query.conditions import SqlCondition, equip
from mem0_tui.store.query.filters import where
from mem0_tui.store.rows import drafted, memory_of, row_of, to_json
from mem0_tui.store.schema import MIGRATIONS
from mem0_tui.store.sqlite.database import Database
from mem0_tui.store.sqlite.timestamps import to_micros
from mem0_tui.store.trash import DeletedRow
from mem0_tui.store.upkeep import Upkeep

if TYPE_CHECKING:
    from mem0_tui.model.secret.removal import Removal, Said
    from mem0_tui.store.erasure.search import Held
    from mem0_tui.store.erasure.traces import Traces

T = TypeVar("T")

_COUNTS_KEPT = 32
_FEW = 200
"""Memories that are read where they are asked for, if nothing makes that slow."""


class MemoryStore:
    """Memories in one SQLite file; made by :func:`open_store`."""

    def __init__(self, database: Database, clock: Clock, actor: str | None) -> None:
        self.database = database
        self.clock = clock
        self.actor = actor
        """Who is recorded as the author of changes."""
        self._counts: dict[tuple[SqlCondition, int], int] = {}
        self._lock = Lock()
        self._upkeep = Upkeep(database)
        self.patience = 10.0
        """Seconds that a :meth:`sweep` waits for other processes."""

    def selection(self, condition: Filter, *, include_expired: bool = False) -> Selection:
        """*condition*, without what has expired by now unless it is asked for."""
        return Selection(condition, None if include_expired else today(self.clock))

    def author(
        self, actor: str | None = None, input_: Sequence[JsonObject] | None = None
    ) -> Author:
        """Who changes something now: *actor* or the store's own, because of these messages."""
        self.look_after()
        return Author(
            to_micros(self.clock.now()),
            self.actor if actor is None else actor,
            to_json(list(input_)) if input_ else None,
        )

    async def page(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        cursor: str | None = None,
        limit: int = 100,
        include_expired: bool = False,
    ) -> Page[Memory]:
        """One page of *limit* memories at most, with the exact total; InvalidRequestError for a
        cursor that is none."""
        selection = self.selection(condition, include_expired=include_expired)

        def work(connection: sqlite3.Connection) -> Page[Memory]:
            found = memories.page(connection, selection, sort=sort, cursor=cursor, limit=limit)
            return Page(found.items, self.counted(connection, selection), found.next)

        return await self.database.aread(work, short=limit <= _FEW)

    async def window(
        self,
        condition: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        offset: int = 0,
        limit: int = 100,
        include_expired: bool = False,
    ) -> tuple[Memory, ...]:
        """The *limit* memories from *offset* on."""
        selection = self.selection(condition, include_expired=include_expired)
        return await self.database.aread(
            lambda c: memories.window(c, selection, sort=sort, offset=offset, limit=limit),
            short=0 <= limit <= _FEW,
        )

    async def count(self, condition: Filter = EVERYTHING, *, include_expired: bool = False) -> int:
        """How many memories pass *condition*."""
        selection = self.selection(condition, include_expired=include_expired)
        return await self.database.aread(lambda c: self.counted(c, selection))

    def counted(self, connection: sqlite3.Connection, selection: Selection) -> int:
        """How many memories are selected, remembered until the next change to any memory."""
        key = (selection.where, history.last_seq(connection))
        with self._lock:
            found = self._counts.get(key)
        if found is None:
            found = memories.count(connection, selection)
            with self._lock:
                while len(self._counts) >= _COUNTS_KEPT:
                    del self._counts[next(iter(self._counts))]
                self._counts[key] = found
        return found

    async def add_many(
        self,
        drafts: Sequence[Draft],
        *,
        actor: str | None = None,
        input_: Sequence[JsonObject] | None = None,
    ) -> tuple[Memory, ...]:
        """Add *drafts*, all or none, and return the memories as stored."""
        new = [drafted(draft, str(uuid4()), self.clock) for draft in drafts]
        rows = [row_of(memory, self.clock) for memory in new]
        author = self.author(actor, input_)
        await self.database.awrite(lambda c: changes.add(c, rows, author))
        return tuple(map(memory_of, rows))

    async def update(
        self,
        memory_id: str,
        edit: Edit,
        *,
        seen: str | None = None,
        actor: str | None = None,
        created_at: datetime | None = None,
    ) -> Memory:
        """Change one memory; *seen* is the content hash that the change is based on, *created_at*
        another date of its creation.

        Raises:
            NotFoundError: it is gone.
            StaleError: it is no longer what was *seen*.
            InvalidRequestError: it is immutable.
        """
        ((_, answer),) = await self.update_many(
            {memory_id: edit},
            seen={memory_id: seen} if seen else None,
            actor=actor,
            created_at=created_at,
        )
        if isinstance(answer, Mem0TuiError):
            raise answer
        return answer

    async def update_many(
        self,
        edits: Mapping[str, Edit],
        *,
        seen: Mapping[str, str] | None = None,
        actor: str | None = None,
        created_at: datetime | None = None,
    ) -> tuple[tuple[str, Memory | Mem0TuiError], ...]:
        """Change several memories in one transaction: per id what it is now, or why not; *seen* are
        the content hashes that this is based on, *created_at* is another date of their creation."""
        author = self.author(actor)
        backdated = None if created_at is None else to_micros(created_at)

        def one(connection: sqlite3.Connection, id_: str, edit: Edit) -> Memory | Mem0TuiError:
            try:
                row = changes.update(
                    connection,
                    id_,
                    edit,
                    author,
                    self.clock,
                    seen=seen.get(id_) if seen else None,
                    created_at=backdated,
                )
            except Mem0TuiError as error:
                return error
            return memory_of(row)

        return await self.database.awrite(
            lambda c: tuple((id_, one(c, id_, edit)) for id_, edit in edits.items())
        )

    async def delete(
        self,
        memory_ids: Sequence[str],
        *,
        seen: Mapping[str, str] | None = None,
        actor: str | None = None,
    ) -> dict[str, Mem0TuiError | None]:
        """Delete these memories in one transaction: per id None, NotFoundError or StaleError."""
        author = self.author(actor)
        return await self.database.awrite(
            lambda c: changes.delete(c, memory_ids, author, seen=seen)
        )

    async def delete_where(
        self,
        condition: Filter | Scope,
        *,
        actor: str | None = None,
        entity: EntityRef | None = None,
    ) -> int:
        """Delete every memory that passes *condition*, also expired ones, and say how many.

        Args:
            condition: a filter, or a scope, which means all of its entities at once.
            actor: who does it, if not the store's own actor.
            entity: removed in the same transaction.

        Raises:
            UnsafeScopeError: the scope is empty.
        """
        if isinstance(condition, Scope):
            if not condition:
                raise UnsafeScopeError("a scope without an entity is everything")
            condition = all_of(map(belongs_to, condition))
        chosen, author = where(condition), self.author(actor)

        def work(connection: sqlite3.Connection) -> int:
            gone = changes.delete_where(connection, chosen, author)
            if entity is not None:
                entities.forget(connection, entity)
            return gone

        return await self.database.awrite(work)

    async def restore(
        self, restored: Sequence[Memory], *, actor: str | None = None
    ) -> tuple[Memory, ...]:
        """Put memories back, all or none; StaleError if an id is in use for another content."""
        author = self.author(actor)
        rows = await self.database.awrite(
            lambda c: changes.restore(c, restored, author, self.clock)
        )
        return tuple(map(memory_of, rows))

    async def restore_deleted(
        self, memory_ids: Sequence[str], *, actor: str | None = None
    ) -> tuple[Memory, ...]:
        """Put memories back from the trash, all or none; NotFoundError if one is not there."""
        author = self.author(actor)
        rows = await self.database.awrite(
            lambda c: trash.restore(c, memory_ids, author, self.clock)
        )
        return tuple(map(memory_of, rows))

    async def erase(
        self,
        memory_ids: Sequence[str],
        *,
        seen: Mapping[str, str | None] | None = None,
        texts: Mapping[str, Collection[str]] | None = None,
    ) -> dict[str, Mem0TuiError | None]:
        """Take these memories, deleted or not, out of every table, in one transaction; there is no
        way back. :meth:`sweep` then rewrites the file.

        Args:
            memory_ids: which.
            seen: content hashes; one that has changed since is left, with a StaleError.
            texts: by id, what they said elsewhere, to be taken out as well.

        Returns:
            Per id None or why not.
        """
        from mem0_tui.store.erasure.memories import erase_memories

        return await self.database.awrite(
            lambda c: erase_memories(c, memory_ids, seen or {}, texts or {})
        )

    async def texts_of(self, memory_ids: Sequence[str]) -> dict[str, set[str]]:
        """Per memory, deleted or not, every text that it is known to have had."""
        from mem0_tui.store.erasure.places import texts_of

        return await self.database.aread(lambda c: texts_of(c, memory_ids))

    async def traces_of(self, memory_ids: Sequence[str], texts: Collection[str]) -> Traces:
        """What to look for where these memories are to be gone, who had these *texts*."""
        from mem0_tui.store.erasure.places import staying_traces

        ids = frozenset(memory_ids)
        return await self.database.aread(lambda c: staying_traces(c, texts, ids))

    async def said(self, memory_ids: Sequence[str]) -> Said:
        """Every text that these memories are known to have had."""
        from mem0_tui.store.erasure.redaction import tables

        return await self.database.aread(lambda c: tables.said(c, memory_ids))

    async def take_out(self, memory_ids: Sequence[str], removal: Removal) -> None:
        """Take *removal* out of all that is kept of these memories beside themselves, in one
        transaction; there is no way back. :meth:`sweep` then rewrites the file."""
        from mem0_tui.store.erasure.redaction import tables

        await self.database.awrite(lambda c: tables.take_out(c, memory_ids, removal))

    async def sweep(self) -> bool:
        """Write the file anew, without anything that was deleted; False if another process has
        been reading an older state of it all the time, which is then still there."""
        from mem0_tui.store.erasure.sweep import sweep

        return await asyncio.wrap_future(self.database.maintain(lambda c: sweep(c, self.patience)))

    async def held(self, pieces: Collection[bytes]) -> tuple[Held, ...]:
        """The rows, of whatever table, that hold one of *pieces*."""
        from mem0_tui.store.erasure.search import held_in

        return await self.database.aread(lambda c: held_in(c, pieces))

    def look_after(self) -> None:
        """Begin to forget what was deleted for long enough; at most once an hour."""
        self._upkeep.look(self.clock.now())

    async def trash(self, *, offset: int = 0, limit: int | None = None) -> tuple[DeletedRow, ...]:
        """What was deleted in the last thirty days, the latest first."""
        since = to_micros(self.clock.now() - KEPT)
        return await self.database.aread(
            lambda c: trash.listed(c, since, offset=offset, limit=limit)
        )

    async def changes_since(self, seq: int, *, limit: int = 1000) -> tuple[Recorded, ...]:
        """The changes after *seq* (0 for all), oldest first."""
        return await self.database.aread(lambda c: history.since(c, seq, limit))

    def get_now(self, memory_id: str) -> Memory:
        """One memory, also an expired one; NotFoundError if there is none of that id."""
        return self.database.read_now(lambda c: memories.get(c, memory_id), statements=1)

    def history_now(self, memory_id: str) -> tuple[Recorded, ...]:
        """The changes of one memory, oldest first."""
        return self.database.read_now(lambda c: history.of_memory(c, memory_id))

    async def damaged_texts(self, chosen: Filter | Sequence[str]) -> tuple[str, ...]:
        """The ids of those memories, also expired ones, whose text is not what was stored."""
        condition = where(chosen) if isinstance(chosen, Filter) else memories.among(chosen)
        return await self.database.aread(lambda c: integrity.damaged_texts(c, condition))

    async def background(self, memory_id: str) -> tuple[tuple[Recorded, ...], bool]:
        """The changes of one memory, oldest first, and whether its text is not what was stored."""
        only = memories.among([memory_id])
        return await self.database.aread(
            lambda c: (history.of_memory(c, memory_id), bool(integrity.damaged_texts(c, only))),
            short=True,
        )

    async def damage(self) -> tuple[integrity.Damage, ...]:
        """All that is not as it was stored; reads everything. Indexes are compared with the texts
        only where the file can be written."""
        found = await self.database.aread(lambda c: tuple(integrity.damage(c)))
        if self.database.frozen:
            return found
        try:
            return found + await self.database.awrite(integrity.index_damage)
        except StoreAccessError:  # the file is read-only
            return found

    def close(self) -> None:
        """Finish what was begun and close the file."""
        self.database.close()


def open_store(
    path: Path | str,
    clock: Clock | None = None,
    actor: str | None = None,
    *,
    durable: bool = True,
) -> MemoryStore:
    """Open the store at *path*, made if it is missing; what has been deleted for long is erased
    in the background.

    Raises:
        StoreError: it is newer, damaged, out of reach, or there is no room; nothing was changed.
    """
    clock = clock or SystemClock()
    database = Database(path, MIGRATIONS, durable=durable, equip=equip)
    store = MemoryStore(database, clock, actor)
    store.look_after()
    return store
