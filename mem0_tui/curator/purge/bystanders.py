"""Memories that a purge was not to remove from a server: looked at before and after, as for every
delete. What is gone all the same is written into the journal, so that the trash keeps it and an
undo puts it back; what was purged stays gone.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mem0_tui.backends.base import Backend
from mem0_tui.curator.applying import bystanders as deletes
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Delete
from mem0_tui.model.clock import Clock
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import Mem0TuiError, ServerError
from mem0_tui.model.filter import matches
from mem0_tui.model.memory import Memory
from mem0_tui.store.erasure.log import Purge
from mem0_tui.store.journal import baselines
from mem0_tui.store.journal.baselines import Baseline
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.journal.rows import ItemState, JournalItem, JournalTarget, Transaction


@dataclass(frozen=True, slots=True)
class TakenAlong:
    """What is gone beside what was purged."""

    memory_ids: tuple[str, ...]
    """Blank where only their number is known."""
    transaction_id: str | None
    """What ``undo`` takes to put them back; None where nothing is known of them."""
    error: ServerError
    """What happened, in words."""


class Bystanders:
    """The memories beside those that one purge removes from a server."""

    def __init__(
        self, backend: Backend, journal: Journal, target: JournalTarget, clock: Clock, purge: Purge
    ) -> None:
        self._backend = backend
        self._journal = journal
        self._target = target
        self._clock = clock
        self._purge = purge

    async def look(self, doomed: Sequence[Memory]) -> tuple[Baseline, ...]:
        """What is there beside *doomed*, written down; what was written down, where a crash cut
        the purge off. Nothing for a store of ours, and where the server cannot be read.

        Raises:
            StoreError: the journal cannot be written.
        """
        if Capability.KEEP_ID in self._backend.capabilities:
            return ()
        database = self._journal.database
        if seen := await baselines.kept(database, self._purge.id):
            return await self._without_later(seen)
        if not doomed:
            return ()
        try:
            found = await deletes.look_at(self._backend, doomed)
        except Mem0TuiError:  # what is to be deleted cannot be read either, and that is told
            return ()
        seen = tuple(each.without(self._purge.hashes) for each in found)
        await baselines.keep(database, self._purge.id, seen)
        return seen

    async def miss(self, seen: Sequence[Baseline], deleted: Sequence[Memory]) -> TakenAlong | None:
        """Look at what was *seen* again, after *deleted* are gone (no others of the purge that were
        there): what is missing, which is written into the journal; None if nothing is.

        Raises:
            StoreError: the journal cannot be written.
        """
        if not seen:
            return None
        try:
            now, gone = await deletes.gone_of(self._backend, seen, self._purge.hashes)
        except Mem0TuiError:  # the deletes themselves have been read back
            return None
        if gone:
            error = deletes.taken(gone)
            return TakenAlong(tuple(m.id for m in gone), await self._write_down(gone, error), error)
        for before, after in zip(seen, now, strict=True):
            less = sum(matches(deletes.within(before.scope), memory) for memory in deleted)
            if lost := deletes.shortfall(before, after, -less):
                return TakenAlong((), None, lost)
        return None

    async def _without_later(self, seen: Sequence[Baseline]) -> tuple[Baseline, ...]:
        """What was *seen* before a crash, without what transactions changed since, and without
        totals: how many were deleted before the crash is not known."""
        later = [
            each.id
            for each in await self._journal.transactions(target=self._target)
            if each.at >= self._purge.at and each.plan_id != self._purge.id
        ]
        items = await self._journal.items(*later) if later else ()
        return tuple(replace(each, total=None) for each in deletes.without_changed(seen, items))

    async def _write_down(self, gone: Sequence[Memory], error: ServerError) -> str:
        """Write *gone* into the journal, once, as taken along by the purge; the transaction."""
        transaction = await self._journal.of_plan(self._purge.id)
        if transaction is None:
            transaction = Transaction(
                id=secrets.token_hex(4),
                at=self._clock.now(),
                target=self._target,
                summary=f"purge {self._purge.id} took along {plural(len(gone), 'memory')}",
                plan_id=self._purge.id,
            )
            item = JournalItem(
                transaction.id,
                0,
                Delete(list(self._purge.hashes)[-1]),
                tuple(gone),
                ItemState.UNKNOWN,
                removed=tuple(memory.id for memory in gone),
                error_kind=type(error).__name__,
                error=error.message,
            )
            await self._journal.begin(transaction, [item])
        await self._journal.finish(transaction.id)
        return transaction.id
