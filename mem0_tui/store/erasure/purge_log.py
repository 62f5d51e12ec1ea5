"""Purges in the journal: begun before anything is erased, finished when nothing is left."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import chain

from mem0_tui.model.errors import NotFoundError
from mem0_tui.model.secret.removal import Removal, Said
from mem0_tui.store.erasure import journalled, log
from mem0_tui.store.erasure.gone import Gone
from mem0_tui.store.erasure.log import Purge, PurgeState
from mem0_tui.store.erasure.redaction import items
from mem0_tui.store.erasure.search import Held, held_in
from mem0_tui.store.erasure.sweep import sweep
from mem0_tui.store.erasure.traces import Traces
from mem0_tui.store.journal import baselines, verdicts
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.journal.rows import JournalTarget, of_target


class PurgeLog:
    """What a journal knows of the purges of one *target*, and the erasing of its own items."""

    def __init__(self, journal: Journal, target: JournalTarget) -> None:
        self._journal = journal
        self._database = journal.database
        self._target = target
        self._where, self._values = of_target(target)
        self._here = "t.backend = ? AND true_name(t.backend, t.target) = ?"

    async def begin(self, purge_id: str, at: datetime, hashes: Mapping[str, str | None]) -> None:
        """Write the intent to purge these ids, with the content hashes that were seen; from here
        on this process is at work on it."""
        self._journal.claim(purge_id)
        try:
            await self._database.awrite(lambda c: log.begin(c, purge_id, at, self._target, hashes))
        except BaseException:
            self._journal.abandon(purge_id)
            raise

    async def mark(self, purge_id: str, ids: Iterable[str], state: PurgeState) -> None:
        """Write where these memories stand."""
        ids = tuple(ids)
        await self._database.awrite(lambda c: log.mark(c, purge_id, ids, state))

    async def finish(self, purge_id: str, at: datetime) -> None:
        """Close it and let go of it."""

        def work(connection: sqlite3.Connection) -> None:
            log.finish(connection, purge_id, at)
            baselines.forget(connection, purge_id)

        await self._database.awrite(work)
        self._journal.abandon(purge_id)

    async def purges(self, limit: int | None = None) -> tuple[Purge, ...]:
        """The purges, newest first."""
        return await self._database.aread(
            lambda c: log.purges(c, self._here, self._target.place, limit)
        )

    async def interrupted(self) -> tuple[Purge, ...]:
        """Those that were begun and not finished, and that no living process is at work on."""
        where = f"{self._here} AND t.finished_at IS NULL"

        async def unfinished() -> tuple[Purge, ...]:
            return await self._database.aread(lambda c: log.purges(c, where, self._target.place))

        left = {each.id for each in await unfinished() if not self._journal.running(each.id)}
        # Nobody is at work any more on one that was finished after it had been read, either.
        return tuple(each for each in await unfinished() if each.id in left) if left else ()

    async def take_on(self, purge_id: str) -> Purge:
        """Claim an interrupted purge.

        Raises:
            RefusedError: a living process is at work on it.
            NotFoundError: there is none of that id, or it is finished.
        """
        self._journal.claim(purge_id)
        where = f"{self._here} AND t.finished_at IS NULL AND t.id = ?"
        found = await self._database.aread(
            lambda c: log.purges(c, where, (*self._target.place, purge_id))
        )
        if not found:
            self._journal.abandon(purge_id)
            raise NotFoundError(f"no purge {purge_id} was interrupted")
        return found[0]

    async def same_memories(self, ids: Collection[str]) -> frozenset[str]:
        """*ids* with all ids that these memories had before or after they were put back, or moved
        by a copy."""
        return frozenset(chain.from_iterable((await self.ids_of(ids)).values()))

    async def ids_of(self, ids: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Per memory all ids that it has had: other ones before or after it was put back, or moved
        by a copy."""
        new_ids = await self._journal.new_ids(self._target)
        copied = await self._database.aread(self._copies)
        known = [*new_ids.items(), *copied]
        pairs = [*known, *((new, old) for old, new in known)]
        following: dict[str, set[str]] = {}
        for one, other in pairs:
            following.setdefault(one, set()).add(other)
        return {id_: _reached(id_, following) for id_ in ids}

    def _copies(self, connection: sqlite3.Connection) -> list[tuple[str, str]]:
        """Old id and new id of every memory that was moved by a copy."""
        return connection.execute(
            "SELECT i.memory_id, i.added_id FROM items i"
            f" JOIN transactions t ON t.id = i.transaction_id WHERE {self._where}"
            " AND i.kind = 'move' AND i.memory_id <> i.added_id",
            self._values,
        ).fetchall()

    async def texts_of(self, ids: Collection[str]) -> dict[str, set[str]]:
        """Per memory that the journal knows, every text that it is known to have had."""
        return await self._database.aread(
            lambda c: journalled.texts_of(c, ids, self._where, self._values)
        )

    async def snapshots(self) -> tuple[str, ...]:
        """The paths of the snapshots that the journal names."""
        return await self._database.aread(
            lambda c: tuple(journalled.snapshots(c, self._where, self._values))
        )

    async def forget_bystanders(self, purge_id: str) -> None:
        """Erase what was written down of the memories beside those that it removes."""
        await self._database.awrite(lambda c: baselines.forget(c, purge_id))

    async def erase(self, ids: Collection[str], traces: Traces, gone: Gone) -> None:
        """Take what these memories said out of the journal."""

        def work(connection: sqlite3.Connection) -> None:
            journalled.erase(connection, ids, traces, gone, self._where, self._values)
            baselines.erase(connection, ids, self._where, self._values)
            baselines.erase(connection, ids, self._here, self._target.place, table="purges")
            verdicts.erase(connection, ids, self._target.place)
            verdicts.write_kept(connection, self._journal.path)

        await self._database.awrite(work)

    async def said(self, ids: frozenset[str]) -> Said:
        """Every text that these memories are known to have had."""
        return await self._database.aread(lambda c: items.said(c, ids, self._where, self._values))

    async def take_out(self, ids: Collection[str], removal: Removal) -> None:
        """Take *removal* out of what the journal holds of these memories, in one transaction."""
        await self._database.awrite(
            lambda c: items.take_out(c, ids, removal, self._where, self._values)
        )

    async def held(self, pieces: Collection[bytes]) -> tuple[Held, ...]:
        """The rows of the journal that hold one of *pieces*."""
        return await self._database.aread(lambda c: held_in(c, pieces))

    async def sweep(self, patience: float = 10.0) -> bool:
        """Write the journal's file anew; False if another process reads an older state of it."""
        return await asyncio.wrap_future(self._database.maintain(lambda c: sweep(c, patience)))


def _reached(start: str, following: Mapping[str, set[str]]) -> frozenset[str]:
    found, todo = {start}, [start]
    while todo:
        fresh = following.get(todo.pop(), set()) - found
        found |= fresh
        todo += fresh
    return frozenset(found)
